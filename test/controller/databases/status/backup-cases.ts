import type { Observation } from '../../../../controller/databases/observation.ts';
import type { BackupCron } from '../../../../controller/databases/observed-backups.ts';
import type { Verification } from '../../../../controller/cluster/verification.ts';
import type { ArchiveReport } from '../../../../controller/engines/engine-control.ts';
import { healthy, saying, secondsAgo } from '../../observations.ts';
import type { Case } from './cases.ts';

const BACKUP = {
  enabled: true,
  schedule: '0 2 * * *',
  timeZone: 'Etc/UTC',
  destination: 's3://backups/orders',
} as const;
/** A Database that is backed up each night at two, and was looked at at noon. */
function backedUp(backup: Partial<BackupCron> | undefined): Observation {
  const cron = backup && { active: 0, suspended: false, ...backup };
  return healthy(3, { spec: { backup: BACKUP }, ...(cron && { backup: cron }) });
}

const twoToday = new Date('2026-11-21T02:00:00Z');
const twoYesterday = new Date('2026-11-20T02:00:00Z');
const half = (date: Date): Date => new Date(date.getTime() + 1_800_000);

const GAP = { from: '000000010000000000000003', to: '000000010000000000000004', count: 2 };

/** A Database whose last backup succeeded, and one of whose members says this about its archive. */
function archiving(archive: ArchiveReport, ordinal = 0): Observation {
  const seen = backedUp({ lastScheduledAt: twoToday, lastSucceededAt: half(twoToday) });
  return { ...seen, pods: seen.pods.map((pod) => (pod.ordinal === ordinal ? saying(pod, { archive }) : pod)) };
}

/** A Database whose last backup succeeded, with the latest verification; of this repository, unless it says another. */
function verified(verification: Partial<Verification>, verify?: { readonly schedule: string }): Observation {
  const seen = healthy(3, {
    spec: { backup: { ...BACKUP, ...(verify && { verify }) } },
    backup: { active: 0, suspended: false, lastScheduledAt: twoToday, lastSucceededAt: half(twoToday) },
  });
  const report = { repository: 'here', at: half(twoToday).getTime(), succeeded: false, ...verification };
  return { ...seen, repository: 'here', verification: report };
}

const WEEKLY = { schedule: '@weekly' };

/** Backups and archiving, as BackupHealthy says it. */
export const BACKUP_CASES: readonly Case[] = [
  { name: 'backups are off', seen: healthy(1), says: 'Unknown Off' },
  { name: 'there is no CronJob yet', seen: backedUp(undefined), says: 'Unknown NoneYet' },
  { name: 'the first is not due', seen: backedUp({ createdAt: secondsAgo(60) }), says: 'Unknown NoneYet' },
  {
    name: 'the CronJob is suspended',
    seen: backedUp({ createdAt: twoYesterday, suspended: true }),
    says: 'False Suspended',
    message: 'nothing is backed up',
  },
  {
    name: 'the log waits for its repository',
    seen: archiving({ state: 'waiting', since: twoToday.getTime(), count: 12 }),
    says: 'False ArchiveWaits',
    message: '12 parts of the log wait for the repository since 2026-11-21T02:00:00Z, and writes go on',
  },
  {
    name: 'the log waits for a repository of which the last run says what is wrong',
    seen: {
      ...archiving({ state: 'waiting', count: 1 }),
      repository: 'here',
      backupList: {
        ...{ repository: 'here', backups: [], left: 0, gaps: [], isWhole: true },
        lastRun: { at: twoToday.getTime(), succeeded: false, reason: 'the repository belongs to other data' },
      },
    },
    says: 'False ArchiveWaits',
    message: 'the backup of 2026-11-21T02:00:00Z failed: the repository belongs to other data',
  },
  {
    name: 'the log that waits will fill the volume',
    seen: archiving({ state: 'waiting', count: 12, suspendsAt: twoToday.getTime() }),
    says: 'False ArchiveWaits',
    message: 'and writes go on, on a volume that is nearly full about 2026-11-21T02:00:00Z if that goes on',
  },
  {
    name: 'the log is given up, so that the volume does not fill',
    seen: archiving({ state: 'suspended', since: twoToday.getTime(), count: 2, givenUp: GAP }),
    says: 'False ArchivingSuspended',
    message: '2 parts of the log, from 000000010000000000000003 to 000000010000000000000004, are given up',
  },
  {
    name: 'a part of the log was given up, and no backup was made since',
    seen: archiving({ state: 'archiving', gap: { ...GAP, until: half(twoToday).getTime() } }),
    says: 'False ArchiveGap',
    message: 'nothing after that can be restored before the next backup',
  },
  {
    name: 'a standby says what it said as the primary',
    seen: archiving({ state: 'waiting', count: 1 }, 1),
    says: 'True Succeeded',
  },
  {
    name: 'the last succeeded',
    seen: backedUp({ lastScheduledAt: twoToday, lastSucceededAt: half(twoToday) }),
    says: 'True Succeeded',
    message: '2026-11-21T02:30:00Z',
  },
  {
    name: 'the latest verification succeeded',
    seen: verified({ succeeded: true, label: '20261121-020000F' }, WEEKLY),
    says: 'True Succeeded',
  },
  {
    name: 'the latest verification failed',
    seen: verified({ label: '20261121-020000F', reason: 'restore ended with 29' }, WEEKLY),
    says: 'False VerificationFailed',
    message: 'the verification of 20261121-020000F failed at 2026-11-21T02:30:00Z: restore ended with 29',
  },
  {
    name: 'the latest verification found no backup',
    seen: verified({ reason: 'there is no backup' }, WEEKLY),
    says: 'False VerificationFailed',
    message: 'the verification of the newest backup failed',
  },
  { name: 'a verification that failed is asked for no more', seen: verified({}), says: 'True Succeeded' },
  {
    name: 'a verification of another repository failed',
    seen: verified({ repository: 'there' }, WEEKLY),
    says: 'True Succeeded',
  },
  {
    name: 'the last failed',
    seen: backedUp({ lastScheduledAt: twoToday, lastSucceededAt: half(twoYesterday) }),
    says: 'False LastRunFailed',
    message: '2026-11-21T02:00:00Z',
  },
  {
    name: 'the last runs still',
    seen: backedUp({ lastScheduledAt: twoToday, lastSucceededAt: half(twoYesterday), active: 1 }),
    says: 'True Succeeded',
  },
  {
    name: 'one did not begin',
    seen: backedUp({ lastScheduledAt: twoYesterday, lastSucceededAt: half(twoYesterday) }),
    says: 'False Missed',
    message: '2026-11-21T02:00:00Z',
  },
];
