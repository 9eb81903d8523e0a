import { expect } from 'chai';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Repository, Result } from './repository.ts';
import { repositoryOrSkip } from './repository.ts';

const LSN = /^[0-9A-F]+\/[0-9A-F]+$/;
const SEGMENT = /^[0-9A-F]{24}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** In this order: each test goes on where the one before ended. */
describe('The program of the image that backs up, with a real pgBackRest', function () {
  this.timeout(180_000);
  let repository: Repository;
  const made: Result[] = [];
  let rows = 0;

  before(function () {
    repository = repositoryOrSkip(this);
    repository.query('CREATE TABLE written (number int)');
  });

  after(() => {
    (repository as Repository | undefined)?.stop();
  });

  /** Writes one more row and backs up; every result is of a backup with as many rows as backups were made. */
  function backUp(...options: string[]): Result {
    rows += 1;
    repository.query(`INSERT INTO written VALUES (${rows})`);
    const { code, result } = repository.backUp(...options);
    expect(code, JSON.stringify(result)).to.equal(0);
    made.push(result);
    return result;
  }

  const label = (index: number): string => String(made[index]?.['label']);

  it('makes the stanza and a full backup first, and tells what came of it', () => {
    const result = backUp('--backup=nightly-1', '--keep-count=9');
    expect(result).to.include({ succeeded: true, type: 'full', expired: 0 });
    expect(result).to.have.all.keys(
      ...['succeeded', 'label', 'type', 'repositoryBytes', 'databaseBytes', 'start', 'stop'],
      ...['walStart', 'walStop', 'lsnStart', 'lsnStop', 'backup', 'expired'],
    );
    expect(result['lsnStop']).to.match(LSN);
    expect(result['walStop']).to.match(SEGMENT);
    expect(result['stop']).to.match(TIME);
    expect(result['databaseBytes']).to.be.greaterThan(1_000_000);
    expect(repository.pgbackrest('--output=json', 'info')).to.include('"annotation":{"backup":"nightly-1"}');
  });

  it('makes no second backup for the same request', () => {
    const { code, result } = repository.backUp('--backup=nightly-1', '--keep-count=9');
    expect(code).to.equal(0);
    expect(result['label']).to.equal(label(0));
    expect(repository.labels()).to.deep.equal([label(0)]);
  });

  it('makes an incremental one when the full one is young', () => {
    expect(backUp('--schedule=weekly')).to.include({ type: 'incremental', schedule: 'weekly', expired: 0 });
  });

  it('makes a full one when the newest is as old as agreed', () => {
    expect(backUp('--full-every-days=0')).to.include({ type: 'full' });
    expect(backUp('--full-every-days=1')).to.include({ type: 'incremental' });
  });

  it('makes an incremental one when that is asked for, however old the full one is', () => {
    expect(backUp('--full-every-days=0', '--type=incremental')).to.include({ type: 'incremental' });
  });

  it('makes a full one when it is asked for, and keeps it for ever', () => {
    expect(backUp('--type=full', '--keep=forever')).to.include({ type: 'full' });
  });

  it('expires what no rule keeps, newest first, and the WAL before the oldest full one', () => {
    expect(repository.archived()[0]).to.satisfy((oldest: string) => oldest < String(made[2]?.['walStart']));
    expect(backUp('--keep-count=3')).to.include({ type: 'incremental', expired: 2 });
    expect(repository.labels()).to.deep.equal([2, 3, 4, 5, 6].map(label));
    expect(repository.archived()[0]).to.equal(made[2]?.['walStart']);
  });

  it('goes on keeping what is kept for ever, with the WAL from it on', () => {
    backUp('--type=full', '--keep-days=0', '--keep-count=1');
    expect(repository.labels()).to.deep.equal([5, 7].map(label));
    expect(repository.archived()[0]).to.equal(made[5]?.['walStart']);
  });

  it('leaves only what can be restored, to the row', () => {
    backUp('--keep-count=2');
    expect(repository.labels()).to.deep.equal([5, 7, 8].map(label));
    for (const index of [5, 7, 8]) {
      expect(repository.restored(label(index), 'SELECT count(*), max(number) FROM written')).to.equal(
        `${index + 1}|${index + 1}`,
      );
    }
  });

  it('fails with a reason and without a backup when the repository cannot be read', () => {
    renameSync(join(repository.folder, 'repo/backup/orders/backup.info'), join(repository.folder, 'info'));
    renameSync(join(repository.folder, 'repo/backup/orders/backup.info.copy'), join(repository.folder, 'info.copy'));
    const { code, result } = repository.backUp('--keep-count=1');
    renameSync(join(repository.folder, 'info'), join(repository.folder, 'repo/backup/orders/backup.info'));
    renameSync(join(repository.folder, 'info.copy'), join(repository.folder, 'repo/backup/orders/backup.info.copy'));
    expect(code).to.equal(1);
    expect(result).to.have.all.keys('succeeded', 'reason');
    expect(result['reason']).to.match(/^(stanza-create|check|info) /);
    expect(repository.labels()).to.deep.equal([5, 7, 8].map(label));
  });

  it('takes no argument outside of its lists', () => {
    for (const argument of [
      '--type=differential',
      '--keep=always',
      '--backup=a;b',
      '--schedule=-',
      '--keep-days=-1',
      '--shell=x',
    ]) {
      expect(repository.backUp(argument).code, argument).to.equal(2);
    }
  });
});
