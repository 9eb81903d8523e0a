import type { DatabaseStatus } from '../../../database/types.ts';
import type { Choice, TableChoice } from '../concerns/concern.ts';
import { conditionsOf } from '../../runtime/conditions.ts';
import { moment } from '../../runtime/hold.ts';
import { operationUnderWay } from '../operations/index.ts';
import { notedOperation } from '../operations/operation.ts';
import { isHibernating, wantedMembers } from '../state/database.ts';
import { isServing, primaryOf } from '../state/members.ts';
import type { Observation } from '../observation.ts';
import { backupHealthy, backupsOf } from './backup.ts';
import type { ConditionType, ConditionValue } from './conditions.ts';
import { endpointsOf, selectorOf } from './endpoints.ts';
import { handledOf } from './handled.ts';
import { phaseOf } from './phase.ts';
import { ready } from './ready.ts';
import { reconciling } from './reconciling.ts';
import { replicationHealthy } from './replication.ts';
import { stalled } from './stalled.ts';
import { lastVerified } from './verification.ts';
import { workloadMayChange } from './workload-may-change.ts';
import { storageReady, volumesOf } from './storage.ts';

function hibernated({ pods }: Observation): ConditionValue {
  if (pods.length === 0) return { status: 'True', reason: 'Asleep', message: 'all members have stopped' };
  return { status: 'False', reason: 'FallingAsleep', message: 'the members stop' };
}

/** Trimmed: parts of objects that are too large for the controller to store, and count as absent; present only while there are any. */
function trimmed(cut: readonly string[]): ConditionValue {
  const message = `larger than what the controller keeps, and therefore not read: ${cut.join('; ')}`;
  return { status: 'True', reason: 'TooLarge', message };
}

function said(seen: Observation, choice: Choice | undefined, now: Date): (readonly [ConditionType, ConditionValue])[] {
  const readiness = ready(seen);
  return [
    ['Ready', readiness],
    ['Reconciling', reconciling(seen, choice, readiness)],
    ['Stalled', stalled(seen)],
    ['WorkloadMayChange', workloadMayChange(seen)],
    ['ReplicationHealthy', replicationHealthy(seen)],
    ['BackupHealthy', backupHealthy(seen, now)],
    ['StorageReady', storageReady(seen)],
    ...(seen.cut ? [['Trimmed', trimmed(seen.cut)] as const] : []),
    ...(isHibernating(seen) ? [['Hibernated', hibernated(seen)] as const] : []),
  ];
}

/** The running version: that of the primary's pod, else of any pod. */
function versionOf(seen: Observation): string | undefined {
  return primaryOf(seen)?.version ?? seen.pods.find(({ version }) => version !== undefined)?.version;
}

/** The operation under way, if any. */
function operationIn(seen: Observation, choice: TableChoice | undefined, now: Date): Pick<DatabaseStatus, 'operation'> {
  const operation = operationUnderWay(seen);
  if (!operation) return {};
  const before = seen.own.status?.operation;
  return { operation: notedOperation(operation, { before, step: choice?.concern ?? '', now: moment(now) }) };
}

/**
 * The status of an observation and of the choice about it. Pure, and unchanged as long as nothing happens, so that an uneventful look
 * writes nothing.
 */
export function statusOf(seen: Observation, choice: TableChoice | undefined, now: Date): DatabaseStatus {
  const serving = seen.pods.filter(isServing).length;
  const primary = primaryOf(seen)?.name;
  const version = versionOf(seen);
  return {
    phase: phaseOf(seen, now),
    observedGeneration: seen.own.generation,
    replicas: seen.pods.length,
    readyReplicas: serving,
    ready: `${serving}/${wantedMembers(seen)}`,
    ...(primary !== undefined && { primary }),
    ...(version !== undefined && { version }),
    selector: selectorOf(seen),
    endpoints: endpointsOf(seen),
    ...volumesOf(seen),
    ...backupsOf(seen, now),
    ...lastVerified(seen),
    ...operationIn(seen, choice, now),
    handled: handledOf(seen),
    conditions: conditionsOf(seen.own, said(seen, choice, now), now),
  };
}
