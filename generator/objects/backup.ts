import type { Json } from '../emit.ts';
import type { Engine } from '../engine.ts';
import type { Manifest } from '../metadata.ts';
import { labelsOf, metadata, selectorLabels } from '../metadata.ts';
import type { BackupModel, Model } from '../model.ts';
import { canonical } from '../model.ts';
import { names } from '../names.ts';
import { POD_DEFAULTS, configVolume, container, emptyVolume, fromSecret, port, secretVolume } from '../pod.ts';
import { repositoryEnvironment } from '../postgresql/engine.ts';
import { repositoryPath } from '../postgresql/pgbackrest.ts';
import { PATHS, PORTS } from '../postgresql/places.ts';

const MOUNTS: Json[] = [
  { mountPath: PATHS.settings, name: 'settings', readOnly: true },
  { mountPath: PATHS.tls, name: 'tls', readOnly: true },
  { mountPath: PATHS.temporary, name: 'temporary' },
  { mountPath: PATHS.data, name: 'spool' },
];
const RESOURCES: Json = { limits: { memory: '512Mi' }, requests: { cpu: '100m', memory: '128Mi' } };

function volumes({ name, backup }: Model): Json[] {
  const claim: Json = { name: 'repository', persistentVolumeClaim: { claimName: names.backup(name) } };
  return [
    configVolume('settings', names.settings(name)),
    secretVolume('tls', names.tlsSecret(name)),
    emptyVolume('temporary'),
    emptyVolume('spool'),
    ...(backup?.destination.type === 'pvc' ? [claim] : []),
  ];
}

function mounts({ backup }: Model): Json[] {
  const repository: Json = { mountPath: PATHS.repository, name: 'repository' };
  return backup?.destination.type === 'pvc' ? [...MOUNTS, repository] : MOUNTS;
}

/** What the image's `ballast-backup` is told: every word from a closed list, or a name that the rules let through. */
function jobArguments(model: Model, { destination, retention }: BackupModel): string[] {
  const place =
    destination.type === 's3'
      ? [
          `--s3-bucket=${destination.bucket}`,
          `--s3-path=${repositoryPath(destination, model.namespace, model.name)}`,
          `--s3-region=${destination.region ?? 'us-east-1'}`,
          ...(destination.endpoint === undefined ? [] : [`--s3-endpoint=${destination.endpoint}`]),
        ]
      : [`--directory=${PATHS.repository}`];
  return [
    `--engine=${model.engine}`,
    `--database=${model.name}`,
    ...(retention.days === undefined ? [] : [`--keep-days=${retention.days}`]),
    ...(retention.count === undefined ? [] : [`--keep-count=${retention.count}`]),
    ...(model.engine === 'postgresql'
      ? [`--config=${PATHS.pgbackrestJob}`]
      : [`--host=${names.podsService(model.name)}`, ...place]),
  ];
}

function jobEnvironment(model: Model): Json[] {
  if (model.engine === 'postgresql') return repositoryEnvironment(model);
  const secret = model.backup?.destination.type === 's3' ? model.backup.destination.credentialsSecret : undefined;
  return [
    fromSecret('DATABASE_PASSWORD', names.superuserSecret(model.name), 'password'),
    ...(secret === undefined
      ? []
      : [
          fromSecret('AWS_ACCESS_KEY_ID', secret, 'accessKeyId'),
          fromSecret('AWS_SECRET_ACCESS_KEY', secret, 'secretAccessKey'),
        ]),
  ];
}

/** A volume for one node at a time can be shared by pods of the same node: the job goes where the repository host is. */
function besideRepository(model: Model): Json {
  const term = {
    labelSelector: { matchLabels: { ...selectorLabels(model, 'backup'), 'db.example.com/repository': 'host' } },
    topologyKey: 'kubernetes.io/hostname',
  };
  return { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
}

function needsRepositoryHost({ engine, backup }: Model): boolean {
  return engine === 'postgresql' && backup?.destination.type === 'pvc';
}

function jobPod(model: Model, backup: BackupModel): Json {
  return {
    metadata: { labels: { ...labelsOf(model, 'backup') } },
    spec: {
      ...POD_DEFAULTS,
      ...(needsRepositoryHost(model) && { affinity: besideRepository(model) }),
      automountServiceAccountToken: false,
      containers: [
        container(model.image, {
          name: 'backup',
          command: ['ballast-backup'],
          args: jobArguments(model, backup),
          env: jobEnvironment(model),
          resources: RESOURCES,
          volumeMounts: mounts(model),
        }),
      ],
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 30,
      volumes: volumes(model),
    },
  };
}

/** The CronJob that backs up on schedule: three tries, one at a time, and a late start rather than none. */
function cronJob(model: Model, backup: BackupModel): Manifest {
  const about = { wave: 'extras', part: 'backup' } as const;
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: metadata(model, names.backup(model.name), about),
    spec: {
      concurrencyPolicy: 'Forbid',
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels: { ...labelsOf(model, 'backup') } },
        spec: { backoffLimit: 3, template: jobPod(model, backup) },
      },
      schedule: backup.schedule,
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      suspend: false,
      timeZone: backup.timeZone,
    },
  };
}

/** Twice the data when nothing is said: one full backup, and the log and the increments of a week. */
function repositorySize(model: Model, size: string | number | undefined): string {
  if (size !== undefined) return canonical(size);
  const match = /^([0-9]+)([A-Za-z]*)$/.exec(model.storage.size);
  return match ? canonical(`${Number(match[1]) * 2}${match[2] ?? ''}`) : model.storage.size;
}

function repositoryClaim(model: Model, backup: BackupModel): Manifest[] {
  if (backup.destination.type !== 'pvc') return [];
  const storageClassName = backup.destination.storageClassName ?? model.storage.storageClassName;
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: metadata(model, names.backup(model.name), { wave: 'workload', part: 'backup', keep: true }),
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: repositorySize(model, backup.destination.size) } },
        ...(storageClassName !== undefined && { storageClassName }),
        volumeMode: 'Filesystem',
      },
    },
  ];
}

/** The pod that owns the backup volume and takes the log of every member over TLS, with its Service. */
function repositoryHost(model: Model): Manifest[] {
  if (!needsRepositoryHost(model)) return [];
  const name = names.backup(model.name);
  const selector = { ...selectorLabels(model, 'backup'), 'db.example.com/repository': 'host' };
  const about = { wave: 'workload', part: 'backup' } as const;
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata(model, name, about),
      spec: {
        internalTrafficPolicy: 'Cluster',
        ports: [{ name: 'backup', port: PORTS.pgbackrest, protocol: 'TCP', targetPort: PORTS.pgbackrest }],
        publishNotReadyAddresses: false,
        selector,
        sessionAffinity: 'None',
        type: 'ClusterIP',
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata(model, name, about),
      spec: {
        progressDeadlineSeconds: 600,
        replicas: 1,
        revisionHistoryLimit: 10,
        selector: { matchLabels: selector },
        // Two pods must not hold the volume at once.
        strategy: { type: 'Recreate' },
        template: {
          metadata: { labels: { ...labelsOf(model, 'backup'), 'db.example.com/repository': 'host' } },
          spec: {
            ...POD_DEFAULTS,
            automountServiceAccountToken: false,
            containers: [
              container(model.image, {
                name: 'repository',
                command: ['pgbackrest', `--config=${PATHS.pgbackrestJob}`, 'server'],
                ports: [port('backup', PORTS.pgbackrest)],
                resources: RESOURCES,
                volumeMounts: mounts(model),
              }),
            ],
            terminationGracePeriodSeconds: 30,
            volumes: volumes(model),
          },
        },
      },
    },
  ];
}

/** Everything that backups need; nothing when they are off. */
export function backup(model: Model, _: Engine): Manifest[] {
  if (!model.backup) return [];
  return [...repositoryClaim(model, model.backup), ...repositoryHost(model), cronJob(model, model.backup)];
}
