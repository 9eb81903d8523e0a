import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { run } from '../../lab/processes/command.ts';
import { down } from '../../lab/cluster/down.ts';
import { killNode } from '../../lab/cluster/faults.ts';
import { clusterNamed, nodeNamed } from '../../lab/cluster/layout.ts';
import { CannotRun, requireCluster } from '../../lab/cluster/needs.ts';
import { PAUSE_IMAGE } from '../../lab/cluster/node.ts';
import { findClusterPrograms } from '../../lab/programs/cluster-programs.ts';
import { stopServer } from '../../lab/cluster/server.ts';
import { isUp, up } from '../../lab/cluster/up.ts';
import { until } from '../../lab/processes/until.ts';

const COMMAND = join(import.meta.dirname, '../../scripts/cluster.ts');
const NAME = 'ballast-traces';
const cluster = clusterNamed(NAME);

/** All that a cluster leaves on the computer while it is there: files, mounts, namespaces, cgroups, processes, loop devices. */
async function traces(): Promise<string[]> {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(NAME));
  const namespaces = readdirSync('/run/netns').filter((name) => name.startsWith(NAME));
  const cgroups = readdirSync('/sys/fs/cgroup').map((name) => join('/sys/fs/cgroup', name, NAME));
  const processes = (await run(['ps', '-e', '-o', 'args'])).split('\n').filter((line) => line.includes(`/${NAME}/`));
  const devices = (await run(['losetup', '--list', '--noheadings', '--output', 'BACK-FILE']))
    .split('\n')
    .filter((line) => line.includes(NAME));
  const files = [cluster.folder, ...cgroups].filter((path) => existsSync(path));
  return [...mounts, ...namespaces, ...processes, ...devices, ...files];
}

/** Starts a cluster in a process of its own and kills that after a while. */
async function startAndKill(afterMs: number): Promise<void> {
  const env = { ...process.env, BALLAST_CLUSTER: NAME };
  const child = spawn(process.execPath, [COMMAND, 'up'], { stdio: 'ignore', env });
  await Promise.race([sleep(afterMs), once(child, 'exit')]);
  child.kill('SIGKILL');
}

/** The pod does nothing but hold its volume. */
async function startPodWithVolume(): Promise<void> {
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '300Mi' } } };
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  const containers = [{ name: 'holder', image: PAUSE_IMAGE, volumeMounts: [{ name: 'data', mountPath: '/data' }] }];
  const items = [
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: claim },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'holder' }, spec: { containers, volumes } },
  ];
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await run([cluster.kubectl, 'apply', '--filename', '-'], list);
  await run([cluster.kubectl, 'wait', '--for=condition=Ready', 'pod/holder', '--timeout=60s']);
}

async function expectNoTraces(): Promise<void> {
  // The kernel lets go of a loop device a moment after its last mount.
  await until(async () => (await traces()).length === 0, 10_000, 'traces').catch(() => undefined);
  expect(await traces()).to.deep.equal([]);
}

describe('the end of a cluster', function () {
  this.timeout('3m');

  before(async function () {
    this.timeout('20m');
    try {
      requireCluster();
      await findClusterPrograms();
    } catch (error) {
      if (!(error instanceof CannotRun)) throw error;
      process.stderr.write(`SKIPPED, ${this.test?.parent?.title ?? ''}: ${error.message}\n`);
      this.skip();
    }
  });

  afterEach(() => down(cluster));

  for (const afterMs of [300, 1000, 2000, 4000]) {
    it(`leaves nothing of a start that was killed after ${afterMs} ms`, async () => {
      await startAndKill(afterMs);
      await down(cluster);
      await expectNoTraces();
    });
  }

  it('leaves nothing of a cluster with pods and volumes, a killed kubelet and a dead node', async () => {
    await startAndKill(2500);
    await up(cluster, await findClusterPrograms(), () => undefined);
    expect(isUp(cluster)).to.equal(true);
    await startPodWithVolume();
    expect((await traces()).filter((trace) => trace.includes('/volumes/pvc-'))).not.to.be.empty;
    await stopServer(nodeNamed(cluster, 'n1'), 'kubelet');
    await killNode(cluster, nodeNamed(cluster, 'n2'));
    expect(isUp(cluster)).to.equal(false);
    await down(cluster);
    await expectNoTraces();
  });

  it('has nothing to do when there is no cluster', async () => {
    await down(cluster);
    await expectNoTraces();
  });
});
