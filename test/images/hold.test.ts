import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const RUNNER = join(import.meta.dirname, 'hold.py');
const IMAGE = join(import.meta.dirname, '../../images/postgres');
const ID = '1111111111111111';
const OTHER = '2222222222222222';
const REQUEST = 'db.example.com/restore-request';
const RESULT = 'db.example.com/restore-result';

/** The annotations of the request for a restore. */
function asks(state: string, changes: object = {}): Readonly<Record<string, string>> {
  return { [REQUEST]: JSON.stringify({ id: ID, member: 'orders-0', state, ...changes }) };
}

interface Case {
  readonly files: Readonly<Record<string, string>>;
  /** What the API server answers, the last one again and again: annotations, null for a 404, a status, or `no answer`. */
  readonly answers: readonly unknown[];
  readonly fails?: string;
  readonly left: readonly string[];
  readonly ids?: readonly string[];
  /** Whether no restore held it back. */
  readonly free?: boolean;
  /** What it tells in the request. */
  readonly tells?: object;
}

const DATA = { 'settings/pgbackrest.conf': '', 'pgdata/PG_VERSION': '15' };
const HALF = { [`pgdata-restore-${ID}/PG_VERSION`]: '15' };
const WHOLE = { [`pgdata-restore-${ID}/restores.json`]: JSON.stringify([ID]) };
const DONE = { 'pgdata/restores.json': JSON.stringify([ID]) };
const AFTER = ['pgdata', `pgdata-before-${ID}`];
const RESTORED = { id: ID, state: 'restored', backup: 'one' };

const CASES: Readonly<Record<string, Case>> = {
  'nothing is asked for': { files: DATA, answers: [null], left: ['pgdata'], free: true },
  'backups are off, so that nothing can be asked for': { files: {}, answers: ['no answer'], left: [], free: true },
  'the API server does not answer at first': { files: DATA, answers: ['no answer', 500, null], left: ['pgdata'] },
  'the account may never read the request': { files: DATA, answers: [403], left: ['pgdata'], free: true },
  'an API server that has just started forbids all': {
    files: DATA,
    answers: [403, asks('hold'), asks('hold'), 403, null],
    left: ['pgdata'],
  },
  'it is held until the others may follow': {
    files: DATA,
    answers: [asks('hold'), asks('hold'), asks('restore', { member: 'orders-1' }), asks('follow')],
    left: ['pgdata'],
  },
  'a request that cannot be read holds nobody': {
    files: DATA,
    answers: [{ [REQUEST]: '{' }],
    left: ['pgdata'],
    free: true,
  },
  'it restores, and keeps the former data': {
    files: DATA,
    answers: [asks('restore')],
    left: AFTER,
    ids: [ID],
    tells: RESTORED,
  },
  'it keeps the present data when that fails': {
    files: { ...DATA, ...HALF },
    answers: [asks('restore')],
    fails: 'restore ended with 55: a file is missing',
    left: ['pgdata'],
    tells: { id: ID, state: 'failed', reason: 'restore ended with 55: a file is missing' },
  },
  'it does not try again what it has reported': {
    files: DATA,
    answers: [{ ...asks('restore'), [RESULT]: JSON.stringify({ id: ID, state: 'failed' }) }],
    left: ['pgdata'],
  },
  'a result of an earlier restore is not that of this one': {
    files: DATA,
    answers: [{ ...asks('restore'), [RESULT]: JSON.stringify({ id: OTHER, state: 'failed' }) }],
    left: AFTER,
    ids: [ID],
    tells: RESTORED,
  },
  'it goes on where data were whole, and had not taken their place': {
    files: { ...DATA, ...WHOLE },
    answers: [asks('restore')],
    left: AFTER,
    ids: [ID],
    tells: { id: ID, state: 'restored' },
  },
  'it goes on between the two renames': {
    files: { 'settings/pgbackrest.conf': '', [`pgdata-before-${ID}/PG_VERSION`]: '15', ...WHOLE },
    answers: [asks('restore')],
    left: AFTER,
    ids: [ID],
    tells: { id: ID, state: 'restored' },
  },
  'it does that also when nobody asks any more: whole data are the data': {
    files: { 'settings/pgbackrest.conf': '', [`pgdata-before-${ID}/PG_VERSION`]: '15', ...WHOLE },
    answers: [null],
    left: AFTER,
    ids: [ID],
    free: true,
  },
  'it removes half of a restore that nobody asks for any more': {
    files: { ...DATA, ...HALF },
    answers: [null],
    left: ['pgdata'],
    free: true,
  },
  'it does nothing with data that went through the restore': {
    files: { ...DATA, ...DONE },
    answers: [asks('restore')],
    left: ['pgdata'],
    ids: [ID],
    tells: { id: ID, state: 'restored' },
  },
};

describe('A member that starts while a restore in place may be under way', function () {
  this.timeout(10_000);
  let folder: string;

  before(function () {
    if (spawnSync('python3', ['--version']).status === 0) return;
    process.stderr.write(`SKIPPED, ${this.test?.parent?.title ?? ''}: no python3\n`);
    this.skip();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-hold-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs it on the folder. */
  function run(input: object): Record<string, unknown> {
    const { stdout, stderr } = spawnSync('python3', ['-BIS', RUNNER, IMAGE, folder], {
      input: JSON.stringify(input),
      encoding: 'utf8',
    });
    expect(stdout, stderr).to.not.equal('');
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  for (const [name, { files, answers, fails, left, ids = [], free = false, tells }] of Object.entries(CASES)) {
    it(name, () => {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(join(folder, dirname(path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      const { asked, ...result } = run({ answers, fails });
      expect(result).to.deep.equal({ free, ids, left });
      const told = (asked as [string, string, Readonly<Record<string, string>>?][]).flatMap(([, path, notes]) =>
        path === 'orders-restore' && notes ? [JSON.parse(notes[RESULT] ?? '') as unknown] : [],
      );
      expect(told).to.deep.equal(tells ? [tells] : []);
    });
  }

  it('refuses a backup that finds no room beside the present data', () => {
    const refused = 'the backup needs 1000 bytes beside the present data, and the volume has 999';
    expect(run({ space: 999 })).to.include({ refused });
    expect(run({ space: 1000 })).to.include({ prepared: true });
  });
});
