import fc from 'fast-check';
import { checkValue } from '../../policies/check.ts';
import { OBJECT_RULES } from '../../policies/rules/index.ts';
import { CONFIRM_DELETE } from '../../database/vocabulary.ts';
import { casesOf, written } from '../contract/objects.ts';
import type { Named } from './ballast.ts';

type Fields = Record<string, unknown>;
type Path = readonly string[];

/** A Database before a change and after it, both as a person writes them. */
export interface Pair {
  readonly was: Fields & Named;
  readonly now: Fields & Named;
}

const bucket = { s3: { bucket: 'acme-backups', prefix: 'billing' } };

/** Values of a field that one rule or another lets change, or refuses; a change also takes the field away. */
const VALUES: readonly (readonly [path: Path, values: readonly unknown[]])[] = [
  [
    ['spec', 'engine'],
    ['postgresql', 'mysql', 'mongodb', 'oracle'],
  ],
  [
    ['spec', 'version'],
    [14, 15, '15.4', 16, '16.3', '16.10', 17, 18, '8.0', '8.4', '8.4.2', '6.0', '7.0', 'latest', '16.3.1', 16.5],
  ],
  [
    ['spec', 'size'],
    ['small', 'medium', 'large', 'huge'],
  ],
  [
    ['spec', 'replicas'],
    [1, 2, 3, 9, 0, 10, '3'],
  ],
  [
    ['spec', 'storage', 'size'],
    ['10Gi', '20Gi', '20G', 21_474_836_480, '1Ti', '1024Gi', '0.5Ti', '1023Mi', 'ten'],
  ],
  [
    ['spec', 'storage', 'storageClassName'],
    ['fast', 'slow', null, 'no class'],
  ],
  [
    ['spec', 'backup', 'enabled'],
    [true, false],
  ],
  [
    ['spec', 'backup', 'schedule'],
    ['0 3 * * *', '@daily', 'never'],
  ],
  [
    ['spec', 'backup', 'destination'],
    [
      ...['pvc://', { pvc: {} }, { pvc: { size: '30Gi' } }, { pvc: { size: '50Gi' } }, 's3://acme', 'ftp://acme'],
      ...[{ pvc: { size: '50Gi', storageClassName: 'slow' } }, { pvc: { storageClassName: 'fast' } }],
    ],
  ],
  [
    ['spec', 'backup', 'retention'],
    [{ days: 14 }, { count: 5 }, { days: 14, count: 5 }, '14d', { days: 0 }],
  ],
  [
    ['spec', 'bootstrap', 'adopt'],
    [true, false],
  ],
  [
    ['spec', 'bootstrap', 'restore'],
    [{ from: 'a', destination: bucket }, { from: 'b', destination: bucket }, { from: 'a' }, {}],
  ],
  [
    ['spec', 'parameters'],
    [{ max_connections: '200' }, { max_connections: 200 }, { work_mem: '8MB' }, { port: 1 }],
  ],
  [
    ['spec', 'resources', 'requests', 'memory'],
    ['512Mi', '1Gi', '8Gi', '64Mi'],
  ],
  [
    ['spec', 'resources', 'limits', 'memory'],
    ['1Gi', '2Gi', '0.5Gi'],
  ],
  [
    ['spec', 'monitoring', 'enabled'],
    [true, false],
  ],
  [
    ['spec', 'monitoring', 'alerting'],
    [true, false],
  ],
  [
    ['spec', 'highAvailability', 'synchronous'],
    ['off', 'preferred', 'required', false],
  ],
  [
    ['spec', 'deletionPolicy'],
    ['Protect', 'Retain', 'Delete', 'protect'],
  ],
  ...['storage', 'backup', 'bootstrap', 'resources', 'monitoring', 'highAvailability'].map(
    (name) => [['spec', name], [{}]] as const,
  ),
  [['spec', 'replica'], [3]],
  [
    ['metadata', 'labels', 'team'],
    ['shop', 'no label!'],
  ],
  [
    ['metadata', 'annotations', CONFIRM_DELETE],
    ['orders', 'yes'],
  ],
];

/** An object with a value at a path; undefined removes the field, and objects that become empty. */
function having(object: Fields, [first = '', ...rest]: Path, value: unknown): Fields {
  const { [first]: own = {}, ...others } = object;
  const child = rest.length === 0 ? value : having(own as Fields, rest, value);
  const isGone = child === undefined || (rest.length > 0 && Object.keys(child as Fields).length === 0);
  return isGone ? others : { ...others, [first]: child };
}

interface Setting {
  readonly path: Path;
  readonly value: unknown;
}

const setting: fc.Arbitrary<Setting> = fc
  .constantFrom(...VALUES)
  .chain(([path, values]) => fc.record({ path: fc.constant(path), value: fc.constantFrom(undefined, ...values) }));

const withAll = (object: Fields, settings: readonly Setting[]): Fields =>
  settings.reduce((so, { path, value }) => having(so, path, value), object);

/** Whether an object may be made. */
export function mayBeMade(object: Fields): boolean {
  const checked = checkValue(object, { namespace: '', now: new Date() });
  return checked.is === 'ours' && !checked.findings.some(({ severity }) => severity === 'error');
}

const pairOf = (was: Fields, now: Fields): Pair => ({ was, now }) as unknown as Pair;

/** Databases that may be made, and what becomes of them when a field changes or some. */
export function randomPairs(numRuns: number, seed: number): Pair[] {
  const pairs = fc
    .tuple(fc.array(setting, { maxLength: 8 }), fc.array(setting, { minLength: 1, maxLength: 3 }))
    .map(([before, change]) => {
      const was = withAll(written('Database'), before);
      return pairOf(was, withAll(was, change));
    });
  return fc.sample(
    pairs.filter(({ was }) => mayBeMade(was)),
    { numRuns, seed },
  );
}

/** The examples of all rules about a Database, each as a change of its own previous object, or of a small one. */
export function examplePairs(): Pair[] {
  return OBJECT_RULES.flatMap((rule) =>
    casesOf(rule, [...rule.allowed, ...rule.denied]).flatMap(({ kind, example }) => {
      const isAnother = ['name', 'namespace'].some((part) => part in (example.metadata ?? {}));
      if (kind !== 'Database' || isAnother) return [];
      const now = written(kind, example);
      return rule.on === 'delete' ? [pairOf(now, now)] : [pairOf(written(kind, example.was), now)];
    }),
  ).filter(({ was }) => mayBeMade(was));
}

/** Changes that few random ones come upon: blocks that go or become empty, after defaults were filled into them. */
export function rarePairs(): Pair[] {
  const specs: readonly (readonly [was: object, now: object])[] = [
    [{ backup: { destination: 'pvc://' } }, {}],
    [{ highAvailability: { synchronous: 'off' } }, {}],
    [{ monitoring: { enabled: false } }, { monitoring: {} }],
    [{ resources: { limits: { memory: '1Gi' } } }, { resources: {} }],
    [{ bootstrap: { adopt: true } }, {}],
    [{}, { storage: { size: '10Gi', storageClassName: null } }],
    [{}, { backup: null }],
  ];
  return specs.map(([was, now]) => pairOf(written('Database', { spec: was }), written('Database', { spec: now })));
}

/** Databases that only the webhook refuses, as older rules may have admitted them: with another label, and changed. */
export function olderPairs(): Pair[] {
  const rules = OBJECT_RULES.filter(({ on, cel }) => on === 'write' && cel === undefined);
  return rules.flatMap((rule) =>
    casesOf(rule, rule.denied).flatMap(({ kind, example }) => {
      const was = written(kind, example);
      if (kind !== 'Database' || mayBeMade(was)) return [];
      const changes: readonly Setting[] = [
        { path: ['metadata', 'labels', 'team'], value: 'shop' },
        { path: ['spec', 'deletionPolicy'], value: 'Protect' },
      ];
      return changes.map((one) => pairOf(was, withAll(was, [one])));
    }),
  );
}

/** The pair under a name and in a namespace of its own; what confirms a deletion confirms that of this name. */
export function placed(pair: Pair, name: string, namespace: string): Pair {
  const text = JSON.stringify(pair).replaceAll('"orders"', JSON.stringify(name));
  return JSON.parse(text.replaceAll('"shop"', JSON.stringify(namespace))) as Pair;
}
