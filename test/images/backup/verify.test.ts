import { expect } from 'chai';
import { readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome, Repository } from './repository.ts';
import { completeOrSkip } from '../../complete.ts';
import { repositoryOrSkip } from './repository.ts';

/** Statements that are no proof, each with what may be said of it. */
const REFUSED: Readonly<Record<string, readonly [statement: string, reason: string]>> = {
  'is false': ['SELECT count(*) = 7 FROM written', 'statement 2 is not true'],
  'is null': ['SELECT NULL::boolean', 'statement 2 is not true'],
  'gives no row': ['SELECT true FROM written WHERE number < 0', 'statement 2 is not true'],
  'gives another type': ["SELECT 'a secret'", 'statement 2: it must be one query that gives one boolean'],
  'gives two columns': ['SELECT true, true', 'statement 2: it must be one query that gives one boolean'],
  'gives two rows': ['VALUES (true), (true)', 'statement 2: it must be one query that gives one boolean'],
  'is two statements': ['SELECT true); SELECT (true', 'statement 2 is not true'],
  writes: ['INSERT INTO written VALUES (2) RETURNING true', 'statement 2: it must be one query that gives one boolean'],
  'writes by a function': ['SELECT writes()', 'statement 2: it writes'],
  'leaves its transaction and writes': [
    'SELECT true); SET default_transaction_read_only = off; COMMIT; INSERT INTO written VALUES (2); SELECT (true',
    'statement 2: it does what the role may not do',
  ],
  'runs a program': [
    "SELECT true); COPY written TO PROGRAM 'true'; SELECT (true",
    'statement 2: it does what the role may not do',
  ],
  'reads a file': ["SELECT pg_read_file('postgresql.conf') = ''", 'statement 2: it does what the role may not do'],
  hangs: ['SELECT pg_sleep(60) IS NOT NULL', 'statement 2: it took too long'],
  'hangs without a limit': [
    'SELECT true); SET statement_timeout = 0; SELECT pg_sleep(60); SELECT (true',
    'statement 2: it took too long',
  ],
  'names what is not there': ['SELECT count(*) = 0 FROM orders', 'statement 2: it names something that is not there'],
  'fails on data': ["SELECT ('a secret' || number)::int = 1 FROM written", 'statement 2: it failed'],
};

/** Asks the statements, and tells the failure of each. */
const ASK = `
import json, sys
sys.path.append('.')
from pgbackrest import Failed
from scratch import Scratch
with Scratch('scratch') as scratch:
    scratch.start()
    scratch.make_reader()
    told = []
    for statement in json.loads(sys.argv[1]):
        try:
            scratch.ask(2, statement, 'app', 2)
            told.append('nothing')
        except Failed as error:
            told.append(str(error))
print(json.dumps(told))
`;

/** The first of two backups is taken away while it is restored. */
const RACE = `
import types, verify
tried, labels = [], ['first', 'second']
def restore(repository, options, backup):
    tried.append(backup.label)
    if labels[0] == 'first':
        labels.pop(0)
        raise verify.Failed('restore ended with 55')
verify.newest = lambda repository, major: (types.SimpleNamespace(label=labels[0], stop=0), {}, [])
verify.check_archive = lambda entry, files: None
verify.restore = restore
repository = types.SimpleNamespace(backups=lambda: [{'label': one} for one in labels])
proof = {}
verify.restored(repository, types.SimpleNamespace(major='17'), proof)
print(tried, proof['label'])
`;

/** Flips the bits of some bytes in the middle of a file. */
function damage(path: string): void {
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2);
  for (let at = middle; at < middle + 8; at += 1) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  writeFileSync(path, bytes);
}

/** In this order: each test goes on where the one before ended. */
describe('The program of the image that verifies the newest backup, with a real pgBackRest', function () {
  this.timeout(300_000);
  let repository: Repository;

  before(function () {
    repository = repositoryOrSkip(this);
    repository.query('CREATE DATABASE app');
    repository.query(
      `
      CREATE TABLE written (number int PRIMARY KEY); INSERT INTO written VALUES (1);
      ALTER TABLE written ENABLE ROW LEVEL SECURITY; GRANT USAGE ON SCHEMA public TO PUBLIC;
      CREATE FUNCTION writes() RETURNS boolean LANGUAGE sql AS 'INSERT INTO written VALUES (2) RETURNING true'`,
      'app',
    );
  });

  after(() => {
    (repository as Repository | undefined)?.stop();
  });

  const path = (...parts: string[]): string => join(repository.folder, 'repo', ...parts);
  const newest = (): string => repository.labels().at(-1) ?? '';

  /** Files of the repository below a folder whose path ends so. */
  const filesIn = (folder: string, form: RegExp): string[] =>
    readdirSync(path(folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => form.test(name))
      .map((name) => path(folder, name));
  const largest = (files: readonly string[]): string =>
    [...files].sort((a, b) => statSync(b).size - statSync(a).size)[0] ?? '';

  function failure({ code, log, result }: Outcome): string {
    expect(code, log).to.equal(1);
    expect(result.succeeded).to.equal(false);
    expect(JSON.stringify(result)).to.not.include('secret');
    return String(result['reason']);
  }

  it('says that there is no backup', () => {
    expect(failure(repository.verify([]))).to.equal('the repository has no backups of orders');
  });

  it('restores the backup, starts it, reads all of it and asks', () => {
    expect(repository.backUp().code).to.equal(0);
    // After the backup: the proof is of what the backup holds.
    repository.query('INSERT INTO written VALUES (2)', 'app');
    const { code, log, result } = repository.verify([
      'SELECT count(*) = 1 FROM written;',
      'VALUES (true) -- a comment',
      'WITH one AS (SELECT max(number) AS largest FROM written) SELECT largest = 1 FROM one',
    ]);
    expect(code, log).to.equal(0);
    expect(result).to.deep.include({
      succeeded: true,
      label: newest(),
      checks: ['restore', 'start', 'pg_amcheck', 'sql'],
    });
    expect(result).to.have.all.keys('at', 'succeeded', 'label', 'checks', 'seconds');
    expect(repository.query('SELECT count(*) FROM pg_stat_archiver WHERE failed_count > 0')).to.equal('0');
  });

  it('says which statement failed, and not what it said', () => {
    const outcome = repository.verify(['SELECT true', "SELECT 'a secret'"]);
    expect(failure(outcome)).to.equal('statement 2: it must be one query that gives one boolean');
    expect(outcome.result['checks']).to.deep.equal(['restore', 'start', 'pg_amcheck']);
  });

  describe('takes no statement that', () => {
    let told: readonly string[];

    before(() => {
      // The data of the last verification are there still.
      const { stdout, stderr } = repository.python(ASK, JSON.stringify(Object.values(REFUSED).map(([text]) => text)));
      expect(stdout, stderr).to.not.equal('');
      told = JSON.parse(stdout) as string[];
      expect(stderr).to.not.include('a secret');
    });

    for (const [index, [name, [, reason]]] of Object.entries(REFUSED).entries()) {
      it(name, () => {
        expect(told[index]).to.equal(reason);
      });
    }
  });

  it('names a segment of WAL that is missing', () => {
    const { walStop } = repository.backUp().result;
    const [file = ''] = filesIn('archive', new RegExp(`${String(walStop)}-`));
    renameSync(file, `${repository.folder}/kept`);
    expect(failure(repository.verify([]))).to.equal(
      `the archive lacks ${String(walStop)}, without which the backup cannot be restored`,
    );
    renameSync(`${repository.folder}/kept`, file);
  });

  it('names a segment of WAL that is damaged', () => {
    const { walStart } = repository.backUp().result;
    const [file = ''] = filesIn('archive', new RegExp(`${String(walStart)}-`));
    const whole = readFileSync(file);
    damage(file);
    expect(failure(repository.verify([]))).to.equal(`the archive has ${String(walStart)} damaged`);
    writeFileSync(file, whole);
  });

  it('finds a file of the backup that is damaged', function () {
    // pgBackRest tries a file three times, with pauses.
    completeOrSkip(this, 'test:backups');
    const made = repository.backUp('--type=full').result;
    const file = largest(filesIn(`backup/orders/${String(made['label'])}/pg_data/base`, /\/\d+\.lz4$/));
    const whole = readFileSync(file);
    damage(file);
    expect(failure(repository.verify([]))).to.equal('restore ended with 29: a file is not in its format');
    writeFileSync(file, whole);
    expect(repository.verify([]).code).to.equal(0);
    rmSync(file);
    expect(failure(repository.verify([]))).to.equal('restore ended with 55: a file is missing');
  });

  it('finds an index that lacks a row, which every other check takes for whole', () => {
    const ready = (is: boolean): string =>
      `UPDATE pg_index SET indisready = ${is} WHERE indexrelid = 'written_pkey'::regclass`;
    repository.query(ready(false), 'app');
    repository.query('INSERT INTO written VALUES (3)', 'app');
    repository.query(ready(true), 'app');
    expect(repository.backUp('--type=full').code).to.equal(0);
    const outcome = repository.verify(['SELECT count(*) = 3 FROM written']);
    expect(failure(outcome), outcome.log).to.equal('pg_amcheck found damage in tables or indexes');
    expect(outcome.result['checks']).to.deep.equal(['restore', 'start']);
  });

  it('takes the next backup when retention took away the one that it restores', () => {
    const { stdout, stderr } = repository.python(RACE);
    expect(stdout.trim(), stderr).to.equal("['first', 'second'] second");
  });

  it('takes no argument outside of its lists', () => {
    for (const argument of ['--major=x', '--database=a;b', '--shell=x'])
      expect(repository.verify([], argument).code, argument).to.equal(2);
  });
});
