import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../lab/processes/until.ts';

const PROGRAM = join(import.meta.dirname, '../../images/postgres/reload.py');
/** It looks every ten seconds. */
const LIMIT_MS = 40_000;

describe('What has a server read its certificate again', function () {
  this.timeout(2 * LIMIT_MS);
  let folder: string;
  let child: ChildProcess | undefined;

  before(function () {
    if (process.platform === 'linux' && spawnSync('python3', ['--version']).status === 0) return;
    process.stderr.write('SKIPPED, what has a server read its certificate again: no Linux with python3\n');
    this.skip();
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ballast-reload-'));
  });

  afterEach(() => {
    if (child?.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
    child = undefined;
    rmSync(folder, { recursive: true });
  });

  function run(script: string): ChildProcess {
    const args = ['-BIS', PROGRAM, join(folder, 'tls.crt'), 'sh', '-c', script];
    return (child = spawn('python3', args, { env: { ...process.env, DATA: folder }, stdio: 'ignore', detached: true }));
  }

  const appears = (name: string): Promise<void> =>
    until(() => existsSync(join(folder, name)), LIMIT_MS, `${name} never came`);

  function write(certificate: string): void {
    writeFileSync(join(folder, 'next'), certificate);
    renameSync(join(folder, 'next'), join(folder, 'tls.crt'));
  }

  it('tells it when the file has changed', async () => {
    write('first');
    run('trap "echo >>$DATA/told" HUP; touch $DATA/started; while :; do sleep 0.05; done');
    await appears('started');
    write('second');
    await appears('told');
  });

  it('passes a signal on, and ends as the server ends', async () => {
    const started = run('trap "exit 7" TERM; touch $DATA/started; while :; do sleep 0.05; done');
    await appears('started');
    started.kill('SIGTERM');
    expect(await once(started, 'exit')).to.deep.equal([7, null]);
  });

  it('ends as shells say it when the server was killed', async () => {
    expect(await once(run('kill -KILL $$'), 'exit')).to.deep.equal([137, null]);
  });
});
