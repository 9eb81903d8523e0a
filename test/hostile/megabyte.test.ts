import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { readSource } from '../../cli/sources/read.ts';
import { REPORT_FORMATS, formatReport } from '../../cli/report/report.ts';
import { loadSettings } from '../../cli/settings.ts';
import type { LocatedFinding } from '../../review/located-finding.ts';
import { review } from '../../review/review.ts';
import { OPTIONS } from '../review/sources.ts';
import { RUNS_MS, ballast, folderWith } from '../cli/run.ts';
import type { Growth } from './cost.ts';
import { growthLine, growthOf, isLinear } from './cost.ts';
import { FIELD_SHAPES, KEY_SHAPES } from './shapes/fields.ts';
import { MASS_SHAPES } from './shapes/masses.ts';
import { OBJECT_SHAPES } from './shapes/objects.ts';
import type { Shape } from './shapes/shape.ts';
import { NUMBER_SHAPES, YAML_SHAPES } from './shapes/yaml.ts';
import { isComplete } from '../complete.ts';

/** A sample uses smaller texts: quadratic time shows there too. */
const CHARACTERS = isComplete ? 1_000_000 : 200_000;
/** Nothing may hang, on however busy a machine. */
const LONGEST_SECONDS = 20;
/** A report of a file is read by a person. */
const LONGEST_REPORT = 40_000_000;

const SHAPES = Object.entries({
  ...OBJECT_SHAPES,
  ...MASS_SHAPES,
  ...NUMBER_SHAPES,
  ...KEY_SHAPES,
  ...YAML_SHAPES,
  ...FIELD_SHAPES,
});
/** All shapes, or every sixth of them. */
const CHOSEN = SHAPES.filter((_, index) => isComplete || index % 6 === 0);

/** Writes a text as a file, and gives what `validate` does with it, in every format. */
function validating(text: string): () => Promise<readonly LocatedFinding[]> {
  const path = join(folderWith({ 'a.yaml': text }), 'a.yaml');
  return async () => {
    const name = { file: path, name: 'a.yaml', isNamed: true };
    const source = { ...name, read: () => readSource(name) };
    const { findings, counts } = review({ sources: [source], findings: [] }, undefined, OPTIONS);
    for (const format of REPORT_FORMATS) {
      const report = await formatReport(format, findings, counts);
      expect(report.length, format).to.be.below(LONGEST_REPORT);
    }
    return findings;
  };
}

describe(`A file of ${CHARACTERS} characters costs what its size allows`, function () {
  this.timeout(LONGEST_SECONDS * 20_000);
  const lines: [number, string][] = [];
  const readPlain = (characters: number) => validating(YAML_SHAPES['a map in block style']!(characters));

  before(async () => {
    await growthOf((characters) => validating(MASS_SHAPES['Databases that are wrong']!(characters)), 20_000);
  });

  after(() => {
    const worst = lines.sort(([a], [b]) => b - a).slice(0, isComplete ? undefined : 5);
    process.stdout.write(`    seconds of processor time, the most first:\n${worst.map(([, line]) => line).join('')}`);
  });

  for (const [name, shape] of CHOSEN) {
    it(name, async () => {
      const growth = await growthOf((characters) => validating(shape(characters)), CHARACTERS, readPlain);
      lines.push([growth.large, growthLine(name, growth)]);
      expect(isLinear(growth), growthLine(name, growth)).to.equal(true);
      expect(growth.large).to.be.below(LONGEST_SECONDS);
    });
  }
});

describe('Settings of many characters cost what their size allows', function () {
  this.timeout(LONGEST_SECONDS * 20_000);

  const SETTINGS: Readonly<Record<string, Shape>> = {
    'labels that are wrong': (characters) => `labels:\n${many('  k', ' l: x\n', characters)}`,
    'images that are wrong': (characters) => `images:\n  postgresql:\n${many('    k', ': "!"\n', characters)}`,
    'unknown fields': (characters) => many('k', ': x\n', characters),
    'octal numbers': (characters) => `labels:\n${many('  k', ': 01\n', characters)}`,
    documents: (characters) => '---\nlabels: {}\n'.repeat(characters / 16),
    'a domain of dots': (characters) => `clusterDomain: "${'a.'.repeat(characters / 2)}!"\n`,
    'an image of colons': (characters) => `images: {postgresql: {16: "a${':'.repeat(characters)}!"}}\n`,
  };

  for (const [name, shape] of Object.entries(SETTINGS)) {
    it(name, async () => {
      const work = (characters: number) => {
        const folder = folderWith();
        writeFileSync(join(folder, 'ballast.yaml'), shape(characters));
        return () => loadSettings(join(folder, 'ballast.yaml'), []);
      };
      const growth: Growth = await growthOf(work, CHARACTERS);
      expect(isLinear(growth), growthLine(name, growth)).to.equal(true);
      expect(growth.large).to.be.below(LONGEST_SECONDS);
    });
  }

  function many(before: string, after: string, characters: number): string {
    const length = before.length + after.length + 6;
    return Array.from({ length: characters / length }, (_, at) => `${before}${at}${after}`).join('');
  }
});

describe('A file that is wrong in many places', function () {
  this.timeout(RUNS_MS);
  const wrong = NUMBER_SHAPES['an unquoted 0, ones and a plus']!(100_000);
  const octal = (count: number): string =>
    OBJECT_SHAPES['settings that are octal numbers']!(count * 18).replace(/\n\n$/, '\n');

  it('gets the first thousand, in order, and the number of the others', async () => {
    const run = await ballast(folderWith({ 'a.yaml': octal(3000) }), ['validate', 'a.yaml', '--format', 'json']);
    const findings = JSON.parse(run.stdout) as LocatedFinding[];
    expect(run.code).to.equal(1);
    expect(findings).to.have.lengthOf(1001);
    const lines = findings.map(({ line }) => line);
    expect(lines).to.deep.equal(lines.toSorted((a, b) => a - b));
    expect(findings.at(-1)).to.include({ rule: 'more-findings', severity: 'error', file: 'a.yaml' });
    expect(findings.at(-1)?.problem).to.match(/^must have fewer mistakes: \d+ more are not told here$/);
  });

  it('keeps its first findings when more are added at its end', async () => {
    const [few, many] = await Promise.all(
      [1500, 3000].map((count) =>
        ballast(folderWith({ 'a.yaml': octal(count) }), ['validate', 'a.yaml', '--format', 'json']),
      ),
    );
    const firsts = [few, many].map((run) => (JSON.parse(run!.stdout) as LocatedFinding[]).slice(0, 900));
    expect(firsts[0]).to.deep.equal(firsts[1]);
  });

  it('is judged by the program from a file and from the standard input alike', async function () {
    this.timeout(60_000);
    const folder = folderWith({ 'a.yaml': wrong });
    const [file, input] = await Promise.all([
      ballast(folder, ['validate', 'a.yaml']),
      ballast(folder, ['validate', '-'], wrong),
    ]);
    expect([file.code, input.code]).to.deep.equal([1, 1]);
    expect(file.stdout).to.match(/^a.yaml:7:19: error: spec.parameters.a: .*schema-limit/);
    // In a stream the object is named as well.
    const asInFile = input.stdout.replace('<stdin>', 'a.yaml').replaceAll(/ \[Database [^\]]+\](?= \()/g, '');
    expect(asInFile).to.equal(file.stdout);
  });
});
