import { expect } from 'chai';
import { readdirSync, renameSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheOptions } from '../../cli/cache.ts';
import { Cache, mayUseCache } from '../../cli/cache.ts';
import { folderWith } from './run.ts';

const later = (ms: number): Date => new Date(Date.now() + ms);
/** The time of a run: the files of the test have been left alone by then for as long as they must be to be remembered. */
let now = later(60_000);
const SUMMARY = { objects: [], others: [], findings: [] };

function open(folder: string, options: Partial<CacheOptions> = {}): Cache {
  const environment = { XDG_CACHE_HOME: join(folder, 'cache') };
  return new Cache({ out: join(folder, 'out'), paths: [folder], given: {}, now, environment, ...options });
}

/** A folder with two sources and their rendered files. */
function sources(): string {
  now = later(60_000);
  return folderWith({ 'a.yaml': 'a', 'b.yaml': 'b', 'out/a': 'A', 'out/b': 'B' });
}

function store(folder: string, options?: Partial<CacheOptions>): void {
  const cache = open(folder, options);
  for (const name of ['a', 'b']) {
    const file = join(folder, `${name}.yaml`);
    expect(cache.summary(file)).to.equal(undefined);
    cache.store(file, SUMMARY, [name]);
  }
  cache.save();
}

function knownAfter(folder: string, options?: Partial<CacheOptions>): string[] {
  const cache = open(folder, options);
  return ['a.yaml', 'b.yaml'].filter((name) => cache.summary(join(folder, name)) !== undefined);
}

describe('What a run remembers', () => {
  let folder: string;

  beforeEach(() => {
    folder = sources();
    store(folder);
  });

  it('is each unchanged file, with its rendered files', () => {
    const cache = open(folder);
    expect(cache.summary(join(folder, 'a.yaml'))).to.deep.include(SUMMARY);
    expect(cache.summary(join(folder, 'b.yaml'))).to.deep.include(SUMMARY);
    expect(cache.outputs(new Set())).to.deep.equal([
      { path: 'a', source: join(folder, 'a.yaml') },
      { path: 'b', source: join(folder, 'b.yaml') },
    ]);
  });

  const changes: Readonly<Record<string, () => void>> = {
    'it was written': () => {
      writeFileSync(join(folder, 'a.yaml'), 'c');
    },
    'it was written with its old time': () => {
      const { atime, mtime } = statSync(join(folder, 'a.yaml'));
      writeFileSync(join(folder, 'a.yaml'), 'c');
      utimesSync(join(folder, 'a.yaml'), atime, mtime);
    },
    'another file was moved to its place': () => {
      writeFileSync(join(folder, 'new'), 'a');
      renameSync(join(folder, 'new'), join(folder, 'a.yaml'));
    },
    'what was written for it was changed': () => {
      writeFileSync(join(folder, 'out/a'), 'X');
    },
    'what was written for it was removed': () => {
      rmSync(join(folder, 'out/a'));
    },
    'it was removed': () => {
      rmSync(join(folder, 'a.yaml'));
    },
  };
  for (const [name, change] of Object.entries(changes)) {
    it(`is not a file when ${name}`, () => {
      change();
      expect(knownAfter(folder)).to.deep.equal(['b.yaml']);
    });
  }

  const others: Readonly<Record<string, Partial<CacheOptions>>> = {
    'with other options or settings': { given: { namespace: 'shop' } },
    'on another day': { now: later(86_400_000) },
    'of other paths': { paths: ['elsewhere'] },
    'into another folder': { out: 'elsewhere' },
  };
  for (const [name, options] of Object.entries(others)) {
    it(`is nothing to a run ${name}`, () => {
      expect(knownAfter(folder, options)).to.deep.equal([]);
    });
  }

  it('is still known after a run that remembered it', () => {
    const cache = open(folder);
    cache.summary(join(folder, 'a.yaml'));
    cache.save();
    expect(knownAfter(folder)).to.deep.equal(['a.yaml']);
  });

  it('is nothing when the cache is damaged', () => {
    for (const name of readdirSync(join(folder, 'cache/ballast')))
      truncateSync(join(folder, 'cache/ballast', name), 40);
    expect(knownAfter(folder)).to.deep.equal([]);
  });
});

describe('What a run does not remember', () => {
  it('is a file that changed a moment ago, since it may change again in the same tick', () => {
    const folder = sources();
    store(folder, { now: later(0) });
    expect(knownAfter(folder)).to.deep.equal([]);
  });

  it('fails nothing where no cache can be written', () => {
    const folder = sources();
    writeFileSync(join(folder, 'cache'), 'a file');
    expect(() => {
      open(folder).save();
    }).to.not.throw();
  });
});

describe('What a run remembered is used', () => {
  const use = { paths: ['databases'], cache: true, check: false };
  const cases: Readonly<Record<string, readonly [boolean, ...Parameters<typeof mayUseCache>]>> = {
    'by the built program': [true, use, 'ballast.mjs'],
    'not by a program that runs from its sources': [false, use, 'cache.ts'],
    'not by one that was told not to': [false, { ...use, cache: false }, 'ballast.mjs'],
    'not by one that writes nothing': [false, { ...use, check: true }, 'ballast.mjs'],
    'not for the standard input': [false, { ...use, paths: ['-'] }, 'ballast.mjs'],
    'not in a comparison with a revision, which may find what no file shows': [
      false,
      { ...use, against: 'main' },
      'ballast.mjs',
    ],
  };
  for (const [name, [expected, ...given]] of Object.entries(cases)) {
    it(name, () => {
      expect(mayUseCache(...given)).to.equal(expected);
    });
  }
});
