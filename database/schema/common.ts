import type { Schema } from './schema.ts';

/** API group of every kind of Ballast's. */
export const GROUP = 'db.example.com';
/** API version of every kind of Ballast's. */
export const VERSION = 'v1alpha1';
/** `apiVersion` of every object of Ballast's. */
export const API_VERSION = `${GROUP}/${VERSION}`;

/** A string of at most `maxLength` characters. */
export function text(description: string, maxLength: number, more: Schema = {}): Schema {
  return { type: 'string', description, maxLength, ...more };
}

/** A whole number from `minimum` to `maximum`. */
export function whole(description: string, minimum: number, maximum: number, more: Schema = {}): Schema {
  return { type: 'integer', description, minimum, maximum, ...more };
}

/** A whole number whose range a rule of `policies/` checks, so that all problems are reported at once. */
export function ruledNumber(description: string): Schema {
  return { type: 'integer', format: 'int32', description };
}

/** `true` or `false`. */
export function flag(description: string, more: Schema = {}): Schema {
  return { type: 'boolean', description, ...more };
}

/** An object with exactly these properties. */
export function object(description: string, properties: Record<string, Schema>, more: Schema = {}): Schema {
  return { type: 'object', description, properties, ...more };
}

/** A Kubernetes quantity, written as a string (`20Gi`) or a whole number; the rules of its type check it. */
export function quantity(description: string, holds: 'amount' | 'volume-size'): Schema {
  return { 'x-kubernetes-int-or-string': true, maxLength: 48, description, holds };
}

/** Name of an object of Kubernetes, of at most `maxLength` characters. */
export function objectName(description: string, maxLength: number, more: Schema = {}): Schema {
  return text(description, maxLength, { ...more, holds: 'object-name' });
}

/** A map of strings, as labels and annotations are. */
export function stringMap(description: string, maxProperties: number, maxLength: number): Schema {
  return { type: 'object', description, maxProperties, additionalProperties: { type: 'string', maxLength } };
}

/** The Database, in the same namespace, that an object is about. */
export const databaseRef: Schema = object(
  'The Database, in the same namespace, that this object is about.',
  { name: objectName('Name of the Database.', 63, { minLength: 1 }) },
  { required: ['name'] },
);

/** The schedule of a job; the rules of `policies/` check it like a Kubernetes CronJob. */
export const schedule: Schema = text(
  'When to run: five fields (minute hour day-of-month month day-of-week) as a Kubernetes CronJob reads them, or @hourly, @daily, @weekly, @monthly, @yearly.',
  100,
  { minLength: 1, holds: 'schedule' },
);

/** The IANA time zone of a schedule. */
export const timeZone: Schema = text(
  'IANA time zone of the schedule, for example Europe/Berlin; Etc/UTC when absent.',
  64,
  { holds: 'time-zone' },
);

/** The retention of backups. */
export const retention: Schema = object(
  'How long backups are kept: a backup stays while either rule keeps it. A bare number, or text such as 7d, means days. 7 days and 5 backups when absent.',
  {
    days: {
      'x-kubernetes-int-or-string': true,
      maxLength: 8,
      description: 'Keep every backup of this many last days (7 or "7d").',
    },
    count: ruledNumber('Keep at least this many of the newest backups.'),
  },
  { holds: 'retention', shortForm: { 'x-kubernetes-int-or-string': true, maxLength: 8 } },
);

const prefix = text('Path inside it; the namespace and name of the Database when absent.', 256);

/** The Secret with the authorities of a store. */
function caSecret(services: string): Schema {
  return objectName(
    `Secret of the same namespace with the key ca.crt: the authorities that the certificate of ${services} may be of; those that the image knows when absent.`,
    253,
  );
}

const s3: Schema = object(
  'An S3 bucket, or a service that speaks its protocol.',
  {
    bucket: text('Name of the bucket; without a dot.', 63, { minLength: 1 }),
    prefix,
    region: text(
      'Region of the bucket. A bucket of Amazon needs it: requests are signed for us-east-1 when it is absent. Most other services take any.',
      64,
    ),
    endpoint: text('Host, or host:port, of another service that speaks S3, over TLS.', 253),
    uriStyle: text(
      'Whether requests name the bucket in their path, or in front of the host; path when an endpoint is named, host for Amazon.',
      4,
      { enum: ['path', 'host'] },
    ),
    caSecret: caSecret('the service'),
    credentialsSecret: objectName(
      'Secret of the same namespace with the keys accessKeyId and secretAccessKey; the pod identity of the cloud when absent.',
      253,
    ),
  },
  { required: ['bucket'] },
);

const gcs: Schema = object(
  'A bucket of Google Cloud Storage.',
  {
    bucket: text('Name of the bucket.', 222, { minLength: 1 }),
    prefix,
    endpoint: text('Host, or host:port, of another service that speaks its protocol, over TLS.', 253),
    caSecret: caSecret('the service, and of the one that the key names for tokens,'),
    credentialsSecret: objectName(
      'Secret of the same namespace with the key key.json: the key file of a service account of Google; the pod identity of the cloud when absent.',
      253,
    ),
  },
  { required: ['bucket'] },
);

const azure: Schema = object(
  'A container of Azure Blob Storage.',
  {
    container: text('Name of the container.', 63, { minLength: 1 }),
    account: text('Name of the storage account.', 24, { minLength: 1 }),
    prefix,
    endpoint: text(
      'Host, or host:port, of another Azure cloud or service, over TLS; blob.core.windows.net when absent.',
      253,
    ),
    uriStyle: text(
      'Whether requests name the account in their path, or in front of the host; host, as in every cloud of Azure, when absent.',
      4,
      { enum: ['path', 'host'] },
    ),
    caSecret: caSecret('the service'),
    credentialsSecret: objectName(
      'Secret of the same namespace with the key accountKey; the managed identity of the node when absent, which pgBackRest knows from version 2.58 on.',
      253,
    ),
  },
  { required: ['container', 'account'] },
);

/** The place of backups: a URL, or the long form. */
export const destination: Schema = object(
  'Where backups are stored: s3://bucket/prefix, gs://bucket/prefix, azure://account/container/prefix or pvc://, or the long form with s3, gcs, azure or pvc.',
  {
    s3,
    gcs,
    azure,
    pvc: object('A volume of its own in the cluster.', {
      size: quantity(
        'Size of the volume, from 1Gi to 64Ti; twice the size of the Database storage when absent. It may grow, never shrink.',
        'volume-size',
      ),
      storageClassName: objectName(
        'StorageClass of the volume; that of the Database storage when absent. Fixed once the volume exists.',
        253,
      ),
    }),
  },
  { holds: 'destination', shortForm: { type: 'string', maxLength: 512 } },
);

/** The encryption of backups. */
export const encryption: Schema = object(
  'Encryption of all that is written to the destination, before it leaves the pods.',
  {
    enabled: flag(
      'Whether backups are encrypted (AES-256) with the key passphrase of the Secret NAME-backup-key. The controller makes that Secret once, unless you bring it, and never changes or deletes it. It is neither in Git nor at the destination: keep a copy of it elsewhere, for without it no backup can be read. To switch it on or off, change the place of the backups together with it.',
      { default: false },
    ),
  },
);

/** Point in time to restore to; a rule checks its form. */
export const targetTime = (otherwise: string): Schema =>
  text(
    `Point in time to restore to, in RFC 3339 with a zone, for example 2026-11-20T10:00:00Z. Without any target, ${otherwise}.`,
    40,
    { holds: 'target-time' },
  );

/** Position in the WAL to restore to; a rule checks its form. */
export const targetLSN: Schema = text(
  'Position in the WAL to restore to, as pg_current_wal_lsn() gives it, for example 16/B374D848: everything that was written before it.',
  17,
  { holds: 'target-lsn' },
);

/** Restore point to restore to; a rule checks its form. */
export const targetName: Schema = text(
  'Restore point to restore to, made with pg_create_restore_point(). It needs the backup from which the replay reaches it.',
  63,
  { holds: 'target-name' },
);

/** The `conditions` list of a status, after `metav1.Condition`. */
export const conditions: Schema = {
  type: 'array',
  description: 'The latest observations, in the form that kstatus and `kubectl wait` read.',
  maxItems: 16,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
  items: object(
    'One aspect of the state.',
    {
      type: text('What the condition is about, for example Ready.', 316, { minLength: 1 }),
      status: text('True, False or Unknown.', 7, { enum: ['True', 'False', 'Unknown'] }),
      reason: text('One word in CamelCase for programs.', 1024),
      message: text('A sentence for people.', 32768),
      lastTransitionTime: text('When the status last changed.', 64, { format: 'date-time' }),
      observedGeneration: whole('The generation that this was true of.', 0, Number.MAX_SAFE_INTEGER, {
        format: 'int64',
      }),
    },
    { required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'] },
  ),
};

/** The `observedGeneration` of a status. */
export const observedGeneration: Schema = whole(
  'The generation of the spec that this status describes.',
  0,
  Number.MAX_SAFE_INTEGER,
  { format: 'int64' },
);

/** A moment written by the controller. */
export function moment(description: string): Schema {
  return text(description, 64, { format: 'date-time' });
}
