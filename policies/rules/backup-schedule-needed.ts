import { objectRule } from '../rule.ts';

const ONE_NOW = { databaseRef: { name: 'orders' } };

/** Refuses what is said about a schedule where there is none. */
export const backupScheduleNeeded = objectRule({
  id: 'backup-schedule-needed',
  kinds: ['DatabaseBackup'],
  path: 'spec.schedule',
  severity: 'error',
  on: 'write',
  why: 'Without a schedule a DatabaseBackup is one backup now. Who pauses it, or names a time zone, does not mean that.',
  remedy: 'add schedule, or take suspend and timeZone away',
  cel: 'has(self.schedule) || (!has(self.timeZone) && !self.suspend)',
  allowed: [
    { spec: ONE_NOW },
    { spec: { ...ONE_NOW, suspend: false } },
    { spec: { ...ONE_NOW, schedule: '@daily', suspend: true, timeZone: 'Europe/Berlin' } },
  ],
  denied: [{ spec: { ...ONE_NOW, suspend: true } }, { spec: { ...ONE_NOW, timeZone: 'Europe/Berlin' } }],
  check: ({ spec: { schedule, timeZone, suspend } }) => {
    if (schedule !== undefined) return [];
    const said = [...(timeZone === undefined ? [] : ['timeZone']), ...(suspend ? ['suspend'] : [])];
    return said.length === 0 ? [] : [{ problem: `must be set, because ${said.join(' and ')} is about it` }];
  },
});
