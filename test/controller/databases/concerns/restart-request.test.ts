import { expect } from 'chai';
import { decide } from '../../../../controller/databases/concerns/decide.ts';
import type { DatabaseStatus } from '../../../../database/types.ts';
import type { Observation } from '../../../../controller/databases/observation.ts';
import { NOW, healthy, member } from '../../observations.ts';
import { itDecides } from './cases.ts';

const ALL = ['uid-of-pod-0', 'uid-of-pod-1', 'uid-of-pod-2'];

const asking = (request: string, noted?: { request: string; pods?: string[] }, seen = healthy(3)): Observation => ({
  ...seen,
  own: {
    ...seen.own,
    annotations: { 'db.example.com/restart': request },
    ...(noted && { status: { handled: { restart: noted } } }),
  },
});

const recreated = (ordinal: number, role: 'primary' | 'replica') => member(ordinal, role, { uid: `new-${ordinal}` });

describe('A request for a restart', () => {
  itDecides([
    { name: 'is noted before it is acted on', seen: asking('monday') },
    {
      name: 'begins with the standby of the highest ordinal',
      seen: asking('monday', { request: 'monday', pods: ALL }),
      step: { do: 'delete-pod', pod: 'orders-2' },
    },
    {
      name: 'goes on with the next standby',
      seen: {
        ...asking('monday', { request: 'monday', pods: ALL.slice(0, 2) }),
        pods: [member(0, 'primary'), member(1, 'replica'), recreated(2, 'replica')],
      },
      step: { do: 'delete-pod', pod: 'orders-1' },
    },
    {
      name: 'ends with a switchover, after which the former primary is recreated',
      seen: {
        ...asking('monday', { request: 'monday', pods: ALL.slice(0, 1) }),
        pods: [member(0, 'primary'), recreated(1, 'replica'), recreated(2, 'replica')],
      },
      step: { do: 'switchover', from: 'orders-0', to: 'orders-1' },
    },
    {
      name: 'recreates the only member',
      seen: asking('monday', { request: 'monday', pods: ALL.slice(0, 1) }, healthy(1)),
      step: { do: 'delete-pod', pod: 'orders-0' },
    },
    {
      name: 'waits while a member does not serve',
      seen: {
        ...asking('monday', { request: 'monday', pods: ALL }),
        pods: [member(0, 'primary'), member(1, 'replica', { ready: false }), member(2, 'replica')],
      },
      waits: 'the rollout waits: orders-1 is not ready',
    },
    { name: 'is not acted on again when it is done', seen: asking('monday', { request: 'monday' }) },
    { name: 'is not acted on when it was taken back', seen: asking('', { request: 'monday', pods: ALL }) },
    {
      name: 'that is another than the noted one is noted first',
      seen: asking('tuesday', { request: 'monday', pods: ALL.slice(0, 1) }),
    },
  ]);

  const noted: readonly { name: string; seen: Observation; becomes: DatabaseStatus['handled'] }[] = [
    {
      name: 'is noted with all pods there are',
      seen: asking('monday'),
      becomes: { restart: { request: 'monday', pods: ALL } },
    },
    {
      name: 'loses the pods that are gone',
      seen: {
        ...asking('monday', { request: 'monday', pods: ALL }),
        pods: [member(0, 'primary'), member(1, 'replica'), recreated(2, 'replica')],
      },
      becomes: { restart: { request: 'monday', pods: ALL.slice(0, 2) } },
    },
    {
      name: 'is done when none of them is left',
      seen: {
        ...asking('monday', { request: 'monday', pods: ALL.slice(0, 1) }),
        pods: [recreated(0, 'replica'), recreated(1, 'primary'), recreated(2, 'replica')],
      },
      becomes: { restart: { request: 'monday' } },
    },
    {
      name: 'is done at once where there are no pods',
      seen: { ...asking('monday'), pods: [] },
      becomes: { restart: { request: 'monday' } },
    },
    {
      name: 'is remembered without its pods when it is taken back',
      seen: asking('', { request: 'monday', pods: ALL }),
      becomes: { restart: { request: 'monday' } },
    },
  ];
  for (const { name, seen, becomes } of noted) {
    it(name, () => {
      expect(decide(seen, NOW).status.handled).to.deep.include(becomes);
    });
  }
});
