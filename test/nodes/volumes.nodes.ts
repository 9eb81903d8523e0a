import { readdirSync } from 'node:fs';
import { expect } from 'chai';
import type { Cluster } from '../../lab/cluster/layout.ts';
import { clusterOrSkip, inPod, kubectl, makeClaim, startPod } from './suite.ts';
import { until } from '../../lab/processes/until.ts';

const grow = (claim: string, storage: string): Promise<string> =>
  kubectl(['patch', 'pvc', claim, '--patch', JSON.stringify({ spec: { resources: { requests: { storage } } } })]);

/** Size of the file system at /data, in MiB. */
async function megabytes(pod: string): Promise<number> {
  return Number(await inPod(pod, "df -m /data | tail -n 1 | awk '{print $2}'"));
}

async function message(failing: Promise<unknown>): Promise<string> {
  return failing.then(
    () => 'it did not fail',
    (error: unknown) => String(error),
  );
}

describe('volumes of the cluster', function () {
  this.timeout('2m');
  let cluster: Cluster;

  before(async function () {
    cluster = await clusterOrSkip(this);
    await makeClaim('data', '400Mi');
    await startPod('writer', { claim: 'data', node: 'n1' });
  });

  it('can be written by a pod without root, through its group', async () => {
    await inPod('writer', 'echo kept >/data/file');
    expect(await inPod('writer', 'stat -c %g /data')).to.equal('999\n');
  });

  it('are there with all that was written when the pod moves to another node', async () => {
    await kubectl(['delete', 'pod', 'writer']);
    await startPod('writer', { claim: 'data', node: 'n2' });
    expect(await inPod('writer', 'cat /data/file')).to.equal('kept\n');
  });

  it('are as large as was asked for, and take no more', async () => {
    expect(await megabytes('writer')).to.be.within(300, 400);
    const full = await message(inPod('writer', 'dd if=/dev/zero of=/data/large bs=1M count=500'));
    expect(full).to.contain('No space left on device');
    await inPod('writer', 'rm /data/large');
  });

  it('grow under a pod that runs', async () => {
    await grow('data', '800Mi');
    await kubectl(['wait', '--for=jsonpath={.status.capacity.storage}=800Mi', 'pvc/data', '--timeout=60s']);
    expect(await megabytes('writer')).to.be.within(600, 800);
    expect(await inPod('writer', 'cat /data/file')).to.equal('kept\n');
  });

  it('do not grow where their class does not allow it', async () => {
    await makeClaim('fixed', '300Mi', 'fixed');
    await startPod('fixed', { claim: 'fixed' });
    expect(await message(grow('fixed', '600Mi'))).to.contain(
      'the storageclass that provisions the pvc must support resize',
    );
  });

  it('go with their claims', async () => {
    const volume = await kubectl(['get', 'pvc', 'data', '--output', 'jsonpath={.spec.volumeName}']);
    expect(readdirSync(cluster.volumes)).to.include(volume);
    await kubectl(['delete', 'pod/writer', 'pvc/data']);
    await until(() => !readdirSync(cluster.volumes).includes(volume), 60_000, `${volume} is still there`);
  });
});
