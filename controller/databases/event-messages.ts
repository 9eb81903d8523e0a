import type { DatabaseStatus } from '../../database/types.ts';
import type { Decision, Step } from './decision.ts';
import type { Occurrence } from '../../kubernetes/events.ts';
import { primaryChanged } from './status/handled.ts';

type Told<Do extends Step['do']> = Pick<Occurrence, 'reason' | 'action'> & {
  readonly note: (step: Extract<Step, { do: Do }>, because: string) => string;
};

/** Objects that users look for among the applied ones. */
const NOTED: ReadonlySet<string> = new Set(['StatefulSet', 'CronJob', 'PersistentVolumeClaim']);

/** The event of each kind of step; absent for bookkeeping. */
const STEPS: { readonly [Do in Step['do']]?: Told<Do> } = {
  'create-secret': {
    ...{ reason: 'CredentialsCreated', action: 'CreateSecret' },
    note: ({ secret }) => `made the Secret of ${secret}`,
  },
  'renew-certificate': {
    ...{ reason: 'CertificateRenewed', action: 'RenewCertificate' },
    note: () => 'looked after the certificate of the servers',
  },
  'rotate-credentials': {
    ...{ reason: 'CredentialsRotated', action: 'RotateCredentials' },
    note: ({ of }) => `made new passwords of the ${of}`,
  },
  apply: { reason: 'Applied', action: 'Apply', note: ({ kind, name }) => `applied ${kind} ${name}` },
  delete: { reason: 'Removed', action: 'Delete', note: (_, because) => because },
  orphan: {
    ...{ reason: 'Removed', action: 'Delete' },
    note: ({ object }, because) => `removed ${object.kind} ${object.name} without its pods: ${because}`,
  },
  scale: {
    ...{ reason: 'Scaled', action: 'Scale' },
    note: ({ replicas }, because) => `scaled to ${replicas}: ${because}`,
  },
  'delete-pod': {
    ...{ reason: 'MemberReplaced', action: 'DeletePod' },
    note: (_, because) => because,
  },
  'restart-server': {
    ...{ reason: 'MemberRestarted', action: 'Restart' },
    note: ({ pod }, because) => `restarted the server of ${pod}: ${because}`,
  },
  switchover: {
    ...{ reason: 'SwitchoverRequested', action: 'Switchover' },
    note: ({ from, to }, because) =>
      `asked Patroni for a switchover from ${from} to ${to ?? 'any standby'}: ${because}`,
  },
  'release-leader-lock': {
    ...{ reason: 'LeaderFreed', action: 'FreeLeader' },
    note: ({ member }, because) => `took the lock from ${member}: ${because}`,
  },
  relabel: {
    ...{ reason: 'RoleCorrected', action: 'Relabel' },
    note: ({ pod }, because) => `took the label of the primary from ${pod}: ${because}`,
  },
  'request-backup': {
    ...{ reason: 'BackupRequested', action: 'RequestBackup' },
    note: ({ name }, because) => `made the DatabaseBackup ${name}: ${because}`,
  },
  'request-restore': {
    ...{ reason: 'RestoreStarted', action: 'Restore' },
    note: ({ restore, member }) => `all members stop, and ${member} restores: ${restore}`,
  },
  'advance-restore': {
    ...{ reason: 'RestoreGoesOn', action: 'Restore' },
    note: (_, because) => because,
  },
  'stop-member': {
    ...{ reason: 'MemberStopped', action: 'DeletePod' },
    note: (_, because) => because,
  },
  'end-restore': {
    ...{ reason: 'RestoreEnded', action: 'Restore' },
    note: () => 'the members are let go',
  },
  configure: {
    ...{ reason: 'Configured', action: 'Configure' },
    note: () => "wrote Patroni's dynamic configuration",
  },
};

/** The event of a step that was done. */
export function eventOfStep({ step, because = '' }: Decision): Occurrence | undefined {
  if (!step || (step.do === 'apply' && !NOTED.has(step.kind))) return undefined;
  // Each entry takes the step of its own name.
  const told = STEPS[step.do] as Told<Step['do']> | undefined;
  if (!told) return undefined;
  const { reason, action, note } = told;
  return { type: 'Normal', reason, action, note: note(step, because) };
}

/** The event of a step that failed. */
export function eventOfFailure({ do: what }: Step, problem: string): Occurrence {
  return {
    type: 'Warning',
    reason: 'ActionFailed',
    action: STEPS[what]?.action ?? 'Reconcile',
    note: `${what}: ${problem}`,
  };
}

type Condition = NonNullable<DatabaseStatus['conditions']>[number];

/** Conditions for which False is the healthy state. */
const BAD_WHEN_TRUE: ReadonlySet<string> = new Set(['Stalled', 'Trimmed']);
/** Conditions that start as True: only a return from False is news. */
const EXPECTED: ReadonlySet<string> = new Set(['WorkloadMayChange', 'StorageReady']);
/** Conditions that change with every step. */
const PASSING: ReadonlySet<string> = new Set(['Reconciling']);

function isBad({ type, status }: Condition): boolean {
  return (status === 'True') === BAD_WHEN_TRUE.has(type);
}

/** Whether the present state of a condition is news. */
function isNews({ type, status }: Condition, was: string | undefined): boolean {
  if (PASSING.has(type) || was === status) return false;
  if (EXPECTED.has(type) && status !== 'False' && was !== 'False') return false;
  // A condition that was neither present before nor is True now is no news.
  return was !== undefined || status === 'True';
}

/** Events for changes of the status: conditions that turned, and a new primary. */
export function eventsOfStatus(before: DatabaseStatus | undefined, after: DatabaseStatus): Occurrence[] {
  const was = new Map(before?.conditions?.map(({ type, status }) => [type, status]));
  const turned = (after.conditions ?? []).filter((condition) => isNews(condition, was.get(condition.type)));
  const events = turned.map((condition): Occurrence => {
    const { reason, message } = condition;
    return { type: isBad(condition) ? 'Warning' : 'Normal', reason, action: 'Observe', note: message };
  });
  if (!primaryChanged(before, after)) return events;
  const note = `${after.handled?.primary ?? ''} is primary instead of ${before?.handled?.primary ?? ''}`;
  return [...events, { type: 'Normal', reason: 'PrimaryChanged', action: 'Observe', note }];
}
