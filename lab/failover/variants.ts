import { parse, parseAllDocuments } from 'yaml';

/** A way to run the same Database. */
export interface Variant {
  readonly title: string;
  /** `spec.highAvailability.synchronous`. */
  readonly synchronous: 'off' | 'preferred' | 'required';
  /** Whether Patroni runs with its stock settings instead of Ballast's. */
  readonly stock: boolean;
  /** Whether Ballast's controller manages it. */
  readonly controller: boolean;
  /** Whether a lost acknowledged write counts as a fault of Ballast. */
  readonly mayLose: boolean;
}

const PREFERRED: Variant = {
  title: '`synchronous: preferred`',
  synchronous: 'preferred',
  stock: false,
  controller: false,
  mayLose: true,
};
const REQUIRED: Variant = { ...PREFERRED, title: '`synchronous: required`', synchronous: 'required', mayLose: false };

const withController = (variant: Variant): Variant => ({
  ...variant,
  title: `${variant.title}, with the controller`,
  controller: true,
});

/** All variants by name. */
export const VARIANTS = {
  preferred: PREFERRED,
  required: REQUIRED,
  baseline: { ...PREFERRED, title: 'stock Patroni', stock: true },
  'preferred-with-controller': withController(PREFERRED),
  'required-with-controller': withController(REQUIRED),
} as const satisfies Record<string, Variant>;

/** Name of a variant. */
export type VariantName = keyof typeof VARIANTS;

/** Name of the Database in every variant; its namespace tells them apart. */
export const DATABASE = 'probed';

/** The namespace that a variant's Database is in. */
export function namespaceOf(variant: VariantName): string {
  return `probed-${variant}`;
}

/** The Database as a user would write it. */
export function databaseOf(variant: VariantName, version: string): object {
  return {
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name: DATABASE, namespace: namespaceOf(variant) },
    spec: {
      engine: 'postgresql',
      version,
      replicas: 3,
      storage: { size: '2Gi' },
      resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } },
      podAntiAffinity: 'required',
      highAvailability: { synchronous: VARIANTS[variant].synchronous },
    },
  };
}

/** Patroni's defaults for the settings that Ballast sets (patroni.readthedocs.io, dynamic_configuration). */
export const STOCK = { ttl: 30, loop_wait: 10, retry_timeout: 10, maximum_lag_on_failover: 1_048_576 } as const;

interface Patroni {
  readonly bootstrap: {
    readonly dcs: Readonly<Record<string, unknown>> & { readonly postgresql: { readonly parameters: object } };
  };
  readonly postgresql: { readonly callbacks?: object };
}

interface Manifest {
  readonly kind?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template?: { readonly spec: { readonly containers: readonly { readonly command: string[] }[] } };
  };
}

const FILE = 'patroni.yaml';

// As Kubernetes and Patroni read it: there, an unquoted `on` is true.
const READ = { version: '1.1' } as const;

function stockPatroni(text: string): string {
  const { bootstrap, postgresql, ...rest } = parse(text, READ) as Patroni;
  // As in Patroni's own example for Kubernetes: without pg_rewind an old primary could not return at all.
  const dcs = { ...STOCK, postgresql: { use_pg_rewind: true, parameters: bootstrap.dcs.postgresql.parameters } };
  return JSON.stringify(
    { ...rest, bootstrap: { ...bootstrap, dcs }, postgresql: { ...postgresql, callbacks: {} } },
    null,
    2,
  );
}

function read(manifests: string): Manifest[] {
  return parseAllDocuments(manifests, READ).map((document) => document.toJS() as Manifest);
}

/** The initial dynamic configuration. */
export function settingsOf(manifests: string): Readonly<Record<string, unknown>> {
  const text = read(manifests).find(({ data }) => data?.[FILE] !== undefined)?.data?.[FILE];
  if (text === undefined) throw new Error('the manifests configure no Patroni');
  return (parse(text, READ) as Patroni).bootstrap.dcs;
}

function withStockPatroni(manifest: Manifest): Manifest {
  const text = manifest.data?.[FILE];
  return text === undefined ? manifest : { ...manifest, data: { ...manifest.data, [FILE]: stockPatroni(text) } };
}

/** Makes Patroni the container's first process, as in its own example for Kubernetes, without Ballast's supervisor. */
function withPlainCommand(manifest: Manifest): Manifest {
  const pod = manifest.spec?.template?.spec;
  if (manifest.kind !== 'StatefulSet' || !pod) return manifest;
  const containers = pod.containers.map((container) => {
    const from = container.command.indexOf('patroni');
    return from < 0 ? container : { ...container, command: container.command.slice(from) };
  });
  const template = { ...manifest.spec.template, spec: { ...pod, containers } };
  return { ...manifest, spec: { ...manifest.spec, template } };
}

/** The same manifests with Patroni's stock settings in place of Ballast's, and without Ballast's supervisor of Patroni. */
export function asBaseline(manifests: string): string {
  const changed = read(manifests).map(withStockPatroni).map(withPlainCommand);
  return changed.map((manifest) => JSON.stringify(manifest, null, 2)).join('\n---\n');
}
