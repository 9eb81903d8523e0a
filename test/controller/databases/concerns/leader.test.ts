import { expect } from 'chai';
import { isProvenDead } from '../../../../controller/engines/postgresql/leader-lock.ts';
import type { MemberPod, Observation, ServerContainer } from '../../../../controller/databases/observation.ts';
import { healthy, lock, member, saying, secondsAgo } from '../../observations.ts';
import { itDecides } from './cases.ts';

const ended = (changes: Partial<ServerContainer> = {}): Partial<MemberPod> => ({
  ready: false,
  server: { state: 'terminated', restarts: 0, startedAt: secondsAgo(3590), finishedAt: secondsAgo(1), ...changes },
});

/** orders-0 holds the lock, and is as given; the standbys are well. */
function holder(changes: Partial<MemberPod>, seen: Partial<Observation> = {}): Observation {
  const standbys = [member(1, 'replica'), member(2, 'replica')];
  return healthy(3, { pods: [member(0, 'primary', changes), ...standbys], ...seen });
}

describe('The lock of a primary', () => {
  itDecides([
    {
      name: 'is freed when the kubelet reports that its container ended after it renewed the lock',
      seen: holder(ended()),
      step: { do: 'release-leader-lock', member: 'orders-0', resourceVersion: '300' },
    },
    {
      name: 'is freed when the container has been started again and has not renewed the lock',
      seen: holder({ server: { state: 'running', restarts: 1, startedAt: secondsAgo(0), finishedAt: secondsAgo(1) } }),
      step: { do: 'release-leader-lock', member: 'orders-0' },
    },
    {
      name: 'is freed while the container waits to be started again',
      seen: holder(ended({ state: 'waiting', reason: 'CrashLoopBackOff' })),
      step: { do: 'release-leader-lock', member: 'orders-0' },
    },
    {
      name: 'is freed when the Database breaks rules: it has a primary all the same',
      seen: holder(ended(), { problems: ['spec.replicas: must be between 1 and 9'] }),
      step: { do: 'release-leader-lock', member: 'orders-0' },
    },
    {
      name: 'is freed before anything else that is due',
      seen: holder(ended(), { claims: [], namespaceGuard: 'none' }),
      step: { do: 'release-leader-lock', member: 'orders-0' },
    },
    { name: 'is left when the pod is only not ready', seen: holder({ ready: false }) },
    { name: 'is left when the pod is being deleted and runs', seen: holder({ deleting: true }) },
    {
      name: 'is left when the pod is gone from the API server',
      seen: { ...holder({}), pods: holder({}).pods.slice(1) },
    },
    { name: 'is left when nobody could take over', seen: { ...healthy(1), pods: [member(0, 'primary', ended())] } },
    {
      name: 'is left when a standby runs whose own server does not',
      seen: healthy(2, {
        pods: [member(0, 'primary', ended()), saying(member(1, 'replica'), { runs: false, follows: false })],
      }),
    },
    { name: 'is left when nobody holds it', seen: { ...holder(ended()), leader: lock(undefined) } },
    {
      name: 'is left while Patroni is paused',
      seen: {
        ...holder(ended()),
        patroni: { ...healthy(3).patroni!, config: { ...healthy(3).patroni!.config, pause: true } },
      },
    },
  ]);

  const proofs: readonly { name: string; pod: Partial<MemberPod>; renewed: number; proven: boolean }[] = [
    {
      name: 'an end in the second of the last renewal, none running',
      pod: ended({ finishedAt: secondsAgo(3) }),
      renewed: 2.1,
      proven: true,
    },
    {
      name: 'an end in the second of the last renewal, one running',
      pod: ended({ state: 'running', finishedAt: secondsAgo(3) }),
      renewed: 2.1,
      proven: false,
    },
    {
      name: 'an end before the last renewal',
      pod: ended({ state: 'running', finishedAt: secondsAgo(30) }),
      renewed: 2,
      proven: false,
    },
    {
      name: 'an end before the last renewal, seen late',
      pod: ended({ finishedAt: secondsAgo(30) }),
      renewed: 2,
      proven: false,
    },
    {
      name: 'the end of a pod that is younger than the lock',
      pod: { ...ended(), createdAt: secondsAgo(60) },
      renewed: 3,
      proven: false,
    },
    {
      name: 'a container of which no end is known',
      pod: { server: { state: 'waiting', restarts: 0 } },
      renewed: 3,
      proven: false,
    },
    { name: 'a pod of which no container is known', pod: { server: undefined as never }, renewed: 3, proven: false },
  ];
  for (const { name, pod, renewed, proven } of proofs) {
    it(`is ${proven ? '' : 'not '}proven to be of a dead process by ${name}`, () => {
      const leader = lock('orders-0', { renewedAt: secondsAgo(renewed) });
      expect(isProvenDead(member(0, 'primary', pod), leader)).to.equal(proven);
    });
  }
});

describe('The label of a primary', () => {
  const taken = (changes: Partial<Observation> = {}): Observation => ({
    ...healthy(3),
    leader: lock('orders-1'),
    pods: [member(0, 'primary', { ready: false }), saying(member(1, 'primary'), { term: 2 }), member(2, 'replica')],
    ...changes,
  });

  itDecides([
    {
      name: 'is taken from the pod that led before, once another leads',
      seen: taken(),
      step: { do: 'relabel', pod: 'orders-0', resourceVersion: '100' },
    },
    { name: 'is left while nobody holds the lock', seen: taken({ leader: lock(undefined) }) },
    { name: 'is left when the holder does not exist', seen: taken({ leader: lock('orders-7') }) },
    {
      name: 'is left when the lock has run out: what is seen of it may be old',
      seen: taken({ leader: lock('orders-1', { renewedAt: secondsAgo(21) }) }),
    },
    {
      name: 'is left while the holder has not promoted itself',
      seen: taken({ pods: [member(0, 'primary', { ready: false }), member(1, 'replica'), member(2, 'replica')] }),
    },
    {
      name: 'is left on a pod that is on a newer timeline: the lock seen is an old one',
      seen: taken({
        leader: lock('orders-0'),
        pods: [member(0, 'primary'), saying(member(1, 'primary'), { term: 2 })],
      }),
    },
    {
      name: 'is left when the container of the holder does not run',
      seen: taken({
        pods: [member(0, 'primary'), member(1, 'primary', { server: { state: 'waiting', restarts: 1 } })],
      }),
    },
  ]);
});
