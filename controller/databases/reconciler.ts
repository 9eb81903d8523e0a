import type { Keys } from '../../certificates/keys.ts';
import type { DatabaseStatus } from '../../database/types.ts';
import type { Api } from '../../kubernetes/api.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { BackupFigures, Metrics } from '../../kubernetes/metrics.ts';
import { nameOf } from '../../kubernetes/objects.ts';
import type { IsVerifierOf } from '../credentials/scram.ts';
import { RESOURCES } from '../resources.ts';
import type { Reconciler } from '../runtime/reconciler.ts';
import { act } from './acts/act.ts';
import type { Servers } from '../engines/servers.ts';
import type { Decision, Step } from './decision.ts';
import { subjectOfStep } from './decision.ts';
import { eventOfFailure, eventOfStep, eventsOfStatus } from './event-messages.ts';
import type { Observation } from './observation.ts';
import type { DatabaseLook, LookOptions } from './observe/observe.ts';
import { look, storedDatabase } from './observe/observe.ts';
import { verify } from './observe/verify.ts';
import { primaryChanged } from './status/handled.ts';

/** Dependencies of the reconciler of Databases. */
export interface DatabaseReconcilerOptions {
  readonly api: Api;
  readonly clock: Pick<Clock, 'date'>;
  readonly looking: LookOptions;
  readonly servers: Servers;
  readonly makeKeys: () => Promise<Keys>;
  readonly isVerifierOf: IsVerifierOf;
  readonly metrics: Pick<Metrics, 'failedOver' | 'setUp' | 'setBackup' | 'forget'>;
  readonly decide: (seen: Observation, now: Date) => Decision;
}

/** Whether the primary accepts writes, as far as the observation shows. */
function isUp({ leader, pods }: Observation): boolean {
  return pods.some(({ name, ready, deleting }) => ready && !deleting && (!leader || name === leader.member));
}

/** The figures of the backups, as a status tells them. */
function backupFigures({ conditions, lastVerified }: DatabaseStatus = {}): BackupFigures {
  const health = conditions?.find(({ type }) => type === 'BackupHealthy')?.status;
  const verified = lastVerified?.result === 'Succeeded' ? lastVerified.time : undefined;
  return {
    ...(health !== undefined && health !== 'Unknown' && { isHealthy: health === 'True' }),
    ...(verified !== undefined && { verifiedAt: Date.parse(verified) / 1000 }),
  };
}

function mannerOf({ do: what }: Step): 'reads' | 'writes' | 'takes minutes' {
  if (what === 'read-credentials') return 'reads';
  return what === 'restart-server' ? 'takes minutes' : 'writes';
}

/** The reconciler of Databases. */
export function databaseReconciler(options: DatabaseReconcilerOptions): Reconciler<DatabaseLook, Step, DatabaseStatus> {
  const { api, clock, looking, servers, makeKeys, isVerifierOf, metrics } = options;
  const { watches, memory, settings } = looking;
  return {
    resource: RESOURCES.Database,
    look: (key, now) => look(key, looking, now),
    complete: ({ seen, remembered }, now) => verify(seen, remembered, { api, settings, now }),
    decide: ({ seen }, now) => options.decide(seen, now),
    act: (step, { seen, remembered }, resourceVersion) => {
      const context = { api, looking, servers, makeKeys, isVerifierOf, seen, remembered, resourceVersion };
      return act(step, { ...context, now: clock.date });
    },
    mannerOf,
    subjectOf: subjectOfStep,
    eventOfStep,
    eventOfFailure,
    eventsOfStatus,
    versionOf: (key) => watches.databases.get(key)?.resourceVersion,
    stored: (key) => {
      const kept = watches.databases.get(key);
      return kept && storedDatabase(kept);
    },
    onDecision: ({ object: { namespace, name, status }, seen }) => {
      metrics.setUp(namespace, name, isUp(seen));
      metrics.setBackup(namespace, name, backupFigures(status));
    },
    onStatusWritten: ({ object: { namespace, name, status } }, after) => {
      metrics.setBackup(namespace, name, backupFigures(after));
      if (primaryChanged(status, after)) metrics.failedOver(namespace, name);
    },
    forget: (key) => {
      const { namespace = '', name } = nameOf(key);
      memory.forget(key);
      metrics.forget(namespace, name);
    },
  };
}
