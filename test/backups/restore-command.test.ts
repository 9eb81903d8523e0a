import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsOf } from './database.ts';

const RESTORE = { from: 'orders', destination: 's3://acme-backups/shop/orders' };

/** Codes of pgBackRest, and what PostgreSQL is told: above 125 it ends, and below it takes the archive to end here. */
const CODES: Readonly<Record<string, readonly [number, number]>> = {
  'a file that is there': [0, 0],
  'a file that the archive does not have': [1, 1],
  'a repository that is not reached': [49, 255],
  'WAL that did not come in time': [82, 255],
};

describe('The command that a replay fetches WAL with', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-restore-command-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const configuration = settingsOf('copy', { bootstrap: { restore: RESTORE } })['pgbackrest-restore.conf'] ?? '';
  const [, command = ''] = /^recovery-option=restore_command=(.*)$/m.exec(configuration) ?? [];

  for (const [name, [code, told]] of Object.entries(CODES)) {
    it(`says of ${name}: ${told}`, () => {
      writeFileSync(join(folder, 'pgbackrest'), `#!/bin/sh\nexit ${code}\n`);
      chmodSync(join(folder, 'pgbackrest'), 0o755);
      const run = command.replace('%f', '000000010000000000000001').replace('%p', 'pg_wal/RECOVERYXLOG');
      const { status } = spawnSync('sh', ['-c', run], { env: { PATH: `${folder}:/usr/bin:/bin` } });
      expect(status, run).to.equal(told);
    });
  }

  it('has no quote that would end its setting early', () => {
    expect(command)
      .to.match(/^pgbackrest /)
      .and.not.include("'");
  });
});
