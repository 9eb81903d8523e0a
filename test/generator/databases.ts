import fc from 'fast-check';
import type { Database, DatabaseSpec } from '../../database/object.ts';
import { replicasOf } from '../../database/resolve.ts';
import { API_VERSION } from '../../database/schema/common.ts';
import type { Settings } from '../../database/types.ts';
import { checkValue } from '../../policies/check.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import { verification } from './verification.ts';

const NOW = new Date('2026-11-20T12:00:00Z');

/** A Database as a user writes it. */
export type Written = Record<string, unknown> & { readonly metadata: object; readonly spec: Record<string, unknown> };

/** Text that YAML, a shell or a configuration file could take for something else; all of it may be a parameter's value. */
export const HOSTILE = [
  '',
  ' ',
  '~',
  '=',
  '#',
  'a # b',
  'a: b',
  '- a',
  'yes',
  'null',
  '1e3',
  '0x1f',
  '0644',
  '2001-01-01',
  '$(POD_NAME)',
  '${HOME}',
  '{{ .Values.a }}',
  '[global]',
  '--delta',
  '; rm -rf /',
  '%s%n',
  'ünïcode 🐘',
] as const;

const label = (longest: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[a-z]([-a-z0-9]{0,${longest - 2}}[a-z0-9])?$`));

const quoted = fc.string({ unit: 'binary', maxLength: 40 });
// eslint-disable-next-line no-control-regex -- what the rule parameters-value refuses
const plain = quoted.map((text) => text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029'"\\]/g, ''));

/** Values of parameters that the rules let through. */
const parameterValue = fc.oneof(fc.constantFrom(...HOSTILE), plain, fc.integer({ min: -1, max: 1_000_000 }));

/** Settings whose value is any text. */
const PARAMETERS = {
  postgresql: [
    'application_name',
    'default_tablespace',
    'log_line_prefix',
    '__proto__.a',
    'constructor.constructor',
    'a.b',
    'A.C',
  ],
  mysql: ['max-connections', 'init_connect', 'loose_group_x', 'constructor', 'zz'],
  mongodb: ['auditLog.filter', 'setParameter.a', 'operationProfiling.filter', 'storage.constructor'],
} as const;

const VERSIONS = {
  postgresql: [14, 15, '16.3', '17', 18],
  mysql: ['8.0', '8.4', '8.4.2'],
  mongodb: ['7.0', '8.0', '8.0.4'],
} as const;

const size = fc.constantFrom<string | number>('1Gi', '20Gi', '1.5Ti', '1024Mi', '20G', '2e9', 10_737_418_240, '64Ti');
const storageClass = { storageClassName: fc.constantFrom('fast', 'local-path', 'a.b') };
const resources = fc.constantFrom(
  {},
  { requests: {} },
  { limits: {} },
  { requests: { cpu: 2 } },
  { requests: { memory: '4Gi' } },
  { limits: { memory: '1024Mi' } },
  { limits: { cpu: '2000m', memory: 2_147_483_648 } },
  { requests: { cpu: '0.5', memory: '1Gi' }, limits: { cpu: 4, memory: '2G' } },
);

const pvc = fc.record({ size, ...storageClass }, { requiredKeys: [] });

const bucket = fc.record(
  {
    bucket: fc.constantFrom('acme-backups', 'a-b--c'),
    prefix: fc.constantFrom('', 'shop/orders', "/it's/(1)=!*/"),
    region: fc.constantFrom('eu-central-1', 'us-east-1'),
    endpoint: fc.constantFrom('minio:9000', 's3.example.org', 'a..b:1', 'MINIO.storage.svc', 'a.-b.svc:65535'),
    uriStyle: fc.constantFrom('path', 'host'),
    caSecret: fc.constantFrom('authority', 'authority.ca'),
    credentialsSecret: fc.constantFrom('bucket', 'bucket.keys'),
  },
  { requiredKeys: ['bucket'] },
);

const store = {
  prefix: fc.constantFrom('', 'shop/orders', "/it's/(1)=!*/"),
  endpoint: fc.constantFrom('store:9000', 'store.example.org', 'STORE.storage.svc'),
  caSecret: fc.constantFrom('authority', 'authority.ca'),
  credentialsSecret: fc.constantFrom('bucket', 'bucket.keys'),
};

const gcs = fc.record({ bucket: fc.constantFrom('acme-backups', 'a.b_c'), ...store }, { requiredKeys: ['bucket'] });

const azure = fc.record(
  {
    account: fc.constantFrom('acme', '0acme'),
    container: fc.constantFrom('backups', 'a-b', 'shop'),
    uriStyle: fc.constantFrom('path', 'host'),
    ...store,
  },
  { requiredKeys: ['account', 'container'] },
);

const destination = fc.oneof(
  fc.constantFrom('pvc://', 's3://acme-backups', 's3://acme-backups/shop/orders/', { pvc: {} }),
  fc.constantFrom('gs://acme.backups/shop', 'azure://acme/backups/shop/orders/'),
  fc.record({ pvc }),
  fc.record({ s3: bucket }),
  fc.oneof(fc.record({ gcs }), fc.record({ azure })),
);

type Engine = keyof typeof VERSIONS;

function backup(engine: Engine): fc.Arbitrary<unknown> {
  const enabled = engine === 'postgresql' ? fc.boolean() : fc.constant(false);
  return fc.record(
    {
      enabled: fc.boolean(),
      schedule: fc.constantFrom('0 2 * * *', '@weekly', '*/30 0-6 1,15 JAN-MAR MON'),
      timeZone: fc.constantFrom('Europe/Berlin', 'Etc/UTC'),
      retention: fc.oneof(
        fc.constantFrom<string | number | object>(7, '7d', {}, { days: '30d' }, { count: 3 }),
        fc.record({ days: fc.integer({ min: 1, max: 3650 }), count: fc.integer({ min: 1, max: 1000 }) }),
      ),
      destination,
      encryption: fc.record({ enabled }),
      verify: verification(HOSTILE),
    },
    { requiredKeys: ['destination'] },
  );
}

const restoreTarget = fc.oneof(
  fc.constant({}),
  fc.record({ targetTime: fc.constantFrom('2025-11-20T10:00:00Z', '2025-11-20t11:00:00.5+01:00') }),
  fc.record({ targetLSN: fc.constantFrom('16/B374D848', '0/3000028') }),
  fc.record({
    targetName: fc.constantFrom('before-migration', 'release 4.2'),
    backup: fc.constant('20251120-020000F'),
  }),
);

const restoreSource = fc.record(
  {
    from: label(40),
    backup: fc.constantFrom('20251120-020000F', '20251120-020000F_20251121-020000I'),
    encryptionSecret: fc.constantFrom('billing-backup-key', 'key'),
    destination: fc.oneof(
      fc.constantFrom('s3://acme-backups/shop/orders', 'gs://acme-backups/shop/orders'),
      fc.record({ s3: bucket }),
      fc.oneof(fc.record({ gcs }), fc.record({ azure })),
      fc.record({ pvc }),
    ),
  },
  { requiredKeys: ['from', 'destination'] },
);

const restore = fc.tuple(restoreSource, restoreTarget).map(([source, target]) => ({ ...source, ...target }));

function bootstrap(engine: Engine): fc.Arbitrary<object> {
  const parts = { adopt: fc.boolean(), ...(engine === 'postgresql' && { recover: fc.boolean(), restore }) };
  return fc.record(parts, { requiredKeys: [] });
}

const selector = fc.constantFrom(
  {},
  { matchLabels: { app: 'shop' } },
  {
    matchExpressions: [
      { key: 'team', operator: 'NotIn', values: ['a', 'b'] },
      { key: 'tier', operator: 'In', values: [''] },
    ],
  },
  {
    matchExpressions: [
      { key: 'a.b/c', operator: 'Exists' },
      { key: 'd', operator: 'DoesNotExist' },
    ],
  },
);
const peers = fc.array(
  fc.oneof(
    fc.record({ podSelector: selector }),
    fc.record({ podSelector: selector, namespaceSelector: selector }),
    fc.constantFrom({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }, { ipBlock: { cidr: 'fd00::/8' } }),
  ),
  { maxLength: 3 },
);
const networkPolicy = fc.record({ enabled: fc.boolean(), from: peers, to: peers }, { requiredKeys: [] });

const tolerations = fc.constantFrom(
  [],
  [{ operator: 'Exists' }],
  [{ key: '', operator: 'Exists' }],
  [{ key: 'dedicated', value: 'database', effect: 'NoSchedule' }],
  [{ key: 'a.b/c', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 0 }],
  [{ key: 'dedicated', operator: 'Equal', value: '', effect: 'PreferNoSchedule' }],
);

function members(engine: Engine): Record<string, fc.Arbitrary<unknown>> {
  if (engine !== 'postgresql') return { size: fc.constant('small'), replicas: fc.constant(1) };
  return { size: fc.constantFrom('small', 'medium', 'large'), replicas: fc.integer({ min: 1, max: 9 }) };
}

/** Commits may wait only for a standby that is asked for. */
function withStandby(spec: DatabaseSpec): DatabaseSpec {
  const { highAvailability, ...rest } = spec;
  if (highAvailability?.synchronous !== 'required' || replicasOf(spec) > 1) return spec;
  return spec.engine === 'postgresql' ? { ...spec, replicas: 2 } : rest;
}

/** A volume to begin with is one's own. */
function withOwnVolume(spec: DatabaseSpec, name: string): DatabaseSpec {
  const { backup: own, ...rest } = spec;
  const { restore } = spec.bootstrap ?? {};
  if (typeof restore?.destination !== 'object') return spec;
  const { destination } = restore;
  if (!destination.pvc) return spec;
  return {
    ...rest,
    backup: { ...own, enabled: true, destination },
    bootstrap: { ...spec.bootstrap, restore: { ...restore, from: name } },
  } as DatabaseSpec;
}

/** Only a Database with backups of its own begins with them. */
function withBackups(spec: DatabaseSpec): DatabaseSpec {
  const { backup: own, bootstrap: first } = spec;
  // The default of enabled is not filled in yet.
  const isBackedUp = own?.destination !== undefined && (own as { enabled?: boolean }).enabled !== false;
  return first?.recover && !isBackedUp ? { ...spec, bootstrap: { ...first, recover: false } } : spec;
}

function specOf(engine: Engine): fc.Arbitrary<DatabaseSpec> {
  return fc
    .record(
      {
        engine: fc.constant(engine),
        version: fc.constantFrom<string | number>(...VERSIONS[engine]),
        ...members(engine),
        storage: fc.record({ size, ...storageClass }, { requiredKeys: ['size'] }),
        resources,
        parameters: fc.dictionary(fc.constantFrom(...PARAMETERS[engine]), parameterValue),
        backup: backup(engine),
        bootstrap: bootstrap(engine),
        monitoring: fc.constantFrom(
          {},
          { enabled: true },
          { enabled: true, alerting: true },
          { enabled: true, alerting: false },
          { enabled: false },
        ),
        highAvailability: fc.record(
          { synchronous: fc.constantFrom('off', 'preferred', 'required'), maximumLagBytes: fc.nat() },
          { requiredKeys: [] },
        ),
        networkPolicy,
        serviceAccount: fc.constantFrom(
          {},
          { annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/backups' } },
        ),
        podAntiAffinity: fc.constantFrom('preferred', 'required'),
        nodeSelector: fc.constantFrom({}, { disk: 'nvme', 'a.b/c': '' }),
        tolerations,
        priorityClassName: fc.constant('databases'),
        deletionPolicy: fc.constantFrom('Protect', 'Retain', 'Delete'),
      },
      { requiredKeys: ['engine', 'version', 'storage'] },
    )
    .map((spec) => withStandby(spec as unknown as DatabaseSpec));
}

const metadata = fc.record(
  {
    name: fc.oneof(label(40), fc.constant('a'), fc.constant('a'.repeat(40))),
    namespace: fc.oneof(label(63), fc.constant('a'.repeat(63))),
    labels: fc.constantFrom({}, { team: 'shop' }),
    annotations: fc.dictionary(fc.constantFrom('a', 'example.org/b'), fc.oneof(quoted, fc.constantFrom(...HOSTILE))),
  },
  { requiredKeys: ['name', 'namespace'] },
);

function writtenWith(about: typeof metadata): fc.Arbitrary<Written> {
  const specs = fc.oneof(...(['postgresql', 'postgresql', 'mysql', 'mongodb'] as const).map(specOf));
  return fc.tuple(about, specs).map(([own, spec]) => {
    const fitting = withBackups(withOwnVolume(spec, own.name)) as unknown as Record<string, unknown>;
    return { apiVersion: API_VERSION, kind: 'Database', metadata: own, spec: fitting };
  });
}

/** Databases as users write them; the rules admit every one (test/generator/render.test.ts proves it). */
export const written: fc.Arbitrary<Written> = writtenWith(metadata);

/** The same of one name. */
export function writtenAs(name: string): fc.Arbitrary<Written> {
  return writtenWith(metadata.map((own) => ({ ...own, name })));
}

/** Settings of installations. */
export const settings: fc.Arbitrary<Settings> = fc
  .record(
    {
      images: fc.constant({ postgresql: { '16': 'registry:5000/pg', '18': 'pg:latest' }, exporters: { mysql: 'e:1' } }),
      clusterDomain: fc.constantFrom('cluster.local', 'cluster.example.org'),
      controller: fc.constant({ namespace: 'databases', serviceAccount: 'ballast' }),
      storageClassName: fc.constant('standard'),
      labels: fc.constantFrom({}, { 'a.b/c': 'on', 'app.kubernetes.io/name': 'mine' }),
      annotations: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom(...HOSTILE)),
      monitoring: fc.boolean(),
    },
    { requiredKeys: [] },
  )
  .map((own) => ({ ...NO_SETTINGS, ...own }));

/** A Database after schema, defaults and rules; throws when they refuse it. */
export function admit(value: unknown, now = NOW): Database {
  const checked = checkValue(value, { namespace: 'shop', now });
  const errors = checked.is === 'ours' ? checked.findings.filter(({ severity }) => severity === 'error') : [];
  if (checked.is !== 'ours' || checked.object?.kind !== 'Database' || errors.length > 0) {
    throw new Error(`refused: ${JSON.stringify(errors)}`);
  }
  return checked.object;
}

/** Databases as `render` gets them. */
export const databases: fc.Arbitrary<Database> = written.map((one) => admit(one));
