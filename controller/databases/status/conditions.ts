export type { ConditionValue } from '../../runtime/conditions.ts';

/** Conditions of a Database, in the order in which they are listed. */
export type ConditionType =
  | 'Ready'
  | 'Reconciling'
  | 'Stalled'
  | 'WorkloadMayChange'
  | 'ReplicationHealthy'
  | 'BackupHealthy'
  | 'StorageReady'
  | 'Hibernated'
  | 'Trimmed';
