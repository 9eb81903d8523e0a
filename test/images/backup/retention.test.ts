import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as fc from 'fast-check';

const DAY = 86_400;
const NOW = 1_790_000_000;
const RUNNER = join(import.meta.dirname, 'keep-sets.py');
const IMAGE = join(import.meta.dirname, '../../../images/postgres');
const HISTORIES = 500;

/** What retention reads of a backup in pgBackRest's own words. */
interface Backup {
  readonly label: string;
  readonly type: 'full' | 'diff' | 'incr';
  readonly prior: string | null;
  readonly reference: string[] | null;
  readonly timestamp: { readonly start: number; readonly stop: number };
  readonly annotation?: Readonly<Record<string, string>>;
}

interface Case {
  readonly backups: readonly unknown[];
  readonly now: number;
  readonly days: number | null;
  readonly count: number | null;
}

type Answer = string[] | 'unreadable';

/** One python3 answers all cases. */
function keepSets(cases: readonly Case[]): Answer[] {
  const { status, stdout, stderr } = spawnSync('python3', ['-BIS', RUNNER, IMAGE], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Answer[];
}

const step = fc.record({
  full: fc.boolean(),
  differential: fc.boolean(),
  pause: fc.integer({ min: 60, max: 4 * DAY }),
  forEver: fc.integer({ min: 0, max: 9 }).map((digit) => digit === 0),
});

/** A history as pgBackRest writes it, the last backup an hour ago: the first is full, others build on what came before. */
const history = fc.array(step, { minLength: 1, maxLength: 30 }).map((steps): Backup[] => {
  const made: Backup[] = [];
  const span = steps.reduce((sum, { pause }) => sum + pause, 0);
  let stop = NOW - 3600 - span;
  for (const [index, { full, differential, pause, forEver }] of steps.entries()) {
    stop += pause;
    const base = made.findLast(({ type }) => type === 'full');
    const before = full ? undefined : differential ? base : made.at(-1);
    made.push({
      label: `backup-${String(index).padStart(2, '0')}`,
      type: before === undefined ? 'full' : differential ? 'diff' : 'incr',
      prior: before?.label ?? null,
      reference: before === undefined ? null : [...(before.reference ?? []), before.label],
      timestamp: { start: stop - 30, stop },
      ...(forEver && { annotation: { keep: 'forever' } }),
    });
  }
  return made;
});

const rules = fc.record({
  days: fc.option(fc.integer({ min: 0, max: 40 })),
  count: fc.option(fc.integer({ min: 0, max: 12 })),
});

interface Sample {
  readonly backups: Backup[];
  readonly shuffled: Backup[];
  readonly days: number | null;
  readonly count: number | null;
}

const samples = fc
  .tuple(history, rules)
  .chain(([backups, rule]) =>
    fc
      .shuffledSubarray(backups, { minLength: backups.length, maxLength: backups.length })
      .map((shuffled): Sample => ({ backups, shuffled, ...rule })),
  );

function labelsOf(answer: Answer | undefined): string[] {
  if (answer === undefined || answer === 'unreadable') throw new Error('the list could not be read');
  return answer;
}

/** Answers of one question about each sample. */
function ask(cases: readonly Sample[], question: (sample: Sample) => Partial<Case>): Answer[] {
  return keepSets(
    cases.map((sample) => ({
      backups: sample.backups,
      now: NOW,
      days: sample.days,
      count: sample.count,
      ...question(sample),
    })),
  );
}

const FULL: Backup = {
  label: 'full',
  type: 'full',
  prior: null,
  reference: null,
  timestamp: { start: NOW - 20 * DAY, stop: NOW - 20 * DAY },
};
const INCREMENTAL: Backup = { ...FULL, label: 'incremental', type: 'incr', prior: 'full', reference: ['full'] };

const HOLES: readonly (readonly [string, readonly unknown[]])[] = [
  ['a backup without a label', [{ ...FULL, label: undefined }]],
  ['a backup without times', [{ ...FULL, timestamp: undefined }]],
  ['a backup without an end', [{ ...FULL, timestamp: { start: NOW } }]],
  ['an end that is no number', [{ ...FULL, timestamp: { start: NOW, stop: 'today' } }]],
  ['a reference that is not there', [INCREMENTAL]],
  ['a predecessor that is not there', [{ ...INCREMENTAL, reference: null }]],
  ['an incremental that names no predecessor', [FULL, { ...INCREMENTAL, prior: null }]],
  ['a full backup that builds on another', [FULL, { ...INCREMENTAL, type: 'full' }]],
  ['a type that does not exist', [{ ...FULL, type: 'half' }]],
  ['two backups with one label', [FULL, FULL]],
  ['references that are no list', [FULL, { ...INCREMENTAL, reference: 'full' }]],
  ['annotations that are no object', [{ ...FULL, annotation: 'keep' }]],
  ['a backup that is no object', ['full']],
];

describe('Which backups stay', function () {
  this.timeout(30_000);
  let all: Sample[];
  let kept: string[][];

  before(function () {
    if (spawnSync('python3', ['--version']).status !== 0) {
      process.stderr.write('SKIPPED, which backups stay: no python3\n');
      this.skip();
    }
    all = fc.sample(samples, HISTORIES);
    kept = ask(all, () => ({})).map(labelsOf);
  });

  /** Calls it with each sample and the labels that it keeps. */
  function forEach(check: (sample: Sample, labels: ReadonlySet<string>) => void): void {
    for (const [index, sample] of all.entries()) check(sample, new Set(kept[index]));
  }

  it('can all be restored: what a kept backup builds on is kept', () => {
    forEach(({ backups }, labels) => {
      for (const { label, reference } of backups) {
        if (labels.has(label)) expect([...labels]).to.include.members(reference ?? []);
      }
    });
  });

  it('are at least the newest so many', () => {
    forEach(({ backups, count }, labels) => {
      const newest = count === null || count === 0 ? [] : backups.slice(-count);
      expect([...labels]).to.include.members(newest.map(({ label }) => label));
    });
  });

  it('are all that are younger than so many days, and all that are kept for ever', () => {
    forEach(({ backups, days }, labels) => {
      const stay = backups.filter(
        ({ timestamp, annotation }) => annotation !== undefined || timestamp.stop > NOW - (days ?? -1) * DAY,
      );
      expect([...labels]).to.include.members(stay.map(({ label }) => label));
    });
  });

  it('are no others', () => {
    forEach(({ backups, days, count }, labels) => {
      if (days === null && count === null) {
        expect(labels.size).to.equal(backups.length);
        return;
      }
      const newest = new Set(backups.slice(backups.length - Math.min(count ?? 0, backups.length)));
      const byRule = backups.filter(
        (one) => one.annotation !== undefined || one.timestamp.stop > NOW - (days ?? -1) * DAY || newest.has(one),
      );
      const wanted = new Set(byRule.flatMap(({ label, reference }) => [label, ...(reference ?? [])]));
      expect([...labels].sort()).to.deep.equal([...wanted].sort());
    });
  });

  it('are never fewer when a rule keeps more', () => {
    const more = {
      days: ask(all, ({ days }) => ({ days: days === null ? null : days + 1 })),
      count: ask(all, ({ count }) => ({ count: count === null ? null : count + 1 })),
    };
    for (const answers of Object.values(more)) {
      for (const [index, answer] of answers.entries()) {
        expect(labelsOf(answer)).to.include.members(kept[index] ?? []);
      }
    }
  });

  it('do not depend on the order of the list', () => {
    expect(ask(all, ({ shuffled }) => ({ backups: shuffled }))).to.deep.equal(kept);
  });

  it('are not told when a backup that another builds on is missing', () => {
    const holes = all.flatMap((sample) => {
      const needed = new Set(sample.backups.flatMap(({ reference }) => reference ?? []));
      return sample.backups
        .filter(({ label }) => needed.has(label))
        .map((gone) => ({ ...sample, backups: sample.backups.filter((one) => one !== gone) }));
    });
    expect(holes.length).to.be.greaterThan(0);
    expect(new Set(ask(holes, () => ({})))).to.deep.equal(new Set(['unreadable']));
  });

  for (const [name, backups] of HOLES) {
    it(`are not told of a list with ${name}`, () => {
      expect(keepSets([{ backups, now: NOW, days: 1, count: 1 }])).to.deep.equal(['unreadable']);
    });
  }
});
