import { NOT_YET } from '../not-yet.ts';
import { addressRange } from './address-range.ts';
import { alertingNeedsMonitoring } from './alerting-needs-monitoring.ts';
import { annotationKnown } from './annotation-known.ts';
import { annotationValue } from './annotation-value.ts';
import { annotationsValid } from './annotations-valid.ts';
import { backupDestinationForm } from './backup-destination-form.ts';
import { backupDestinationNoCredentials } from './backup-destination-no-credentials.ts';
import { backupDestinationNoTraversal } from './backup-destination-no-traversal.ts';
import { backupDestinationRegion } from './backup-destination-region.ts';
import { backupDestinationRequired } from './backup-destination-required.ts';
import { backupEncryptionEngine } from './backup-encryption-engine.ts';
import { backupEncryptionFixed } from './backup-encryption-fixed.ts';
import { backupName } from './backup-name.ts';
import { backupObjectFixed } from './backup-object-fixed.ts';
import { backupPathUnique } from './backup-path-unique.ts';
import { backupScheduleNeeded } from './backup-schedule-needed.ts';
import { backupVolumeCanGrow } from './backup-volume-can-grow.ts';
import { backupVolumeClassImmutable } from './backup-volume-class-immutable.ts';
import { backupVolumeNoShrink } from './backup-volume-no-shrink.ts';
import { bootstrapImmutable } from './bootstrap-immutable.ts';
import { bootstrapRecoverBackups } from './bootstrap-recover-backups.ts';
import { bootstrapRestoreSource } from './bootstrap-restore-source.ts';
import { bootstrapRestoreTarget } from './bootstrap-restore-target.ts';
import { bootstrapRestoreVolume } from './bootstrap-restore-volume.ts';
import { bootstrapTargetLsn } from './bootstrap-target-lsn.ts';
import { bootstrapTargetName } from './bootstrap-target-name.ts';
import { bootstrapTargetTime } from './bootstrap-target-time.ts';
import { databaseName } from './database-name.ts';
import { daysForm } from './days-form.ts';
import { deletionConfirmed } from './deletion-confirmed.ts';
import { deletionProtected } from './deletion-protected.ts';
import { deletionProven } from './deletion-proven.ts';
import { destinationChangeProven } from './destination-change-proven.ts';
import { engineImmutable } from './engine-immutable.ts';
import { labelsValid } from './labels-valid.ts';
import { memberAccount } from './member-account.ts';
import { memoryCoversCache } from './memory-covers-cache.ts';
import { memoryCoversParameters } from './memory-covers-parameters.ts';
import { memoryCoversSharedBuffers } from './memory-covers-shared-buffers.ts';
import { nameReserved } from './name-reserved.ts';
import { nameUnique } from './name-unique.ts';
import { nameValid } from './name-valid.ts';
import { namespaceValid } from './namespace-valid.ts';
import { networkPolicyPeer } from './network-policy-peer.ts';
import { nodePlacementValid } from './node-placement-valid.ts';
import { outputPathUnique } from './output-path-unique.ts';
import { parametersAccepted } from './parameters-accepted.ts';
import { parametersDurable } from './parameters-durable.ts';
import { parametersKnown } from './parameters-known.ts';
import { parametersLibraries } from './parameters-libraries.ts';
import { parametersLibrariesInstalled } from './parameters-libraries-installed.ts';
import { parametersName } from './parameters-name.ts';
import { parametersOwned } from './parameters-owned.ts';
import { parametersStartable } from './parameters-startable.ts';
import { parametersTwice } from './parameters-twice.ts';
import { parametersValue } from './parameters-value.ts';
import { queryForm } from './query-form.ts';
import { referenceExists } from './reference-exists.ts';
import { referenceName } from './reference-name.ts';
import { replicasOdd } from './replicas-odd.ts';
import { replicasRange } from './replicas-range.ts';
import { replicasSingleMemberEngine } from './replicas-single-member-engine.ts';
import { resourcesCpuPlausible } from './resources-cpu-plausible.ts';
import { resourcesMemoryLeast } from './resources-memory-least.ts';
import { resourcesQuantity } from './resources-quantity.ts';
import { resourcesRequestsWithinLimits } from './resources-requests-within-limits.ts';
import { restoreConfirmed } from './restore-confirmed.ts';
import { restoreSourceAgrees } from './restore-source-agrees.ts';
import { restoreSource } from './restore-source.ts';
import { restoreTarget } from './restore-target.ts';
import { retentionForm } from './retention-form.ts';
import { rotationEngine } from './rotation-engine.ts';
import { scheduleCanFire } from './schedule-can-fire.ts';
import { scheduleFrequency } from './schedule-frequency.ts';
import { scheduleValid } from './schedule-valid.ts';
import { secretKey } from './secret-key.ts';
import { serviceAccountAnnotations } from './service-account-annotations.ts';
import { storageCanGrow } from './storage-can-grow.ts';
import { storageClassImmutable } from './storage-class-immutable.ts';
import { storageNoShrink } from './storage-no-shrink.ts';
import { storageQuantity } from './storage-quantity.ts';
import { storageRange } from './storage-range.ts';
import { synchronousCommitWaits } from './synchronous-commit-waits.ts';
import { synchronousNeedsStandby } from './synchronous-needs-standby.ts';
import { timeZoneKnown } from './time-zone-known.ts';
import { userName } from './user-name.ts';
import { versionBelowData } from './version-below-data.ts';
import { versionChangeAlone } from './version-change-alone.ts';
import { versionEndOfLife } from './version-end-of-life.ts';
import { versionNoDowngrade } from './version-no-downgrade.ts';
import { versionNoMajorSkip } from './version-no-major-skip.ts';
import { versionSupported } from './version-supported.ts';
import { READING_RULES } from '../reading-rules.ts';
import type { AnyRule, ObjectRule, TreeRule } from '../rule.ts';

/** Every rule about a single object, in the order of reports. */
export const OBJECT_RULES: readonly ObjectRule[] = [
  // Version and engine
  versionSupported,
  versionNoDowngrade,
  versionBelowData,
  versionNoMajorSkip,
  versionChangeAlone,
  versionEndOfLife,
  engineImmutable,
  // Members
  replicasRange,
  replicasOdd,
  replicasSingleMemberEngine,
  synchronousNeedsStandby,
  // Storage and resources
  storageQuantity,
  storageRange,
  storageNoShrink,
  storageCanGrow,
  storageClassImmutable,
  resourcesQuantity,
  resourcesMemoryLeast,
  resourcesCpuPlausible,
  resourcesRequestsWithinLimits,
  memoryCoversSharedBuffers,
  memoryCoversParameters,
  memoryCoversCache,
  // Settings of the engine
  parametersName,
  parametersOwned,
  parametersTwice,
  parametersKnown,
  parametersValue,
  parametersAccepted,
  parametersStartable,
  parametersLibraries,
  parametersLibrariesInstalled,
  parametersDurable,
  synchronousCommitWaits,
  // Backups
  scheduleValid,
  scheduleCanFire,
  scheduleFrequency,
  timeZoneKnown,
  backupDestinationRequired,
  backupDestinationForm,
  backupDestinationNoTraversal,
  backupDestinationNoCredentials,
  backupDestinationRegion,
  backupEncryptionEngine,
  backupEncryptionFixed,
  backupVolumeNoShrink,
  backupVolumeCanGrow,
  backupVolumeClassImmutable,
  destinationChangeProven,
  retentionForm,
  daysForm,
  backupScheduleNeeded,
  backupObjectFixed,
  // Creation and deletion
  nameValid,
  nameReserved,
  namespaceValid,
  labelsValid,
  annotationsValid,
  annotationKnown,
  annotationValue,
  referenceName,
  backupName,
  bootstrapRecoverBackups,
  bootstrapRestoreSource,
  bootstrapRestoreTarget,
  bootstrapRestoreVolume,
  bootstrapTargetLsn,
  bootstrapTargetName,
  bootstrapTargetTime,
  bootstrapImmutable,
  deletionProtected,
  deletionConfirmed,
  deletionProven,
  rotationEngine,
  memberAccount,
  // Restores, users, network, monitoring
  restoreSource,
  restoreTarget,
  restoreConfirmed,
  userName,
  queryForm,
  databaseName,
  secretKey,
  nodePlacementValid,
  serviceAccountAnnotations,
  addressRange,
  networkPolicyPeer,
  alertingNeedsMonitoring,
  // Not implemented yet
  ...NOT_YET.map(({ rule }) => rule),
];

/** Every rule about all objects of a tree together. */
export const TREE_RULES: readonly TreeRule[] = [
  nameUnique,
  outputPathUnique,
  backupPathUnique,
  referenceExists,
  restoreSourceAgrees,
];

/** Every rule that a finding can name. */
export const ALL_RULES: readonly AnyRule[] = [...OBJECT_RULES, ...TREE_RULES, ...READING_RULES];
