import { expect } from 'chai';
import fc from 'fast-check';
import { decide } from '../../controller/databases/concerns/decide.ts';
import type { DatabaseSeen, Observation } from '../../controller/databases/observation.ts';
import { podOf, projectPod } from '../../controller/cluster/pod.ts';
import { configIn, leaderIn, projectConfigMap } from '../../controller/engines/postgresql/config-maps.ts';
import { projectClaim } from '../../controller/cluster/workload.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { isTimeZone } from '../../database/values/time-zone.ts';
import { anything } from '../controller/arbitrary.ts';
import { NOW } from '../controller/observations.ts';
import { isComplete } from '../complete.ts';
import { admit, writtenAs } from '../generator/databases.ts';

const TRIES = isComplete ? 50_000 : 1500;

const ZONES = [
  'Factory',
  'Europe/Berlin',
  'Pacific/Apia',
  'America/St_Johns',
  'Antarctica/Troll',
  'EST5EDT',
  'PST8PDT',
];
const SCHEDULES = ['0 2 * * *', '@weekly', '@every 12h', '*/30 0-6 1,15 JAN-MAR MON', '59 23 29 2 *', '30 2 * * SUN'];

const date = fc.oneof(
  fc.date({ min: new Date(0), max: new Date('9998-01-01'), noInvalidDate: true }),
  fc.constantFrom(new Date(0), NOW, new Date(NOW.getTime() + 1)),
);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('', '\u0000', '__proto__', 'orders-0', 'x'.repeat(100_000), '9'.repeat(400), '{"a":1}', 'true'),
);

function note(end: string, annotations: Record<string, unknown>): KubernetesObject {
  const labels = { 'db.example.com/database': 'orders' };
  return { metadata: { name: `orders-${end}`, namespace: 'shop', resourceVersion: '1', labels, annotations } } as never;
}

const annotations = fc.dictionary(
  fc.constantFrom(
    ...['leader', 'transitions', 'renewTime', 'acquireTime', 'retain_slots', 'config', 'initialize', 'member'],
    ...['sync_standby', 'status', 'db.example.com/configured-at', 'db.example.com/owner'],
  ),
  fc.oneof(text, fc.json(), fc.constantFrom('orders-0', 'orders-1', '7300000000000000001', NOW.toISOString())),
);

/** The projections of arbitrary ConfigMaps of Patroni, pods and claims. */
const projected = fc
  .tuple(annotations, annotations, fc.anything())
  .map(([one, other, status]): Partial<Observation> => {
    const leader = projectConfigMap(note('leader', one))?.said;
    const config = configIn(projectConfigMap(note('config', other)));
    const labels = {
      'db.example.com/database': 'orders',
      'app.kubernetes.io/component': 'database',
      'app.kubernetes.io/name': 'postgresql',
    };
    const about = { namespace: 'shop', labels };
    const pod = projectPod({ metadata: { ...about, name: 'orders-1', annotations: other }, status });
    const claim = projectClaim({ metadata: { ...about, name: 'data-orders-1', annotations: one }, status });
    const seen = leader?.in === 'leader' ? leaderIn(leader) : undefined;
    return {
      ...(seen && { leader: seen }),
      ...(config && { patroni: config }),
      ...(pod && { pods: [podOf(pod)] }),
      ...(claim?.claim && { claims: [claim.claim] }),
    };
  });

const status = fc.record(
  {
    phase: fc.constantFrom('Running', 'Creating', 'Failed', 'Nonsense'),
    handled: fc.record(
      { primary: text, rotation: text, switchover: fc.record({ request: text, from: text }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    ),
    lastBackup: fc.record({ time: text, result: text }, { requiredKeys: [] }),
    conditions: fc.array(
      fc.record({ type: text, status: text, reason: text, message: text, lastTransitionTime: text }),
    ),
  },
  { requiredKeys: [] },
);

const own = fc.record(
  {
    annotations: fc.dictionary(
      fc.constantFrom(
        ...['confirm-delete', 'hibernate', 'switchover', 'rotate-credentials', 'apply'].map(
          (a) => `db.example.com/${a}`,
        ),
      ),
      text,
    ),
    deletionRequestedAt: date,
    createdAt: date,
    finalizers: fc.array(text),
    status,
  },
  { requiredKeys: ['annotations', 'createdAt', 'finalizers'] },
);

const cron = fc.record(
  { active: fc.nat(300), suspended: fc.boolean(), createdAt: date, lastScheduledAt: date, lastSucceededAt: date },
  { requiredKeys: ['active', 'suspended'] },
);

const backup = fc.record({
  destination: fc.constant('s3://acme/orders'),
  schedule: fc.constantFrom(...SCHEDULES),
  timeZone: fc.constantFrom(...ZONES),
});

/** Observations joined with specs that the rules admit, and with what hostile objects are projected to. */
const joined = fc
  .tuple(
    anything,
    writtenAs('orders').map(admit),
    own,
    projected,
    fc.option(cron, { nil: undefined }),
    fc.option(backup, { nil: undefined }),
  )
  .map(([seen, database, more, hostile, lastRuns, schedule]): Observation => {
    const spec = { ...database.spec, ...(schedule && { backup: schedule }) } as never;
    const metadata = { ...database.metadata, namespace: 'shop' };
    return {
      ...seen,
      ...hostile,
      ...(lastRuns && { backup: lastRuns }),
      own: { ...seen.own, ...(more as Partial<DatabaseSeen>), database: { ...database, metadata, spec } },
    };
  });

describe('Decisions', function () {
  this.timeout(600_000);

  it('are made in time zones that the API server admits, also without the rules', () => {
    for (const zone of ZONES) expect(isTimeZone(zone), zone).equal(true);
  });

  it('never throw, whatever was seen and whatever the rules admit, and give a status that can be written', () => {
    fc.assert(
      fc.property(joined, date, (seen, now) => {
        const { status: told, lookAgainAfterSeconds = 1 } = decide(seen, now);
        expect(JSON.parse(JSON.stringify(told))).an('object');
        expect(lookAgainAfterSeconds).within(0, 86_400);
        for (const { message = '' } of told.conditions ?? []) expect(message.length).most(2001);
      }),
      { numRuns: TRIES },
    );
    console.log(`      ${TRIES} observations joined with specs`);
  });
});
