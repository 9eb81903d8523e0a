import { REPOSITORY_LABEL } from '../../database/vocabulary.ts';
import { backupMounts, backupResources, backupVolumes } from '../backup-pod.ts';
import type { Json } from '../../database/json.ts';
import type { Labels, Manifest } from '../metadata.ts';
import { labelsOf, metadata, selectorLabels } from '../metadata.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';
import { placement } from '../placement.ts';
import { POD_DEFAULTS, container, port } from '../pod.ts';
import { repositoryServer } from './pgbackrest.ts';
import { ownKeys } from './repository-keys.ts';
import { PATHS, PORTS } from './paths-and-ports.ts';

const HOST: Labels = { [REPOSITORY_LABEL]: 'host' };
/** The port to which members push their WAL. */
export const LISTENS = { name: 'backup', port: PORTS.pgbackrest } as const;
const ABOUT = { wave: 'workload', part: 'backup' } as const;

const hasHost = ({ backup }: Model): boolean => backup?.destination.type === 'pvc';

/** Pods of one node can share a volume for one node at a time: the job runs beside the repository host. */
export function besideRepository(model: Model): Json | undefined {
  if (!hasHost(model)) return undefined;
  const term = {
    labelSelector: { matchLabels: { ...selectorLabels(model, 'backup'), ...HOST } },
    topologyKey: 'kubernetes.io/hostname',
  };
  return { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
}

function service(model: Model, selector: Labels): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(model, names.backup(model.name), ABOUT),
    spec: {
      internalTrafficPolicy: 'Cluster',
      ports: [{ ...LISTENS, protocol: 'TCP', targetPort: LISTENS.port }],
      selector,
      sessionAffinity: 'None',
      type: 'ClusterIP',
    },
  };
}

function pod(model: Model): Json {
  return {
    metadata: { labels: { ...labelsOf(model, 'backup'), ...HOST } },
    spec: {
      ...POD_DEFAULTS,
      ...placement(model),
      automountServiceAccountToken: false,
      containers: [
        container(model.image, {
          name: 'repository',
          command: repositoryServer(PATHS.pgbackrestJob),
          env: ownKeys(model),
          ports: [port(LISTENS.name, LISTENS.port)],
          resources: backupResources(model),
          volumeMounts: backupMounts(model),
        }),
      ],
      terminationGracePeriodSeconds: 30,
      volumes: backupVolumes(model),
    },
  };
}

/** The pod that owns the backup volume and receives the WAL of every member over TLS, with its Service. */
export function repositoryHost(model: Model): Manifest[] {
  if (!hasHost(model)) return [];
  const selector = { ...selectorLabels(model, 'backup'), ...HOST };
  return [
    service(model, selector),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata(model, names.backup(model.name), ABOUT),
      spec: {
        progressDeadlineSeconds: 600,
        replicas: 1,
        revisionHistoryLimit: 10,
        selector: { matchLabels: selector },
        // Two pods must not mount the volume at once.
        strategy: { type: 'Recreate' },
        template: pod(model),
      },
    },
  ];
}
