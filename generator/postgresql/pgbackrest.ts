import type { BucketDestination, Destination } from '../../database/destination.ts';
import type { BucketFiles } from '../bucket.ts';
import { bucketFiles, pathIn, s3Bucket } from '../bucket.ts';
import type { BackupModel, Model } from '../model.ts';
import { names } from '../names.ts';
import { iniSection } from '../writers.ts';
import { sourceAssignments } from './repository-keys.ts';
import type { Restore } from './restore.ts';
import { PATHS, PORTS } from './paths-and-ports.ts';

/** The command of a container that serves files over TLS; its server rereads a renewed certificate only on a signal. */
export function repositoryServer(configuration: string): string[] {
  return ['ballast-reload', `${PATHS.tls}/tls.crt`, 'pgbackrest', `--config=${configuration}`, 'server'];
}

type Section = Readonly<Record<string, string>>;

/** The options of one kind of bucket. Without a Secret the pods' own identity is used; with one, keys are a file or in the environment. */
function bucketOptions(destination: BucketDestination, { key }: BucketFiles): Section {
  const { endpoint, credentialsSecret } = destination;
  switch (destination.type) {
    case 's3': {
      const { bucket, region, uriStyle } = s3Bucket(destination);
      return {
        'repo1-s3-bucket': bucket,
        'repo1-s3-region': region,
        'repo1-s3-endpoint': endpoint ?? `s3.${region}.amazonaws.com`,
        ...(credentialsSecret === undefined && { 'repo1-s3-key-type': 'web-id' }),
        ...(uriStyle === 'path' && { 'repo1-s3-uri-style': uriStyle }),
      };
    }
    case 'gcs':
      return {
        'repo1-gcs-bucket': destination.bucket,
        ...(endpoint !== undefined && { 'repo1-gcs-endpoint': endpoint }),
        ...(key ? { 'repo1-gcs-key': key.file } : { 'repo1-gcs-key-type': 'auto' }),
      };
    case 'azure':
      return {
        'repo1-azure-account': destination.account,
        'repo1-azure-container': destination.container,
        ...(endpoint !== undefined && { 'repo1-azure-endpoint': endpoint }),
        ...(credentialsSecret === undefined && { 'repo1-azure-key-type': 'auto' }),
        ...(destination.uriStyle === 'path' && { 'repo1-azure-uri-style': 'path' }),
      };
  }
}

type Owner = Pick<Model, 'namespace' | 'name'>;

function bucketSection(destination: BucketDestination, { namespace, name }: Owner, files: BucketFiles): Section {
  return {
    'repo1-type': destination.type,
    'repo1-path': pathIn(destination, namespace, name),
    ...bucketOptions(destination, files),
    ...(files.ca && { 'repo1-storage-ca-file': files.ca.file }),
  };
}

function tlsFiles(prefix: string): Section {
  return {
    [`${prefix}-ca-file`]: `${PATHS.tls}/ca.crt`,
    [`${prefix}-cert-file`]: `${PATHS.tls}/tls.crt`,
    [`${prefix}-key-file`]: `${PATHS.tls}/tls.key`,
  };
}

/** The passphrase is in the environment. A repository host tells members of both, from its own configuration. */
const CIPHER: Section = { 'repo1-cipher-type': 'aes-256-cbc' };

function repositorySection(model: Model, destination: Destination, local: boolean): Section {
  const cipher = model.backup?.isEncrypted ? CIPHER : {};
  if (destination.type !== 'pvc') {
    return { ...bucketSection(destination, model, bucketFiles(destination, 'bucket')), ...cipher };
  }
  if (local) return { 'repo1-path': PATHS.repository, ...cipher };
  return {
    'repo1-host': `${names.backup(model.name)}.${model.namespace}.svc`,
    // Else the host reads a file of pgBackRest's own choice, which is not there, and nobody knows that the repository is encrypted.
    'repo1-host-config': PATHS.pgbackrestJob,
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

/** The same for a replay: pgBackRest 2.45 was seen to wait for more than a minute for the process that it starts in the background. */
const WITHOUT_SPOOL: Section = Object.fromEntries(
  Object.entries(COMMON).filter(([option]) => option !== 'archive-async' && option !== 'spool-path'),
);

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

/** pgbackrest.conf of a verification: it reads the repository, restores onto its own volume, and connects to no member. */
export function verifyConf(model: Model, { destination }: BackupModel): string {
  const global = { ...COMMON, ...repositorySection(model, destination, true) };
  return `${iniSection('global', global)}\n${iniSection(model.name, { 'pg1-path': PATHS.pgdata })}`;
}

/**
 * The command by which a server that starts from a backup gets WAL. pgBackRest's own would lack the source's keys, and name the folder
 * that is restored into. PostgreSQL takes every failure but one above 125 for the end of the archive, and would be promoted without what is
 * missing: only code 1, which says that the archive has no such file, is passed on.
 */
function restoreCommand(configuration: string, source: string, assignments = ''): Section {
  const keys = assignments === '' ? '' : `${assignments} `;
  const command = `${keys}pgbackrest --config=${configuration} --stanza=${source} archive-get %f "%p" || { test $? = 1 && exit 1; exit 255; }`;
  return { 'recovery-option': `restore_command=${command}` };
}

/** pgbackrest.conf of a first start from a backup: it reads the source's repository and never writes to it. */
export function restoreConf(model: Model, restore: Restore, destination: Destination): string {
  const { from: source, encryptionSecret } = restore;
  const owner = { ...model, name: source };
  const repository =
    destination.type === 'pvc'
      ? repositorySection(owner, destination, false)
      : {
          ...bucketSection(destination, owner, bucketFiles(destination, 'restore')),
          ...(encryptionSecret !== undefined && CIPHER),
        };
  const global = {
    ...WITHOUT_SPOOL,
    ...repository,
    ...restoreCommand(PATHS.pgbackrestRestore, source, sourceAssignments(model, restore)),
  };
  return `${iniSection('global', global)}\n${iniSection(source, { 'pg1-path': PATHS.pgdata })}`;
}

/** pgbackrest.conf of a first start from the Database's own backups. */
export function recoverConf(model: Model, { destination }: BackupModel): string {
  const repository = repositorySection(model, destination, false);
  const global = { ...WITHOUT_SPOOL, ...repository, ...restoreCommand(PATHS.pgbackrestRecover, model.name) };
  return `${iniSection('global', global)}\n${iniSection(model.name, { 'pg1-path': PATHS.pgdata })}`;
}
