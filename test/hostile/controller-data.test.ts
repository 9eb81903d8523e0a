import { inspect } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { projectManagedObject } from '../../controller/cluster/managed-object.ts';
import { verdictOn, projectDatabase } from '../../controller/cluster/database.ts';
import { configIn, leaderIn, projectConfigMap } from '../../controller/engines/postgresql/config-maps.ts';
import { backupOfDatabase, projectDatabaseBackup } from '../../controller/cluster/database-backup.ts';
import { projectJob } from '../../controller/cluster/job.ts';
import { podOf, projectPod } from '../../controller/cluster/pod.ts';
import { weigh } from '../../controller/cluster/shares.ts';
import { projectClaim, projectCronJob, projectStatefulSet } from '../../controller/cluster/workload.ts';
import { isComplete } from '../complete.ts';
import type { Path } from './traced.ts';
import { pathsRead, withAt } from './traced.ts';

const TRIES = isComplete ? 20_000 : 100;
/** Maximum memory of one object's projection. A usual one takes a hundredth. */
const MOST_BYTES = 200_000;
const NOW = new Date('2026-11-20T12:00:00Z');
// eslint-disable-next-line no-control-regex -- exactly these must not go on
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e]/;

const LABELS = {
  'app.kubernetes.io/component': 'database',
  'app.kubernetes.io/name': 'postgresql',
  'app.kubernetes.io/version': '17',
  'controller-revision-hash': 'orders-5d',
  'db.example.com/database': 'orders',
  'db.example.com/role': 'primary',
};
const TIME = '2026-11-20T10:00:00Z';
function object(name: string, annotations: object = {}, rest: object = {}): KubernetesObject {
  const versions = { uid: 'u-1', resourceVersion: '7', generation: 3, creationTimestamp: TIME };
  return { metadata: { name, namespace: 'shop', ...versions, labels: LABELS, annotations }, ...rest } as never;
}

const STATUS = {
  ...{ state: 'running', role: 'replica', timeline: 3, xlog_location: 67_108_864, replication_state: 'streaming' },
  ...{ pending_restart: true, pending_restart_reason: { max_connections: { old_value: '100', new_value: '200' } } },
};
const CONDITIONS = [{ type: 'Ready', status: 'True', lastTransitionTime: TIME, message: 'm' }];

const ENTRY = { label: 'a', type: 'full', start: TIME, stop: TIME };
const VERIFIED = `{"at":"${TIME}","repository":"1f0c","label":"a","succeeded":false,"reason":"x","checks":["restore"]}`;
const LIST = JSON.stringify({ repository: '1f0c', backups: [ENTRY], lastRun: { at: TIME, succeeded: true } });

interface Case {
  readonly name: string;
  readonly raw: KubernetesObject;
  /** All further uses of an object: its projection, and the decisions from it. */
  readonly goesOn: (raw: KubernetesObject) => unknown;
}

const notes = (raw: KubernetesObject): unknown => {
  const kept = projectConfigMap(raw);
  const leader = kept?.said?.in === 'leader' ? leaderIn(kept.said) : undefined;
  return kept && [kept, configIn(kept), leader];
};
const database = (raw: KubernetesObject): unknown => {
  const kept = projectDatabase(raw);
  // The API server's schema has admitted the spec, and rules check it; findings quote it.
  return [{ ...kept, spec: undefined }, verdictOn(kept, NOW).problems];
};

const CASES: readonly Case[] = [
  {
    name: 'a pod',
    raw: object(
      'orders-1',
      { status: JSON.stringify(STATUS) },
      {
        spec: { nodeName: 'n1' },
        status: {
          conditions: CONDITIONS,
          containerStatuses: [
            {
              ...{
                name: 'postgresql',
                restartCount: 2,
                state: { terminated: { reason: 'OOMKilled', finishedAt: TIME } },
              },
              lastState: { terminated: { finishedAt: TIME } },
            },
          ],
        },
      },
    ),
    goesOn: (raw) => {
      const kept = projectPod(raw);
      return kept && [kept, podOf(kept)];
    },
  },
  {
    name: 'a claim',
    raw: object(
      'data-orders-0',
      { 'db.example.com/owner': 'u', 'db.example.com/system-identifier': '7' },
      {
        spec: { storageClassName: 'fast', resources: { requests: { storage: '10Gi' } } },
        status: { capacity: { storage: '10Gi' }, conditions: CONDITIONS },
      },
    ),
    goesOn: projectClaim,
  },
  {
    name: 'a StatefulSet',
    raw: object('orders', {}, { spec: { replicas: 3 }, status: { observedGeneration: 3, updateRevision: 'r' } }),
    goesOn: projectStatefulSet,
  },
  {
    name: 'a CronJob',
    raw: object('orders-backup', {}, { status: { lastScheduleTime: TIME, lastSuccessfulTime: TIME, active: [{}] } }),
    goesOn: projectCronJob,
  },
  {
    name: 'a Service',
    raw: object('orders-primary', {}, { spec: {} }),
    goesOn: projectManagedObject(RESOURCES.Service),
  },
  {
    name: 'the leader object',
    raw: object('orders-leader', {
      ...{ leader: 'orders-1', transitions: '3', acquireTime: TIME, renewTime: TIME, retain_slots: '["orders_0"]' },
    }),
    goesOn: notes,
  },
  {
    name: 'the configuration object',
    raw: object('orders-config', { config: '{"ttl":20}', initialize: '7', 'db.example.com/configured-at': TIME }),
    goesOn: notes,
  },
  {
    name: 'the failover object',
    raw: object('orders-failover', { leader: 'orders-0', member: 'orders-1' }),
    goesOn: notes,
  },
  { name: 'the sync object', raw: object('orders-sync', { sync_standby: 'orders-1,orders-2' }), goesOn: notes },
  {
    name: 'the list of backups, and a verification',
    raw: object('orders-backups', { 'db.example.com/backups': LIST, 'db.example.com/verified': VERIFIED }),
    goesOn: notes,
  },
  {
    name: 'the Job of a backup',
    raw: {
      metadata: {
        ...object('nightly-run').metadata,
        ownerReferences: [{ apiVersion: 'a/v1', kind: 'DatabaseBackup', name: 'nightly', uid: 'u-2' }],
      },
      status: {
        startTime: TIME,
        completionTime: TIME,
        conditions: [{ ...CONDITIONS[0], type: 'Failed' }],
      },
    },
    goesOn: projectJob,
  },
  {
    name: 'a DatabaseBackup',
    raw: object(
      'nightly',
      { 'db.example.com/recorded': '20261121-020000F' },
      {
        spec: { databaseRef: { name: 'orders' }, type: 'auto' },
        status: { phase: 'Succeeded', backupName: 'a', completionTime: TIME, conditions: CONDITIONS },
      },
    ),
    goesOn: (raw) => {
      const kept = projectDatabaseBackup(raw);
      // As for a Database: the schema has admitted the spec, and rules check it.
      return kept && [{ ...kept, spec: undefined }, backupOfDatabase(kept)];
    },
  },
  {
    name: 'a Database',
    raw: object(
      'orders',
      { 'db.example.com/switchover': 'any' },
      {
        spec: { engine: 'postgresql', version: '17', storage: { size: '1Gi' } },
        status: { phase: 'Running', handled: { primary: 'orders-0' }, conditions: CONDITIONS },
      },
    ),
    goesOn: database,
  },
];

/** Text that some reader may obey, trip over, or take for something else. */
const TEXTS: readonly string[] = [
  ...[
    '',
    ' ',
    '\u0000',
    'orders-0\u0000',
    'orders-0\n',
    '\u001b[31m',
    '\u202eevil',
    '\ud800',
    'ünïcode 🐘',
    '__proto__',
  ],
  ...[
    'orders-00',
    'orders-9',
    'orders-99999999999999999999',
    'orders--1',
    'evil',
    'evil.example.org',
    '127.0.0.1',
    '::1',
  ],
  ...['/tmp/.s.PGSQL.5432', '../../secrets', 'orders-0@evil', 'orders-0,orders-0', ','.repeat(50_000), 'NaN', '-1'],
  ...[
    '1e999',
    '0x10',
    '９',
    '99999999999999999999999',
    '9'.repeat(100_000),
    '1e1000',
    '1E999999999',
    '275760-09-13T00:00:00Z',
  ],
  ...['+275760-09-13T00:00:00.000Z', '0000-01-01T00:00:00Z', '-000001-01-01T00:00:00Z', '2026-13-99T99:99:99Z', 'now'],
  ...['null', '[]', '{}', '"a"', '{"a":', '['.repeat(100_000), '{"a":'.repeat(5000), '{"__proto__":{"a":1}}', '1e999'],
  ...['{"state":"\\u0000","role":{"a":1},"timeline":1e999,"xlog_location":-5,"pending_restart_reason":[1,2]}'],
  ...['{"xlog_location":9007199254740993,"timeline":1.5,"replication_state":"\\u001b[2J"}'],
  ...[
    `{"pending_restart_reason":${JSON.stringify(Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`a${i}`, 1])))}}`,
  ],
  ...[`["${'s'.repeat(60_000)}"]`, JSON.stringify(Array.from({ length: 5000 }, (_, i) => `slot_${i}`))],
  ...['x'.repeat(250_000), '<'.repeat(250_000), '\u0000'.repeat(100_000)],
];
const OTHERS: readonly unknown[] = [
  ...[undefined, null, true, 0, -1, 1.5, NaN, Infinity, -Infinity, 2 ** 53, Number.MIN_VALUE, [], {}],
  ...[[null], [[]], [{}], Array.from({ length: 100_000 }, () => ({ type: 'Ready', status: 'True' })), { state: null }],
  ...[JSON.parse('{"__proto__":{"a":1}}'), Object.fromEntries(TEXTS.map((text) => [text, text]))],
];

/** Every text in a value, names of fields among them. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Map) return [...value].flat().flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [name, ...textsIn(part)]);
}

function datesIn(value: unknown): Date[] {
  if (value instanceof Date) return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(datesIn) : [];
}

/** A Database's own metadata are stored in full, so that no foreign finalizer is lost; Patroni's configuration is JSON. */
const AS_WRITTEN: ReadonlySet<string> = new Set(['finalizers', 'config']);

function withoutWritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWritten);
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Map) return value;
  const fields = Object.entries(value).filter(([name]) => !AS_WRITTEN.has(name));
  return Object.fromEntries(fields.map(([name, part]) => [name, withoutWritten(part)]));
}

function isFit(goesOn: unknown, told: () => string): void {
  const isGood = weigh(goesOn) < MOST_BYTES && !textsIn(withoutWritten(goesOn)).some((text) => CONTROL.test(text));
  const what = isGood && datesIn(goesOn).every((date) => !Number.isNaN(date.getTime())) ? '' : told();
  expect(weigh(goesOn), `${what}: size`).below(MOST_BYTES);
  for (const date of datesIn(goesOn)) expect(() => date.toISOString(), what).not.throw();
  for (const text of textsIn(withoutWritten(goesOn))) {
    expect(CONTROL.test(text), `${what}: ${JSON.stringify(text.slice(0, 100))}`).equal(false);
  }
}

/** The object with a value at a place; a non-object stays unchanged. */
function put(raw: KubernetesObject, path: Path, value: unknown): KubernetesObject | undefined {
  // Of names the API server itself makes sure; an object without metadata is none.
  const fixed = ['["metadata"]', '["metadata","name"]', '["metadata","namespace"]', '["metadata","finalizers"]'];
  return fixed.includes(JSON.stringify(path)) ? undefined : withAt(raw, path, value);
}

describe('What the controller reads of the cluster', function () {
  this.timeout(isComplete ? 300_000 : 10_000);
  let tries = 0;
  after(() => {
    console.log(`      ${tries} hostile objects`);
  });

  for (const { name, raw, goesOn } of CASES) {
    it(`of ${name} goes on in a bounded size without control characters, whatever stands in any place that is read`, () => {
      const paths = pathsRead(raw, goesOn);
      expect(paths.length).above(2);
      for (const [place, path] of paths.entries()) {
        for (const [number, value] of [...TEXTS, ...OTHERS].entries()) {
          // Of a sample each place gets a quarter of the values, all places together get all.
          const hostile = isComplete || (place + number) % 4 === 0 ? put(raw, path, value) : undefined;
          if (!hostile) continue;
          tries += 1;
          isFit(goesOn(hostile), () => `${path.join('.')} = ${inspect(value).slice(0, 60)}`);
        }
      }
    });

    it(`of ${name} is the same with anything in several places at once`, () => {
      const paths = pathsRead(raw, goesOn);
      const value = fc.oneof(fc.constantFrom(...TEXTS, ...OTHERS), fc.anything(), fc.string({ unit: 'binary' }));
      const changes = fc.array(fc.tuple(fc.constantFrom(...paths), value), { minLength: 1, maxLength: 6 });
      fc.assert(
        fc.property(changes, (all) => {
          tries += 1;
          const hostile = all.reduce((one, [path, what]) => put(one, path, what) ?? one, raw);
          isFit(goesOn(hostile), () => JSON.stringify(all.map(([path]) => path)));
        }),
        { numRuns: TRIES },
      );
    });
  }

  it('is noticed where it is read, so that a new field is tried as well', () => {
    const paths = pathsRead(CASES[0]!.raw, CASES[0]!.goesOn).map((path) => path.join('.'));
    expect(paths).include.members([
      'metadata.annotations.status',
      'spec.nodeName',
      'metadata.labels.db.example.com/role',
    ]);
    expect(paths).include('status.containerStatuses');
  });
});
