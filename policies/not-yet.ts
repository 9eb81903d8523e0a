import type { ObjectRule } from './rule.ts';
import { backupNotYet } from './rules/backup-not-yet.ts';
import { engineNotYet } from './rules/engine-not-yet.ts';
import { kindNotYet } from './rules/kind-not-yet.ts';
import { upgradeNotYet } from './rules/upgrade-not-yet.ts';

/** A field that the API accepts and that no program implements yet. */
export interface NotYet {
  /** The feature's name in README's status table. */
  readonly what: string;
  /** The behaviour instead, for the same table. */
  readonly instead: string;
  /** The rule about its use: an error where the use would do harm, else a warning. */
  readonly rule: ObjectRule;
}

/** All of them. An implementation removes its row and its rule. */
export const NOT_YET: readonly NotYet[] = [
  { what: 'Backups of MySQL and MongoDB', instead: 'rendered; the CronJob is suspended', rule: backupNotYet },
  { what: 'Major upgrades', instead: 'refused', rule: upgradeNotYet },
  { what: 'DatabaseUser', instead: 'checked and stored', rule: kindNotYet },
  { what: 'MySQL, MongoDB', instead: 'one member is rendered, for an image that you bring', rule: engineNotYet },
];
