import { expect } from 'chai';
import { decide } from '../../../../controller/databases/concerns/decide.ts';
import type { Observation } from '../../../../controller/databases/observation.ts';
import type { DatabaseStatus } from '../../../../database/types.ts';
import { NOW, healthy, lock, member } from '../../observations.ts';
import { itDecides } from './cases.ts';

describe('A request for a switchover', () => {
  const wishing = (wish: string, seen: Observation = healthy(3), status?: DatabaseStatus): Observation => ({
    ...seen,
    own: { ...seen.own, annotations: { 'db.example.com/switchover': wish }, ...(status && { status }) },
  });
  const noted = (request: string, from?: string): DatabaseStatus => ({
    handled: { switchover: { request, ...(from !== undefined && { from }) } },
  });

  itDecides([
    { name: 'is noted before it is acted on', seen: wishing('any') },
    {
      name: 'is acted on once it is noted',
      seen: wishing('any', healthy(3), noted('any', 'orders-0')),
      step: { do: 'switchover', from: 'orders-0', to: 'orders-1' },
    },
    {
      name: 'prefers a standby of the present template',
      seen: {
        ...wishing('any', healthy(3), noted('any', 'orders-0')),
        pods: [member(0, 'primary'), member(1, 'replica', { revision: 'old' }), member(2, 'replica')],
        synchronous: ['orders-1', 'orders-2'],
      },
      step: { do: 'switchover', from: 'orders-0', to: 'orders-2' },
    },
    {
      name: 'names its target',
      seen: {
        ...wishing('orders-2', healthy(3), noted('orders-2', 'orders-0')),
        synchronous: ['orders-1', 'orders-2'],
      },
      step: { do: 'switchover', from: 'orders-0', to: 'orders-2' },
    },
    { name: 'is not acted on again when it is done', seen: wishing('any', healthy(3), noted('any')) },
    {
      name: 'is not acted on when somebody else leads by now',
      seen: wishing(
        'any',
        {
          ...healthy(3),
          leader: lock('orders-1'),
          pods: [member(0, 'replica'), member(1, 'primary'), member(2, 'replica')],
        },
        noted('any', 'orders-0'),
      ),
    },
    {
      name: 'is not acted on when it was taken back',
      seen: { ...healthy(3), own: { ...healthy(3).own, status: noted('any', 'orders-0') } },
    },
  ]);

  const results: readonly { name: string; seen: Observation; becomes: object | undefined }[] = [
    {
      name: 'a member leads who is not the target',
      seen: wishing('orders-1'),
      becomes: { request: 'orders-1', from: 'orders-0' },
    },
    {
      name: 'the target leads',
      seen: wishing('orders-0'),
      becomes: { request: 'orders-0', result: 'orders-0 was the primary already' },
    },
    {
      name: 'there is no such member',
      seen: wishing('orders-7'),
      becomes: { request: 'orders-7', result: 'there is no such member' },
    },
    {
      name: 'there is one member',
      seen: wishing('any', healthy(1)),
      becomes: { request: 'any', result: 'there is no standby' },
    },
    { name: 'nobody leads', seen: wishing('any', healthy(3, { leader: lock(undefined) })), becomes: undefined },
    {
      name: 'another leads by now',
      seen: wishing('any', healthy(3), noted('any', 'orders-1')),
      becomes: { request: 'any', result: 'orders-0 took over from orders-1' },
    },
    { name: 'it was done', seen: wishing('any@1', healthy(3), noted('any@1')), becomes: { request: 'any@1' } },
    {
      name: 'it is made again',
      seen: wishing('any@2', healthy(3), noted('any@1')),
      becomes: { request: 'any@2', from: 'orders-0' },
    },
    {
      name: 'it was taken back',
      seen: { ...healthy(3), own: { ...healthy(3).own, status: noted('any', 'orders-0') } },
      becomes: { request: 'any', result: 'taken back' },
    },
  ];
  for (const { name, seen, becomes } of results) {
    it(`is remembered rightly when ${name}`, () => {
      expect(decide(seen, NOW).status.handled?.switchover).to.deep.equal(becomes);
    });
  }
});
