import type { Destination, S3Destination } from '../../database/destination.ts';
import type { BucketCa } from '../bucket.ts';
import { backupCa, bucketOf } from '../bucket.ts';
import type { BackupModel, Model } from '../model.ts';
import { names } from '../names.ts';
import { iniSection } from '../writers.ts';
import { restoreCa } from './restore.ts';
import { PATHS, PORTS } from './paths-and-ports.ts';

/** The command of a container that serves files over TLS; its server rereads a renewed certificate only on a signal. */
export function repositoryServer(configuration: string): string[] {
  return ['ballast-reload', `${PATHS.tls}/tls.crt`, 'pgbackrest', `--config=${configuration}`, 'server'];
}

type Section = Readonly<Record<string, string>>;

function s3Section(s3: S3Destination, { namespace, name }: Pick<Model, 'namespace' | 'name'>, ca?: BucketCa): Section {
  const { bucket, path, region, endpoint, uriStyle } = bucketOf(s3, namespace, name);
  return {
    'repo1-type': 's3',
    'repo1-path': path,
    'repo1-s3-bucket': bucket,
    'repo1-s3-region': region,
    'repo1-s3-endpoint': endpoint ?? `s3.${region}.amazonaws.com`,
    // Without a Secret the pods' own cloud identity is used; with one, its keys come from the environment.
    ...(s3.credentialsSecret === undefined && { 'repo1-s3-key-type': 'web-id' }),
    ...(uriStyle === 'path' && { 'repo1-s3-uri-style': uriStyle }),
    ...(ca && { 'repo1-storage-ca-file': ca.file }),
  };
}

function tlsFiles(prefix: string): Section {
  return {
    [`${prefix}-ca-file`]: `${PATHS.tls}/ca.crt`,
    [`${prefix}-cert-file`]: `${PATHS.tls}/tls.crt`,
    [`${prefix}-key-file`]: `${PATHS.tls}/tls.key`,
  };
}

function repositorySection(model: Model, destination: Destination, local: boolean): Section {
  if (destination.type === 's3') return s3Section(destination, model, backupCa(destination));
  if (local) return { 'repo1-path': PATHS.repository };
  return {
    'repo1-host': `${names.backup(model.name)}.${model.namespace}.svc`,
    'repo1-host-type': 'tls',
    'repo1-host-port': String(PORTS.pgbackrest),
    ...tlsFiles('repo1-host'),
  };
}

const COMMON: Section = {
  'archive-async': 'y',
  'archive-timeout': '60',
  'compress-type': 'zst',
  'expire-auto': 'n',
  'log-level-console': 'info',
  'log-level-file': 'off',
  'process-max': '2',
  'spool-path': `${PATHS.data}/pgbackrest-spool`,
  'start-fast': 'y',
};

/** The certificate that may ask for a stanza; its name is that of the Database's own certificate. */
function serverSection({ name }: Model): Section {
  return {
    'tls-server-address': '*',
    'tls-server-port': String(PORTS.pgbackrest),
    ...tlsFiles('tls-server'),
    'tls-server-auth': `${name}=${name}`,
  };
}

/** pgbackrest.conf of the members: they push the WAL, and let the backup job read their files. */
export function memberConf(model: Model, { destination }: BackupModel): string {
  const global = { ...COMMON, ...repositorySection(model, destination, false), ...serverSection(model) };
  const stanza = {
    'pg1-path': PATHS.pgdata,
    'pg1-port': String(PORTS.postgresql),
    'pg1-socket-path': PATHS.socket,
  };
  return `${iniSection('global', global)}\n${iniSection(model.name, stanza)}`;
}

function memberHost(model: Model, ordinal: number): Section {
  const number = `pg${ordinal + 1}`;
  return {
    [`${number}-host`]: `${names.member(model.name, ordinal)}.${names.podsService(model.name)}.${model.namespace}.svc`,
    [`${number}-host-type`]: 'tls',
    [`${number}-host-port`]: String(PORTS.pgbackrest),
    ...tlsFiles(`${number}-host`),
    [`${number}-path`]: PATHS.pgdata,
    [`${number}-port`]: String(PORTS.postgresql),
    [`${number}-socket-path`]: PATHS.socket,
  };
}

/**
 * pgbackrest.conf of the backup job and the repository host: they connect to every member, and find the primary themselves. Whether a
 * standby is read is decided at each backup (images/postgres/backup.py).
 */
export function jobConf(model: Model, { destination }: BackupModel): string {
  const global = {
    ...COMMON,
    ...repositorySection(model, destination, true),
    ...serverSection(model),
  };
  const members = Array.from({ length: model.replicas }, (_, ordinal) => memberHost(model, ordinal));
  return `${iniSection('global', global)}\n${iniSection(model.name, Object.assign({}, ...members) as Section)}`;
}

/** pgbackrest.conf of a first start from a backup: it reads the source's repository and never writes to it. */
export function restoreConf(model: Model, source: string, destination: Destination): string {
  const repository =
    destination.type === 's3'
      ? s3Section(destination, { ...model, name: source }, restoreCa(destination))
      : repositorySection({ ...model, name: source }, destination, false);
  const global = { ...COMMON, ...repository };
  return `${iniSection('global', global)}\n${iniSection(source, { 'pg1-path': PATHS.pgdata })}`;
}
