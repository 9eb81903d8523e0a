import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:https';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { writePair } from './tls-pair.ts';

const PROGRAM = join(import.meta.dirname, '../../images/postgres/member.py');

/** A Patroni that starts a server as a daemon, like postgres, and waits. */
const WITH_SERVER =
  '( sleep 300 & echo $! > "$DATA/postmaster.pid" ); trap "exit 7" TERM; while :; do sleep 0.05; done';

describe('The first process of a member', function () {
  this.timeout(20_000);
  let folder: string;
  let server: Server;
  let calls: string[];
  let member: ChildProcess | undefined;

  before(async function () {
    if (process.platform !== 'linux' || spawnSync('python3', ['--version']).status !== 0) {
      process.stderr.write('SKIPPED, the first process of a member: no Linux with python3\n');
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'ballast-member-'));
    await writePair(folder);
    const [ca, cert, key] = ['ca.crt', 'tls.crt', 'tls.key'].map((name) => readFileSync(join(folder, name)));
    server = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true }, (request, response) => {
      void text(request).then((body) => {
        calls.push(`${request.method ?? ''} ${request.url ?? ''} ${body}`);
        response.end('{}');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  beforeEach(() => {
    calls = [];
  });

  afterEach(() => {
    const pid = postmaster();
    if (pid !== undefined) kill(pid);
    // With all that it has started: it leads a group of its own.
    if (member?.pid !== undefined) kill(-member.pid);
  });

  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function run(script: string, ...configuration: string[]): ChildProcess {
    const { port } = server.address() as AddressInfo;
    rmSync(join(folder, 'postmaster.pid'), { force: true });
    const args = ['-BIS', PROGRAM, folder, folder, `127.0.0.1:${port}`, 'sh', '-c', script, ...configuration];
    member = spawn('python3', args, { env: { ...process.env, DATA: folder }, stdio: 'ignore', detached: true });
    return member;
  }

  function postmaster(): number | undefined {
    try {
      const pid = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8'));
      return pid > 1 ? pid : undefined;
    } catch {
      return undefined;
    }
  }

  function kill(pid: number): void {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }

  async function until<T>(look: () => T | undefined, most = 1000): Promise<T> {
    for (let tries = 0; tries < most; tries += 1) {
      const seen = look();
      if (seen !== undefined) return seen;
      await sleep(10);
    }
    throw new Error('did not come');
  }

  it('has Patroni look at once when the server was killed', async () => {
    run(WITH_SERVER);
    kill(await until(postmaster));
    expect(await until(() => calls[0])).to.equal('PATCH /config {"nothing": null}');
  });

  it('lets a server stop in order without a word', async () => {
    run(
      `${WITH_SERVER.split('trap')[0] ?? ''} sleep 0.1; pid=$(cat "$DATA/postmaster.pid"); rm "$DATA/postmaster.pid"; kill $pid; sleep 0.3`,
    );
    const [code] = (await once(member ?? server, 'exit')) as [number];
    expect(code).to.equal(0);
    expect(calls).to.deep.equal([]);
  });

  it('has Patroni read a renewed certificate again', async function () {
    // It looks every five seconds.
    this.timeout(60_000);
    const exists = (name: string) => () => existsSync(join(folder, name)) || undefined;
    run('trap "touch $DATA/reloaded" HUP; touch $DATA/started; while :; do sleep 0.05; done');
    await until(exists('started'));
    appendFileSync(join(folder, 'tls.crt'), '\n');
    await until(exists('reloaded'), 3000);
  });

  it('has Patroni read rules about logins again that stand beside its configuration', async function () {
    this.timeout(60_000);
    const exists = (name: string) => () => existsSync(join(folder, name)) || undefined;
    for (const name of ['started', 'reloaded']) rmSync(join(folder, name), { force: true });
    writeFileSync(join(folder, 'pg_hba.conf'), 'first');
    run(
      'trap "touch $DATA/reloaded" HUP; touch $DATA/started; while :; do sleep 0.05; done',
      join(folder, 'patroni.yaml'),
    );
    await until(exists('started'));
    writeFileSync(join(folder, 'pg_hba.conf'), 'second');
    await until(exists('reloaded'), 3000);
  });

  it('passes signals on and ends as Patroni ends', async () => {
    const child = run(WITH_SERVER);
    await until(postmaster);
    await sleep(100);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).to.equal(7);
  });

  it('leaves a Patroni that is killed right after its start to the kubelet', async () => {
    const [code] = (await once(run('kill -KILL $$'), 'exit')) as [number];
    expect(code).to.equal(128 + 9);
  });
});
