import fc from 'fast-check';
import { KINDS } from '../../database/schema/kinds.ts';
import type { KindName } from '../../policies/rule.ts';
import { written } from '../contract/objects.ts';
import { changes } from '../contract/specs.ts';

/** What no answer and no log may hold, wherever it stands in an object. */
export const SECRET = 'hunter2-do-not-tell';

const TEXTS = [
  '',
  '\n* spec.version: fine',
  '"; DROP TABLE',
  "'\\''",
  '---\nkind: Secret\n',
  '\u0000\u001b[2J\u202e',
  '\ud800',
  'a'.repeat(5000),
  `s3://AKIAEXAMPLE:${SECRET}@bucket/path`,
  '__proto__',
  'constructor',
  '${jndi:ldap://x}',
  '{{ .Values.x }}',
  '😀'.repeat(50),
];
const KEYS = ['__proto__', 'constructor', 'toString', 'spec', 'storage', 'parameters', 'backup', 'a\nb', '', '\u0000'];
const KIND_NAMES = KINDS.map(({ kind }) => kind as KindName);

const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(...TEXTS, null, true, 0, -1, 1e308, 16.1, [], {}),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('value'), { maxKeys: 5 }),
  ),
})).value;

/** Lays a hostile value somewhere into an object, as JSON text would: `__proto__` becomes a key like any other. */
function spoil(object: object, at: readonly string[], hostile: unknown): unknown {
  const [first, ...rest] = at;
  if (first === undefined) return hostile;
  const entries = Object.entries(object);
  const old = entries.find(([name]) => name === first)?.[1] as unknown;
  const inside = typeof old === 'object' && old !== null ? old : {};
  return Object.fromEntries([...entries.filter(([name]) => name !== first), [first, spoil(inside, rest, hostile)]]);
}

const places = fc.oneof(
  fc.array(fc.constantFrom(...KEYS, 'metadata', 'labels', 'engine', 'version'), { minLength: 1, maxLength: 4 }),
  fc.constantFrom(
    ['spec'],
    ['metadata'],
    ['spec', 'backup', 'destination'],
    ['spec', 'parameters', 'work_mem'],
    ['kind'],
  ),
);

const object = fc
  .tuple(
    fc.constantFrom(...KIND_NAMES).chain((kind) => fc.tuple(fc.constant(kind), changes(kind))),
    places,
    value,
  )
  .chain(([[kind, { now, was }], at, hostile]) => {
    const pair = { object: written(kind, now), oldObject: written(kind, was) };
    return fc.constantFrom(pair, { ...pair, object: spoil(pair.object, at, hostile) });
  });

function review(uid: string, operation: string, pair: { object: unknown; oldObject: unknown }): object {
  const kind = { group: 'db.example.com', version: 'v1alpha1', kind: 'Database' };
  const { object: made, oldObject } = pair;
  const objects = {
    ...(operation !== 'DELETE' && { object: made }),
    ...(operation !== 'CREATE' && { oldObject }),
  };
  const request = { uid, kind, operation, name: 'orders', namespace: 'shop', ...objects };
  return { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request };
}

const reviews = fc
  .tuple(fc.uuid(), fc.constantFrom('CREATE', 'UPDATE', 'DELETE', 'CONNECT', 'PATCH'), object)
  .map(([uid, operation, pair]) => JSON.stringify(review(uid, operation, pair)));

/** Bodies as an attacker, a broken proxy or an ordinary API server sends them. */
export const bodies: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 8, arbitrary: reviews.map((text) => new TextEncoder().encode(text)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(reviews, fc.nat())
      .map(([text, cut]) => new TextEncoder().encode(text.slice(0, cut % text.length))),
  },
  { weight: 1, arbitrary: value.map((any) => new TextEncoder().encode(JSON.stringify(any))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }) },
);
