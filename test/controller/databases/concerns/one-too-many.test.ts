import { expect } from 'chai';
import { choose } from '../../../../controller/databases/concerns/decide.ts';
import type { Observation } from '../../../../controller/databases/observation.ts';
import { NOW, configured, healthy, lock, member } from '../../observations.ts';
import { itDecides } from './cases.ts';

describe('A primary that is one too many', () => {
  const leaving = (changes: Partial<Observation> = {}): Observation => ({
    ...healthy(3, { spec: { replicas: 2 } }),
    leader: lock('orders-2'),
    pods: [member(0, 'replica'), member(1, 'replica'), member(2, 'primary')],
    ...changes,
  });
  const named = configured(leaving(), { synchronous_mode: true });

  itDecides([
    {
      name: 'switches over to one that stays',
      seen: leaving(),
      step: { do: 'switchover', from: 'orders-2', to: 'orders-1' },
    },
    {
      name: 'names the version of the object that it asks in',
      seen: leaving({ switchover: { resourceVersion: '7' } }),
      step: { do: 'switchover', from: 'orders-2', to: 'orders-1', resourceVersion: '7' },
    },
    {
      name: 'has those that stay made synchronous when none is',
      seen: { ...named, synchronous: ['orders-9'] },
      step: { do: 'configure' },
    },
    {
      name: 'waits for one of them to be synchronous',
      seen: configured({ ...named, synchronous: ['orders-9'] }, { synchronous_node_count: 2 }),
      waits: 'until a standby is synchronous',
    },
    {
      name: 'waits for somebody to be ready',
      seen: leaving({ pods: [member(0, 'replica', { ready: false }), member(2, 'primary')] }),
      waits: 'nobody is ready to take over',
    },
    { name: 'stays while Patroni is paused', seen: configured(leaving(), { pause: true }) },
    {
      name: 'is no concern of a Database that sleeps',
      seen: { ...leaving(), own: { ...leaving().own, annotations: { 'db.example.com/hibernate': 'true' } } },
    },
  ]);

  it('lends a number of synchronous standbys that covers all of them', () => {
    const { step } = choose({ ...named, synchronous: ['orders-9'] }, NOW)!;
    expect((step as { config: object }).config).to.include({ synchronous_node_count: 2 });
  });
});
