import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Run } from './run.ts';
import { ROOT, ballast, eachOf } from './run.ts';
import { kept } from '../policies/kept.ts';

const FOLDER = join(ROOT, 'examples', 'wrong');
const MESSAGES = join(FOLDER, 'MESSAGES.md');

/** The rules that each file breaks. One mistake a file, but for the last. */
const PROMISED: Readonly<Record<string, readonly string[]>> = {
  'alerting-without-monitoring': ['alerting-needs-monitoring'],
  'api-version-old': ['schema-kind'],
  'backup-without-destination': ['backup-destination-required'],
  'destination-other-scheme': ['backup-destination-form'],
  'destination-traversal': ['backup-destination-no-traversal'],
  'destination-with-credentials': ['backup-destination-no-credentials'],
  'duplicate-key': ['yaml-duplicate-key'],
  'engine-unknown': ['schema-enum'],
  'field-at-wrong-level': ['schema-unknown-field'],
  'kind-misspelt': ['schema-kind'],
  'memory-in-thousandths': ['resources-memory-least'],
  'misspelt-field': ['schema-unknown-field'],
  'name-with-capitals': ['name-valid'],
  'namespace-leads-out': ['namespace-valid'],
  'parameter-breaks-out': ['parameters-value'],
  'parameter-misspelt': ['parameters-known'],
  'parameter-octal': ['yaml-octal-number'],
  'parameter-owned': ['parameters-owned'],
  'parameter-removed': ['parameters-known'],
  'parameter-stops-server': ['parameters-startable'],
  'parameter-time-zone': ['parameters-accepted'],
  'parameter-twice': ['parameters-twice'],
  'parameter-unit': ['parameters-accepted'],
  'quote-not-closed': ['yaml-syntax'],
  'reference-misspelt': ['reference-exists'],
  'replicas-12': ['replicas-range'],
  'replicas-4': ['replicas-odd'],
  'replicas-quoted': ['schema-type'],
  'requests-above-limits': ['resources-requests-within-limits'],
  'restore-unconfirmed': ['restore-confirmed'],
  'retention-nothing': ['retention-form'],
  'schedule-each-minute': ['schedule-frequency'],
  'schedule-never-fires': ['schedule-can-fire'],
  'schedule-six-fields': ['schedule-valid'],
  'shared-buffers-too-large': ['memory-covers-shared-buffers'],
  'storage-500m': ['storage-range'],
  'storage-missing': ['schema-required'],
  'synchronous-alone': ['synchronous-needs-standby'],
  'synchronous-undone': ['synchronous-commit-waits'],
  'synchronous-unquoted-off': ['schema-enum'],
  tabs: ['yaml-syntax'],
  'target-time-without-zone': ['bootstrap-target-time'],
  'time-zone-abbreviated': ['time-zone-known'],
  'two-databases-one-name': ['name-unique'],
  'two-databases-one-path': ['backup-path-unique'],
  'two-objects-one-file': ['output-path-unique'],
  'unit-20GB': ['storage-quantity'],
  'user-reserved-name': ['user-name'],
  'version-end-of-life': ['version-end-of-life'],
  'version-unknown': ['version-supported'],
  'version-unquoted-16.10': ['schema-type'],
  'many-problems': [
    'schema-type',
    'replicas-range',
    'storage-quantity',
    'schema-unknown-field',
    'parameters-owned',
    'schema-type',
    'schedule-can-fire',
    'time-zone-known',
    'backup-destination-no-traversal',
    'retention-form',
  ],
};

/** Rules that warn; the others refuse. */
const WARNINGS = new Set(['reference-exists', 'replicas-odd', 'schedule-frequency', 'version-end-of-life']);

const LINE = /^([^:\n]+):(\d+):(\d+): (error|warning): (.+); (.+) \(([a-z-]+)\)$/;

const INTRODUCTION = `# What Ballast says

What \`ballast validate FILE\` prints for each file of this folder. \`UPDATE_MESSAGES=1 npx mocha test/cli/wrong-examples.test.ts\`
writes this page; the test fails when it is not what the program says.
`;

function page(runs: ReadonlyMap<string, Run>): string {
  const parts = [...runs].map(([name, { stdout }]) => `\n## ${name}.yaml\n\n\`\`\`text\n${stdout}\`\`\`\n`);
  return INTRODUCTION + parts.join('');
}

describe('The wrong examples', function () {
  // A process for each of them, on a machine that may have other things to do.
  this.timeout(300_000);
  const runs = new Map<string, Run>();

  before(async () => {
    const names = Object.keys(PROMISED);
    const found = await eachOf(names, (name) => ballast(FOLDER, ['validate', `${name}.yaml`]));
    for (const [index, run] of found.entries()) runs.set(names[index] ?? '', run);
    if (process.env['UPDATE_MESSAGES']) writeFileSync(MESSAGES, page(runs));
  });

  it('are all promised a rule', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml'));
    expect(files.map((file) => file.slice(0, -'.yaml'.length)).sort()).to.deep.equal(Object.keys(PROMISED).sort());
  });

  for (const [name, rules] of Object.entries(PROMISED)) {
    it(`${name} breaks ${[...new Set(rules)].join(', ')}`, () => {
      const all = runs.get(name)?.stdout.trimEnd().split('\n') ?? [];
      const lines = all.filter((line) => kept([{ rule: LINE.exec(line)?.[7] ?? '' }]).length > 0);
      expect(lines.map((line) => LINE.exec(line)?.[7])).to.deep.equal(rules);
      const severities = rules.map((rule) => (WARNINGS.has(rule) ? 'warning' : 'error'));
      expect(lines.map((line) => LINE.exec(line)?.[4])).to.deep.equal(severities);
      expect(runs.get(name)?.code).to.equal(severities.includes('error') ? 1 : 0);
    });
  }

  it('are reported as MESSAGES.md says', () => {
    expect(page(runs)).to.equal(readFileSync(MESSAGES, 'utf8'));
  });
});
