import type { ObjectRule } from './rule.ts';
import { backupNotYet } from './rules/backup-not-yet.ts';
import { engineNotYet } from './rules/engine-not-yet.ts';
import { kindNotYet } from './rules/kind-not-yet.ts';
import { restoreNotYet } from './rules/restore-not-yet.ts';
import { upgradeNotYet } from './rules/upgrade-not-yet.ts';

/** Something that the API lets a user ask for and that no program does yet. */
export interface NotYet {
  /** The thing, as README's status table calls it. */
  readonly what: string;
  /** What happens instead, for the same table. */
  readonly instead: string;
  /** Tells whoever asks for it: an error where it would do harm, else a warning. */
  readonly rule: ObjectRule;
}

/** All of them. Whoever makes one of them work removes its row and its rule. */
export const NOT_YET: readonly NotYet[] = [
  { what: 'Backups', instead: 'rendered; the CronJob is suspended, and WAL is not archived', rule: backupNotYet },
  { what: 'A first start from a backup', instead: 'rendered, not tried', rule: restoreNotYet },
  { what: 'Major upgrades', instead: 'refused', rule: upgradeNotYet },
  { what: 'DatabaseBackup, DatabaseRestore, DatabaseUser', instead: 'checked and stored', rule: kindNotYet },
  { what: 'MySQL, MongoDB', instead: 'one member is rendered, for an image that you bring', rule: engineNotYet },
];

/** Whether what a rule of the list is about is not done yet. */
export function isNotYet(rule: ObjectRule): boolean {
  return NOT_YET.some((row) => row.rule === rule);
}
