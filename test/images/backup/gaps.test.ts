import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';

const IMAGE = join(import.meta.dirname, '../../../images/postgres');

/** What the function is asked: the first segment that is needed, paths of the archive, and the history of each timeline. */
interface Question {
  readonly first: string;
  readonly paths: readonly string[];
  readonly histories?: Readonly<Record<number, string>>;
}

interface Gap {
  readonly from: string;
  readonly to: string;
  readonly segments: number;
}

const SCRIPT = `import json, sys
sys.path.append(sys.argv[1])
from gaps import gaps, stored_in
print(json.dumps([
  gaps(one['first'], stored_in(one['paths']), {int(number): text for number, text in one.get('histories', {}).items()})
  for one in json.load(sys.stdin)
]))`;

function gapsOf(questions: readonly Question[]): Gap[][] {
  const options = { input: JSON.stringify(questions), encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  const { stdout, stderr, status } = spawnSync('python3', ['-B', '-c', SCRIPT, IMAGE], options);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Gap[][];
}

const hex = (number: number): string => number.toString(16).toUpperCase().padStart(8, '0');
const segment = (timeline: number, number: number): string =>
  `${hex(timeline)}${hex(Math.floor(number / 256))}${hex(number % 256)}`;
const stored = (timeline: number, number: number): string => {
  const name = segment(timeline, number);
  return `${name.slice(0, 16)}/${name}-${'0123456789abcdef'.repeat(3).slice(0, 40)}.zst`;
};
/** A line of a history file: the parent was left in the middle of this segment. */
const left = (timeline: number, number: number): string => {
  const position = number * 2 ** 24 + 4096;
  return `${timeline}\t${Math.floor(position / 2 ** 32).toString(16)}/${(position % 2 ** 32).toString(16)}\tno recovery target specified\n`.toUpperCase();
};

describe('What a repository lacks of the WAL', () => {
  it('is nothing when each segment is there, also where a log of 256 segments ends', () => {
    const paths = Array.from({ length: 600 }, (_, index) => stored(1, 200 + index));
    expect(gapsOf([{ first: segment(1, 200), paths }])).to.deep.equal([[]]);
  });

  it('is each range that is missing, by its first and its last segment', () => {
    const paths = [1, 2, 5, 6, 8].map((number) => stored(1, number));
    expect(gapsOf([{ first: segment(1, 1), paths }])).to.deep.equal([
      [
        { from: segment(1, 3), to: segment(1, 4), segments: 2 },
        { from: segment(1, 7), to: segment(1, 7), segments: 1 },
      ],
    ]);
  });

  it('is the first segment of the oldest backup when that is missing, and nothing before it', () => {
    const paths = [1, 2, 5].map((number) => stored(1, number));
    expect(gapsOf([{ first: segment(1, 4), paths }])).to.deep.equal([
      [{ from: segment(1, 4), to: segment(1, 4), segments: 1 }],
    ]);
  });

  it('follows the timelines: the segment in which one was left is the first of the next', () => {
    const histories = { 2: left(1, 3) };
    const whole = [stored(1, 1), stored(1, 2), stored(2, 3), stored(2, 4)];
    const partial = `${segment(1, 3).slice(0, 16)}/${segment(1, 3)}.partial-${'0'.repeat(40)}.zst`;
    expect(
      gapsOf([
        { first: segment(1, 1), paths: [...whole, partial, '00000002.history'], histories },
        { first: segment(1, 1), paths: whole.filter((path) => path !== stored(1, 2)), histories },
        { first: segment(1, 1), paths: whole.filter((path) => path !== stored(2, 3)), histories },
        { first: segment(2, 3), paths: whole, histories },
      ]),
    ).to.deep.equal([
      [],
      [{ from: segment(1, 2), to: segment(1, 2), segments: 1 }],
      [{ from: segment(2, 3), to: segment(2, 3), segments: 1 }],
      [],
    ]);
  });

  it('asks for nothing of a timeline that was left and written to once more', () => {
    const paths = [stored(1, 1), stored(1, 2), stored(1, 3), stored(1, 9), stored(2, 3), stored(2, 4)];
    expect(gapsOf([{ first: segment(1, 1), paths, histories: { 2: left(1, 3) } }])).to.deep.equal([[]]);
  });

  it('is exactly what was taken away, on whatever way through the timelines', () => {
    const way = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 4 });
    const cases = fc.sample(fc.tuple(fc.integer({ min: 1, max: 1000 }), way, fc.infiniteStream(fc.boolean())), 200);
    const made = cases.map(([start, lengths, coins]) => {
      let number = start;
      let lines = '';
      const all: [number, number][] = [];
      const histories: Record<number, string> = {};
      lengths.forEach((length, index) => {
        if (index > 0) histories[index + 1] = lines += left(index, number);
        for (const end = number + length; number < end; number += 1) all.push([index + 1, number]);
      });
      const [first, last] = [all[0]!, all.at(-1)!];
      const kept = all.filter((one) => one === last || coins.next().value === true);
      const gone = all.filter((one) => !kept.includes(one)).map(([timeline, at]) => segment(timeline, at));
      return { gone, question: { first: segment(...first), paths: kept.map((one) => stored(...one)), histories } };
    });
    const found = gapsOf(made.map(({ question }) => question));
    made.forEach(({ gone }, index) => {
      const told = found[index]!.flatMap(({ from, to, segments }) => {
        const timeline = Number.parseInt(from.slice(0, 8), 16);
        const start = Number.parseInt(from.slice(8, 16), 16) * 256 + Number.parseInt(from.slice(16), 16);
        const names = Array.from({ length: segments }, (_, more) => segment(timeline, start + more));
        expect(names.at(-1)).to.equal(to);
        return names;
      });
      expect(told).to.deep.equal(gone);
    });
  });

  it('cannot be said of a name that is none', () => {
    expect(() => gapsOf([{ first: 'x', paths: [] }])).to.throw('x is no segment');
  });
});
