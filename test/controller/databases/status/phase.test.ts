import { expect } from 'chai';
import { decide } from '../../../../controller/databases/concerns/decide.ts';
import type { Observation } from '../../../../controller/databases/observation.ts';
import type { DatabaseStatus } from '../../../../database/types.ts';
import { NOW, claim, healthy, lock, member, without, workload } from '../../observations.ts';

const ASLEEP = { annotations: { 'db.example.com/hibernate': 'true' } };
const leaderless = { leader: lock(undefined) };

const fresh = (seen: Observation): Observation => without(seen, 'patroni');

/** The observation after this phase. */
function after(phase: DatabaseStatus['phase'], seen: Observation): Observation {
  return { ...seen, own: { ...seen.own, status: { phase: phase! } } };
}

const CASES: readonly { readonly name: string; readonly seen: Observation; readonly phase: DatabaseStatus['phase'] }[] =
  [
    {
      name: 'nothing is there',
      seen: without(fresh(healthy(0, { spec: { replicas: 3 }, ...leaderless })), 'workload'),
      phase: 'Pending',
    },
    { name: 'no member has made the cluster', seen: fresh(healthy(1, leaderless)), phase: 'Creating' },
    {
      name: 'the first data come from a backup',
      seen: fresh(
        healthy(1, { spec: { bootstrap: { adopt: false, recover: false, restore: { from: 'old' } } }, ...leaderless }),
      ),
      phase: 'Restoring',
    },
    { name: 'all is well', seen: healthy(3), phase: 'Running' },
    {
      name: 'a standby fails',
      seen: after('Running', healthy(2, { pods: [member(0, 'primary'), member(1, 'replica', { ready: false })] })),
      phase: 'Running',
    },
    { name: 'more members are wanted', seen: healthy(2, { spec: { replicas: 3 } }), phase: 'Scaling' },
    {
      name: 'new members are not ready',
      seen: after('Scaling', healthy(2, { pods: [member(0, 'primary'), member(1, 'replica', { ready: false })] })),
      phase: 'Scaling',
    },
    {
      name: 'the template has changed',
      seen: healthy(2, { workload: workload(2, { updateRevision: 'newer' }) }),
      phase: 'Updating',
    },
    {
      name: 'the only member is recreated',
      seen: after('Updating', healthy(1, { pods: [], ...leaderless })),
      phase: 'Updating',
    },
    {
      name: 'the primary switches over at the end of a rollout',
      seen: after('Updating', healthy(2, { ...leaderless, switchover: { resourceVersion: '1', from: 'orders-0' } })),
      phase: 'Updating',
    },
    { name: 'nobody leads and a standby serves', seen: after('Running', healthy(3, leaderless)), phase: 'FailingOver' },
    {
      name: 'the only member does not serve',
      seen: after('Running', healthy(1, { pods: [member(0, 'primary', { ready: false })] })),
      phase: 'Failed',
    },
    { name: 'it falls asleep', seen: healthy(3, { own: ASLEEP }), phase: 'Scaling' },
    { name: 'it sleeps', seen: healthy(0, { spec: { replicas: 3 }, own: ASLEEP }), phase: 'Pending' },
    {
      name: 'it wakes',
      seen: after('Pending', healthy(3, { ...leaderless, pods: [member(0, 'replica', { ready: false })] })),
      phase: 'Scaling',
    },
    {
      name: 'its volumes are another’s',
      seen: healthy(1, { claims: [claim(0, { owner: 'another' })] }),
      phase: 'Failed',
    },
    { name: 'rules are broken and it serves', seen: healthy(3, { problems: ['one'] }), phase: 'Running' },
    { name: 'it is deleted', seen: healthy(3, { own: { deletionRequestedAt: NOW } }), phase: 'Deleting' },
    {
      name: 'its deletion is held',
      seen: healthy(3, { spec: { deletionPolicy: 'Protect' }, own: { deletionRequestedAt: NOW } }),
      phase: 'Running',
    },
  ];

describe('The phase', () => {
  for (const { name, seen, phase } of CASES) {
    it(`is ${phase} when ${name}`, () => {
      expect(decide(seen, NOW).status.phase).to.equal(phase);
    });
  }
});
