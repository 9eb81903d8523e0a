import type { Observation } from '../../../../controller/databases/observation.ts';
import { claim, healthy, without, workload } from '../../observations.ts';
import type { Case } from './cases.ts';
import { itSays } from './cases.ts';

function paused(): Observation {
  const seen = healthy(1, { workload: workload(1, { updateRevision: 'newer' }) });
  return { ...seen, patroni: { ...seen.patroni!, config: { ...seen.patroni!.config, pause: true } } };
}

const CASES: readonly Case[] = [
  {
    name: 'something is done',
    seen: healthy(3, { spec: { parameters: { max_connections: '200' } }, patroni: healthy(3).patroni! }),
    says: 'True InProgress',
    message: 'dynamic configuration',
  },
  {
    name: 'only the books are kept',
    seen: healthy(1, {
      claims: [claim(0, { owner: 'uid-of-orders', systemIdentifier: '42' })],
      own: { finalizers: [] },
    }),
    says: 'False Done',
  },
  {
    name: 'nobody knows yet whether the passwords of the Secrets are in force',
    seen: without(healthy(1), 'credentials'),
    says: 'True InProgress',
    message: 'the Secrets have not been read yet',
  },
  {
    name: 'the Secrets could not be read',
    seen: without(healthy(1, { failure: 'no answer in time' }), 'credentials'),
    says: 'True Retrying',
    message: 'the Secrets have not been read yet; the last try came to nothing: no answer in time',
  },
  {
    name: 'members that are too many have not gone yet',
    seen: { ...healthy(3, { spec: { replicas: 2 } }), workload: workload(2), synchronous: ['orders-1', 'orders-2'] },
    says: 'True InProgress',
    message: 'orders-2 stop',
  },
  {
    name: 'a try came to nothing',
    seen: healthy(3, { failure: 'the API server refused it', workload: workload(3, { updateRevision: 'newer' }) }),
    says: 'True Retrying',
    message: 'the API server refused it',
  },
  {
    name: 'only a person can help',
    seen: healthy(3, { problems: ['spec.replicas: must be between 1 and 9'] }),
    says: 'False Stalled',
  },
  {
    name: 'Patroni is paused and a rollout waits',
    seen: paused(),
    says: 'True InProgress',
    message: 'Patroni is paused',
  },
];

describe('A condition', () => {
  itSays('Reconciling', CASES);
});
