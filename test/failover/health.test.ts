import { expect } from 'chai';
import type { Attempt } from '../../lab/failover/attempt.ts';
import { attempt, failed } from './attempts.ts';
import type { MemberPod } from '../../lab/failover/pods.ts';
import { areReady, areWhole, podChanges, readPod } from '../../lab/failover/pods.ts';

const NOW = 10_000;

function pod(number: number, other: Partial<MemberPod> = {}): MemberPod {
  return {
    name: `probed-${number}`,
    uid: `uid-${number}`,
    address: `10.0.0.${number}`,
    node: `n${number}`,
    role: number === 1 ? 'primary' : 'replica',
    ready: true,
    leaving: false,
    container: `container-${number}`,
    restarts: 0,
    ...other,
  };
}

const PODS = [pod(1), pod(2), pod(3)];
const primary = attempt(NOW, { client: 'n1', recovering: false, streaming: 2 });
const standby = (number: number): Attempt =>
  failed(NOW, { client: `n${number}`, server: `10.0.0.${number}`, recovering: true });

function said(...others: Attempt[]): Map<string, Attempt> {
  return new Map([primary, standby(2), standby(3), ...others].map((one) => [one.client, one]));
}

describe('members are healthy', () => {
  it('when Kubernetes calls them ready, the primary writes and the others stream from it', () => {
    expect(areWhole(PODS, said(), NOW + 500)).to.be.true;
  });
});

describe('members are not healthy', () => {
  const cases: { name: string; pods?: MemberPod[]; latest?: Map<string, Attempt>; now?: number }[] = [
    { name: 'when one is missing', pods: PODS.slice(0, 2) },
    { name: 'when one is not ready', pods: [pod(1), pod(2), pod(3, { ready: false })] },
    { name: 'when one is about to end', pods: [pod(1), pod(2), pod(3, { leaving: true })] },
    { name: 'when two are labelled primary', pods: [pod(1), pod(2, { role: 'primary' }), pod(3)] },
    { name: 'when none is labelled primary', pods: [pod(1, { role: undefined }), pod(2), pod(3)] },
    { name: 'when a standby does not stream', latest: said({ ...primary, streaming: 1 }) },
    { name: 'when the primary does not acknowledge writes', latest: said({ ...primary, acknowledged: false }) },
    { name: 'when the one with the label recovers', latest: said({ ...primary, recovering: true }) },
    { name: 'when a standby is no standby', latest: said({ ...standby(2), recovering: false }) },
    { name: 'when a member does not answer', latest: said(failed(NOW, { client: 'n3' })) },
    { name: 'when a member has not been heard for some time', now: NOW + 2000 },
    { name: 'when the answer is that of a pod before', pods: [pod(1), pod(2), pod(3, { address: '10.0.0.9' })] },
    { name: 'when nobody has asked yet', latest: new Map() },
  ];
  for (const { name, pods = PODS, latest = said(), now = NOW } of cases) {
    it(name, () => {
      expect(areWhole(pods, latest, now)).to.be.false;
    });
  }
});

describe('members are ready', () => {
  it('whatever pods that are about to end still say', () => {
    expect(areReady([...PODS, pod(4, { leaving: true, role: 'primary' })])).to.be.true;
  });
});

describe('a pod', () => {
  it('is read without its prefix of the runtime, and without what is not there yet', () => {
    const read = readPod({
      metadata: { name: 'probed-0', uid: 'u', labels: { 'db.example.com/role': 'primary' } },
      spec: { nodeName: 'n1' },
      status: {
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ name: 'postgresql', containerID: 'containerd://abc', restartCount: 1 }],
      },
    });
    expect(read).to.deep.include({ container: 'abc', restarts: 1, ready: true, leaving: false, address: undefined });
  });

  const cases = [
    { name: 'is made', after: pod(1), told: ['probed-1 is made'] },
    { name: 'is gone', before: pod(1), told: ['probed-1 is gone'] },
    {
      name: 'is recreated under its old name',
      before: pod(1),
      after: pod(1, { uid: 'x' }),
      told: ['probed-1 is made'],
    },
    { name: 'does not change', before: pod(1), after: pod(1), told: [] },
    {
      name: 'changes in several ways at once',
      before: pod(1),
      after: pod(1, { role: undefined, ready: false }),
      told: ['probed-1 changes its role: primary → none', 'probed-1 is not ready any more'],
    },
  ];
  for (const { name, before, after, told } of cases) {
    it(name, () => {
      expect(podChanges(before, after)).to.deep.equal(told);
    });
  }
});
