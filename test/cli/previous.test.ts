import { expect } from 'chai';
import { dump } from 'js-yaml';
import type { GitOpsPrograms } from './gitops-programs.ts';
import { CHART } from './chart.ts';
import { gitOpsProgramsOrSkip } from './gitops-programs.ts';
import { change } from './git-repository.ts';
import type { Run } from './run.ts';
import { RUNS_MS, ballast, folderWith } from './run.ts';
import { configMap, database } from './samples.ts';
import { kept } from '../policies/kept.ts';

const stream = (...documents: string[]): string => documents.map((text) => `---\n${text}`).join('');
const small = { storage: { size: '10Gi' } };
const Protect = { deletionPolicy: 'Protect' };
const annotated = { annotations: { 'config.kubernetes.io/origin': 'path: ../../base/orders.yaml\n' } };

interface Case {
  readonly old: string;
  readonly now: string;
  readonly found: readonly string[];
}

const CASES: Readonly<Record<string, Case>> = {
  'the same text': { old: stream(database('orders')), now: stream(database('orders')), found: [] },
  'a shrink': {
    old: stream(configMap('a'), database('orders')),
    now: stream(database('orders', small), configMap('a')),
    found: ['new.yaml:2 storage-no-shrink'],
  },
  'a protected Database that is gone': {
    old: stream(database('orders', Protect), database('other')),
    now: stream(database('other')),
    found: ['old.yaml:2 deletion-protected'],
  },
  'a text that cannot be read, which removes nothing': {
    old: stream(database('orders', Protect)),
    now: 'kind: [',
    found: ['new.yaml:1 yaml-syntax'],
  },
  'nothing before': { old: '', now: stream(database('orders')), found: ['old.yaml:1 file-not-compared'] },
  'words of an error before, which are no object': {
    old: 'Error: no chart\n',
    now: stream(database('orders')),
    found: ['old.yaml:1 file-not-compared'],
  },
};

describe('--previous', function () {
  this.timeout(RUNS_MS);

  for (const [name, { old, now, found }] of Object.entries(CASES)) {
    it(`compares two texts: ${name}`, async () => {
      const folder = folderWith({ 'old.yaml': old, 'new.yaml': now });
      const args = ['validate', 'new.yaml', '--previous', 'old.yaml', '--format', 'json'];
      const { stdout, stderr } = await ballast(folder, args);
      const rows = JSON.parse(stdout || '[]') as { file: string; line: number; rule: string }[];
      const rules = kept(rows).map(({ file, line, rule }) => `${file}:${line} ${rule}`);
      expect(rules, stderr).to.deep.equal(found);
    });
  }

  it('names the object of a finding in a stream, and the file that kustomize noted', async () => {
    const folder = folderWith({ 'old.yaml': stream(database('orders'), database('other')) });
    const now = stream(database('orders', small, annotated), database('other', small));
    const { code, stdout } = await ballast(folder, ['validate', '-', '--previous', 'old.yaml'], now);
    expect(code).to.equal(1);
    const ends = stdout
      .trim()
      .split('\n')
      .map((line) => line.replace(/^(\S+) .*(\[.*)$/, '$1 $2'));
    expect(ends).to.deep.equal([
      '<stdin>:2:227: [Database shop/orders, from ../../base/orders.yaml] (storage-no-shrink)',
      '<stdin>:4:147: [Database shop/other] (storage-no-shrink)',
    ]);
  });

  it('may be the standard input, and shows in diff what changes', async () => {
    const folder = folderWith({ 'new.yaml': stream(database('orders', { storage: { size: '30Gi' } })) });
    const args = ['diff', 'new.yaml', '--previous', '-', '--format', 'json'];
    const { code, stdout } = await ballast(folder, args, stream(database('orders')));
    const { objects } = JSON.parse(stdout) as { objects: { name: string; fate: string }[] };
    expect([code, objects.map(({ name, fate }) => `${fate} ${name}`)]).to.deep.equal([0, ['changed orders']]);
  });

  it('may be a folder, as helm template --output-dir writes it', async () => {
    const folder = folderWith({
      'old/shop/templates/a.yaml': database('orders'),
      'new/shop/templates/b.yaml': database('orders', small),
    });
    const { stdout } = await ballast(folder, ['validate', 'new', '--previous', 'old']);
    expect(stdout).to.match(/^new\/shop\/templates\/b\.yaml:1:\d+: error: .*\(storage-no-shrink\)\n$/);
  });

  const FAILURES: Readonly<Record<string, { args: readonly string[]; says: RegExp }>> = {
    'a text that cannot be read': {
      args: ['validate', 'new.yaml', '--previous', 'broken.yaml'],
      says: /^ballast: --previous broken\.yaml: cannot be compared with: \d+:\d+: must be valid YAML: .*; write it anew, with the same program\n$/,
    },
    'a file that is not there': {
      args: ['validate', 'new.yaml', '--previous', 'gone.yaml'],
      says: /^ballast: gone\.yaml: no such file or folder\n$/,
    },
    'a git revision beside it': {
      args: ['validate', 'new.yaml', '--previous', 'old.yaml', '--against', 'main'],
      says: /^ballast: option '--previous <file>' cannot be used with option '--against <revision>'\n$/,
    },
    'the standard input on both sides': {
      args: ['validate', '-', '--previous', '-'],
      says: /^ballast: the standard input can be one side only; write the other one into a file\n$/,
    },
    'a diff with nothing to compare with': {
      args: ['diff', 'new.yaml'],
      says: /^ballast: name what to compare with: --against REVISION, or --previous FILE\n$/,
    },
    'paths beside an overlay': {
      args: ['validate', 'new.yaml', '--kustomize', '.'],
      says: /^ballast: --kustomize is read instead of paths; run once for the paths and once for the overlay\n$/,
    },
    'two overlays': {
      args: ['validate', '--kustomize', 'a', '--kustomize', 'b'],
      says: /^ballast: option '--kustomize <folder>' argument 'b' is invalid\. It can be given once; run once for each overlay\.\n$/,
    },
    'patterns that leave out parts of an overlay': {
      args: ['validate', '--kustomize', 'a', '--exclude', 'b'],
      says: /^ballast: --exclude leaves out files of paths; what an overlay reads, it says itself\n$/,
    },
  };
  for (const [name, { args, says }] of Object.entries(FAILURES)) {
    it(`fails in one line with ${name}`, async () => {
      const files = { 'new.yaml': database('orders'), 'old.yaml': database('orders'), 'broken.yaml': 'kind: [' };
      const { code, stdout, stderr } = await ballast(folderWith(files), args);
      expect([code, stdout]).to.deep.equal([2, '']);
      expect(stderr).to.match(says);
    });
  }
});

describe('A chart of Helm', function () {
  this.timeout(RUNS_MS);
  let programs: GitOpsPrograms;
  before(async function () {
    programs = await gitOpsProgramsOrSkip(this, 'helm');
  });

  const template = (folder: string): string =>
    programs.run(folder, 'helm', 'template', 'shop', 'chart', '--namespace', 'shop');
  const compared = (folder: string, command: string): Promise<Run> =>
    ballast(folder, [command, '-', '--previous', 'old.yaml'], template(folder));

  it('is compared in two streams: growth passes, and diff shows it', async () => {
    const folder = folderWith(CHART);
    change(folder, { 'old.yaml': template(folder), 'chart/values.yaml': dump({ databases: { orders: '30Gi' } }) });
    expect((await compared(folder, 'validate')).code).to.equal(0);
    expect((await compared(folder, 'diff')).stdout).to.contain('30Gi');
  });

  it('is compared in two streams: a shrink by its values is refused', async () => {
    const folder = folderWith(CHART);
    change(folder, { 'old.yaml': template(folder), 'chart/values.yaml': dump({ databases: { orders: '10Gi' } }) });
    const { code, stdout } = await compared(folder, 'validate');
    expect(code).to.equal(1);
    expect(stdout).to.match(
      /^<stdin>:10:19: error: spec\.storage\.size: .* \[Database shop\/orders\] \(storage-no-shrink\)\n$/,
    );
  });
});
