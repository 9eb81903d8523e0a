/** The health of an object, in Argo CD's words (docs/decisions/0049-argo-cd.md). */
export interface Health {
  readonly status: 'Healthy' | 'Progressing' | 'Degraded';
  readonly message: string;
}

/** A condition, as far as the health depends on it. */
interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** An object as the API server gives it, as far as its health depends on it. */
export interface ObjectWithStatus {
  readonly kind: string;
  readonly metadata: {
    readonly generation?: number;
    readonly deletionTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly phase?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
  };
}

/** An annotation that makes an object a step of a sync of Argo CD. */
export const ARGO_HOOK = 'argocd.argoproj.io/hook';

const NOT_SEEN: Health = {
  status: 'Progressing',
  message: 'the controller has not looked at the present spec yet',
};
const BROKEN: ReadonlySet<string | undefined> = new Set(['Invalid', 'VolumesOfAnotherDatabase']);

function conditionOf({ status }: ObjectWithStatus, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

const isStalled = (object: ObjectWithStatus): boolean => conditionOf(object, 'Stalled')?.status === 'True';

/** What a person must do, or how it goes. */
function messageOf(object: ObjectWithStatus): string {
  return conditionOf(object, isStalled(object) ? 'Stalled' : 'Ready')?.message ?? '';
}

function databaseHealth(database: ObjectWithStatus): Health {
  const message = messageOf(database);
  if (database.metadata.deletionTimestamp !== undefined) return { status: 'Progressing', message };
  const mayChange = conditionOf(database, 'WorkloadMayChange');
  if (mayChange?.status !== 'False') return { status: 'Healthy', message };
  if (BROKEN.has(mayChange.reason)) return { status: 'Degraded', message };
  return { status: 'Progressing', message: mayChange.message ?? '' };
}

/** The health of an object that ends: it is waited for. */
function untilItEnds(object: ObjectWithStatus): Health {
  const { phase } = object.status ?? {};
  const message = messageOf(object);
  if (phase === 'Succeeded') return { status: 'Healthy', message };
  return { status: phase === 'Failed' || isStalled(object) ? 'Degraded' : 'Progressing', message };
}

function backupHealth(backup: ObjectWithStatus): Health {
  const isHook = backup.metadata.annotations?.[ARGO_HOOK] !== undefined;
  return isHook ? untilItEnds(backup) : { status: 'Healthy', message: messageOf(backup) };
}

const KINDS: Readonly<Record<string, (object: ObjectWithStatus) => Health>> = {
  Database: databaseHealth,
  DatabaseBackup: backupHealth,
  DatabaseRestore: untilItEnds,
};

/** The health of a Database, DatabaseBackup or DatabaseRestore; undefined for any other kind. Pure. */
export function healthOf(object: ObjectWithStatus): Health | undefined {
  if (!Object.hasOwn(KINDS, object.kind)) return undefined;
  const { observedGeneration } = object.status ?? {};
  if (observedGeneration === undefined || observedGeneration !== object.metadata.generation) return NOT_SEEN;
  return KINDS[object.kind]?.(object);
}
