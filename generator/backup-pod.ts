import { quantityOf } from '../database/resolve.ts';
import { compareQuantities } from '../database/values/quantity.ts';
import { memberAccountOf } from './accounts.ts';
import { bucketFiles, filesIn } from './bucket.ts';
import type { Json } from '../database/json.ts';
import type { BackupJob } from './engine.ts';
import { labelsOf } from './metadata.ts';
import type { Model } from './model.ts';
import { names } from './names.ts';
import { PLACES } from './paths.ts';
import { placement } from './placement.ts';
import {
  POD_DEFAULTS,
  accountMount,
  accountVolume,
  configVolume,
  container,
  emptyVolume,
  secretVolume,
} from './pod.ts';

function lesser(one: string, other: string): string {
  const [a, b] = [quantityOf(one), quantityOf(other)];
  return a && b && compareQuantities(b, a) < 0 ? other : one;
}

interface Needs {
  readonly cpu: string;
  readonly memory: string;
  readonly memoryLimit: string;
}

/** Resources with a CPU limit where the server has one: a ResourceQuota on CPU limits refuses a pod with a container without one. */
function resourcesLike(limit: string | undefined, { cpu, memory, memoryLimit }: Needs): Json {
  return {
    limits: { ...(limit !== undefined && { cpu: limit }), memory: memoryLimit },
    requests: { cpu: limit === undefined ? cpu : lesser(cpu, limit), memory },
  };
}

/** Resources of a container that reads or writes a backup repository. */
export function backupResources({ limits }: Pick<Model, 'limits'>): Json {
  return resourcesLike(limits['cpu'], { cpu: '100m', memory: '128Mi', memoryLimit: '512Mi' });
}

/** Resources of the container that lets the backup job read a member's files. */
export function backupServerResources(model: Model): Json {
  // A container of an earlier version stays unchanged until its members restart anyway.
  const limit = memberAccountOf(model) === 'earlier' ? undefined : model.limits['cpu'];
  return resourcesLike(limit, { cpu: '10m', memory: '64Mi', memoryLimit: '256Mi' });
}

/** Name of the volume that is mounted where members have their data. */
export const SPOOL = 'spool';

/** The volumes of a pod that works on a backup repository. */
export function backupVolumes({ name, backup }: Model, spool = emptyVolume(SPOOL)): Json[] {
  const claim: Json = { name: 'repository', persistentVolumeClaim: { claimName: names.backup(name) } };
  return [
    configVolume('settings', names.settings(name)),
    secretVolume('tls', names.tlsSecret(name)),
    emptyVolume('temporary'),
    spool,
    ...(backup?.destination.type === 'pvc' ? [claim] : []),
    ...filesIn(bucketFiles(backup?.destination, 'bucket')).map(({ volume }) => volume),
  ];
}

/** The mounts of these volumes. */
export function backupMounts({ backup }: Model): Json[] {
  return [
    { mountPath: PLACES.settings, name: 'settings', readOnly: true },
    { mountPath: PLACES.tls, name: 'tls', readOnly: true },
    { mountPath: PLACES.temporary, name: 'temporary' },
    { mountPath: PLACES.data, name: SPOOL },
    ...(backup?.destination.type === 'pvc' ? [{ mountPath: PLACES.repository, name: 'repository' }] : []),
    ...filesIn(bucketFiles(backup?.destination, 'bucket')).map(({ mount }) => mount),
  ];
}

/** Name of the volume with the token of the members' account. */
const ACCOUNT = 'account';

interface Program {
  /** Name of the container; the image has the program under it with `ballast-` in front. */
  readonly name: 'backup' | 'verify';
  readonly args: readonly string[];
  /** The volume that is mounted where members have their data; an empty one when absent. */
  readonly spool?: Json;
}

/** The pod of a job that works on a backup repository. */
export function backupJobPod(model: Model, job: BackupJob, { name, args, spool }: Program): Json {
  const { environment, affinity, tellsTheList = false } = job;
  // The account of an earlier version mounts its token in every pod that does not refuse it.
  const isByItself = tellsTheList && memberAccountOf(model) === 'earlier';
  const isMounted = tellsTheList && !isByItself;
  return {
    metadata: { labels: { ...labelsOf(model, 'backup') } },
    spec: {
      ...POD_DEFAULTS,
      ...(affinity !== undefined && { affinity }),
      ...placement(model),
      ...(!isByItself && { automountServiceAccountToken: false }),
      containers: [
        container(model.image, {
          name,
          command: [`ballast-${name}`],
          args: [...args],
          env: environment,
          resources: backupResources(model),
          volumeMounts: [...backupMounts(model), ...(isMounted ? [accountMount(ACCOUNT)] : [])],
        }),
      ],
      restartPolicy: 'Never',
      // The account may map to a cloud identity that opens the bucket.
      serviceAccount: model.accounts.pods,
      serviceAccountName: model.accounts.pods,
      terminationGracePeriodSeconds: 30,
      volumes: [...backupVolumes(model, spool), ...(isMounted ? [accountVolume(ACCOUNT)] : [])],
    },
  };
}
