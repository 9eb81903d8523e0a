import { copyFileSync, appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { processesOf } from '../../lab/cluster/cgroups.ts';
import { attempt } from '../../lab/processes/command.ts';
import {
  cutOff,
  killNode,
  processesIn,
  reconnect,
  startApiServer,
  startNode,
  stopApiServer,
} from '../../lab/cluster/faults.ts';
import { bringProgram } from '../../lab/cluster/images.ts';
import type { Cluster } from '../../lab/cluster/layout.ts';
import { nodeNamed } from '../../lab/cluster/layout.ts';
import { inMachine, runIn } from '../../lab/cluster/machine.ts';
import { TOOLS, clusterOrSkip, inPod, kubectl, makeClaim, startPod } from './suite.ts';
import { until } from '../../lab/processes/until.ts';

const READ_MS = 90_000;

const field = (pod: string, path: string): Promise<string> =>
  kubectl(['get', 'pod', pod, '--output', `jsonpath={.${path}}`]);

const restarts = async (pod: string): Promise<number> =>
  Number(await field(pod, 'status.containerStatuses[0].restartCount'));

async function untilRestarted(pod: string): Promise<void> {
  await until(async () => (await restarts(pod)) > 0, READ_MS, `${pod} was not started again`);
  await kubectl(['wait', '--for=condition=Ready', `pod/${pod}`, '--timeout=60s']);
}

describe('faults that tests can make', function () {
  this.timeout('4m');
  let cluster: Cluster;

  before(async function () {
    cluster = await clusterOrSkip(this);
  });

  it('a node that is cut off reaches no other machine, and goes on when it is reconnected', async () => {
    const node = nodeNamed(cluster, 'n3');
    const ping = inMachine(cluster.control, ['busybox', 'ping', '-c', '1', '-W', '1', node.address]);
    await startPod('alone', { node: 'n3', commands: 'while date; do sleep 1; done' });
    const uid = await field('alone', 'metadata.uid');
    expect(await attempt(ping)).to.equal(true);
    await cutOff(cluster, node);
    try {
      expect(await attempt(ping)).to.equal(false);
      expect(processesIn(cluster, uid).map(({ command }) => command)).to.include('/pause');
    } finally {
      await reconnect(cluster, node);
    }
    await until(() => attempt(ping), READ_MS, 'the node is not reached again');
    expect(await inPod('alone', 'echo here')).to.equal('here\n');
    expect(await restarts('alone')).to.equal(0);
  });

  it('a killed node has no process left, and comes back with its pods and their volumes', async () => {
    const node = nodeNamed(cluster, 'n2');
    await makeClaim('survivor', '300Mi');
    await startPod('survivor', { node: 'n2', claim: 'survivor' });
    await inPod('survivor', 'echo kept >/data/file && sync');
    await killNode(cluster, node);
    expect(processesOf(node.cgroup)).to.deep.equal([]);
    await startNode(cluster, node);
    await untilRestarted('survivor');
    expect(await inPod('survivor', 'cat /data/file')).to.equal('kept\n');
  });

  it('an API server that was stopped comes back with what it knew, and pods did not notice', async () => {
    await startPod('unaware');
    await stopApiServer(cluster);
    expect(await attempt([cluster.kubectl, 'get', '--raw', '/livez'])).to.equal(false);
    await startApiServer(cluster);
    expect(await restarts('unaware')).to.equal(0);
    await startPod('later');
  });

  it('a process of a container can be killed from outside, and the kubelet starts the container again', async () => {
    await startPod('victim');
    const id = (await field('victim', 'status.containerStatuses[0].containerID')).replace('containerd://', '');
    const inside = processesIn(cluster, id);
    expect(inside.map(({ command }) => command)).to.deep.equal(['sleep 100000']);
    for (const { pid } of inside) process.kill(pid, 'SIGKILL');
    await untilRestarted('victim');
  });

  it('an image that was made again under its name is what new pods run', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ballast-test-'));
    const program = join(folder, 'busybox');
    const size = (): Promise<string> => inPod('rebuilt', 'stat -c %s /busybox');
    try {
      await startPod('rebuilt');
      const before = Number(await size());
      copyFileSync(TOOLS.program, program);
      appendFileSync(program, 'more');
      await bringProgram({ ...TOOLS, program }, cluster.nodes);
      await kubectl(['delete', 'pod', 'rebuilt']);
      await startPod('rebuilt');
      expect(Number(await size())).to.equal(before + 'more'.length);
    } finally {
      rmSync(folder, { recursive: true });
      await bringProgram(TOOLS, cluster.nodes);
    }
  });

  it('a command runs on the node that it is meant for', async () => {
    const addresses = await runIn(nodeNamed(cluster, 'n2'), ['ip', '-brief', 'address', 'show', 'eth0']);
    expect(addresses).to.contain('172.30.0.12/16');
  });
});
