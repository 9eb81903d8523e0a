import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  argument,
  commandLine,
  iniSection,
  matchers,
  mysqlOption,
  postgresqlSetting,
} from '../../generator/writers.ts';
import { HOSTILE } from './databases.ts';
import { pythonMissing, readInPython } from './python.ts';

const SEED = Number(process.env['READERS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const AGAIN = `run again with READERS_SEED=${SEED}`;
const RUNS = 1500;

const BREAKING = [
  'a\nb',
  'a\r',
  '\u0000',
  'a\u2028b',
  '\u0085',
  ' a',
  'a ',
  '',
  "a'b",
  'a"b',
  'a\\',
  '\\"',
  "'\\''",
  '$(id)',
  '`id`',
];
const anyText = fc.oneof(
  fc.constantFrom(...HOSTILE, ...BREAKING),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'ab \'"\\$`%#;=[]!&|\n\t'.split('')), maxLength: 12 }),
);
const TEXTS = fc.sample(anyText, { numRuns: RUNS, seed: SEED });

/** The values that a writer takes, each with the text that it makes of it. */
function takenBy<T>(values: readonly T[], write: (value: T) => string): { value: T; text: string }[] {
  const taken = values.flatMap((value) => {
    try {
      return [{ value, text: write(value) }];
    } catch (error) {
      expect(String(error)).to.match(/cannot hold .*: it came past the rules$/s);
      return [];
    }
  });
  expect(taken.length, AGAIN).to.be.greaterThan(values.length / 10);
  return taken;
}

/** postgresql.conf as PostgreSQL's scanner reads a value (guc-file.l, DeescapeQuotedString). */
function readSetting(line: string): string | undefined {
  const [, body] = /^a = '((?:[^'\\\n]|''|\\[^\n])*)'\n$/u.exec(line) ?? [];
  return body?.replace(/''|\\(.)/gsu, (pair: string, escaped?: string) => escaped ?? pair.slice(1));
}

/** Arguments as Kubernetes expands them (k8s.io/kubernetes, third_party/forked/golang/expansion). */
function expand(text: string): string {
  return text.replace(/\$\$|\$\([^)]*\)/g, (found) => (found === '$$' ? '$' : 'expanded'));
}

describe('A writer gives back what went in, or refuses it', () => {
  it('an argument of a container', () => {
    for (const text of TEXTS) expect(expand(argument('a', text)), AGAIN).to.equal(`--a=${text}`);
  });

  it('a setting of postgresql.conf', () => {
    for (const { value, text } of takenBy(TEXTS, (one) => postgresqlSetting('a', one))) {
      expect(readSetting(text), `${JSON.stringify(text)}, ${AGAIN}`).to.equal(value);
    }
  });

  it('the matchers of a query', () => {
    for (const { value, text } of takenBy(TEXTS, (one) => matchers({ a: one, b: 'c' }))) {
      expect(text.endsWith(',b="c"')).to.equal(true);
      expect(JSON.parse(text.slice('a='.length, -',b="c"'.length)), AGAIN).to.equal(value);
    }
  });

  it('each text that the rules let through as a parameter', () => {
    for (const text of ['', '\u0080', '\u009f', '\ufeff', '\ufffd', '\u00a0a', 'ünïcode 🐘']) {
      expect(mysqlOption('a', text)).to.equal(`a = "${text}"\n`);
      expect(postgresqlSetting('a', text)).to.equal(`a = '${text}'\n`);
    }
  });

  it('a name that is none, never', () => {
    for (const name of ['a\nb', 'a=b', '[x]', '', 'a b', '#a']) {
      expect(() => iniSection(name, {})).to.throw('came past the rules');
      expect(() => iniSection('a', { [name]: 'b' })).to.throw('came past the rules');
      expect(() => postgresqlSetting(name, 'b')).to.throw('came past the rules');
      expect(() => mysqlOption(name, 'b')).to.throw('came past the rules');
    }
  });

  it('a command, as a shell reads it', () => {
    const lines = takenBy(TEXTS, (one) => commandLine(['--a', `--b=${one}`, one]));
    const script = lines.map(({ text }) => `printf '%s\\0' ${text}\n`).join('');
    const words = execFileSync('sh', { input: script, encoding: 'utf8' }).split('\0');
    expect(words, AGAIN).to.deep.equal([...lines.flatMap(({ value }) => ['--a', `--b=${value}`, value]), '']);
  });

  describe('read by Python', () => {
    before(function () {
      const reason = pythonMissing();
      if (reason === undefined) return;
      console.warn(`      NOT READ BACK: ${reason}`);
      this.skip();
    });

    it('a command, as Patroni splits it', () => {
      const lines = takenBy(TEXTS, (one) => commandLine(['--a', `--b=${one}`, one]));
      const words = readInPython(lines.map(({ text }) => ({ as: 'words', text })));
      expect(words, AGAIN).to.deep.equal(lines.map(({ value }) => ['--a', `--b=${value}`, value]));
    });

    it('an option of pgBackRest', () => {
      const taken = takenBy(TEXTS, (one) => iniSection('a', { b: one, c: 'd' }));
      const read = readInPython(taken.map(({ text }) => ({ as: 'ini', text })));
      expect(read, AGAIN).to.deep.equal(taken.map(({ value }) => ({ a: { b: value, c: 'd' } })));
    });

    it('an option of my.cnf', () => {
      const taken = takenBy(TEXTS, (one) => `[a]\n${mysqlOption('b', one)}${mysqlOption('c', 'd')}`);
      const read = readInPython(taken.map(({ text }) => ({ as: 'options', text })));
      expect(read, AGAIN).to.deep.equal(taken.map(({ value }) => ({ a: { b: value, c: 'd' } })));
    });
  });
});
