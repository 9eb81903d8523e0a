import { intern } from './intern.ts';
import { read, recordAt, withoutAbsent } from './json-path.ts';
import { backupLabel, json, message, time, word } from './values.ts';

/** What came of the latest verification of a backup, as the job that made it reports it. */
export interface Verification {
  /** Fingerprint of the repository; one of another place says nothing about this one. */
  readonly repository: string;
  /** When it ended, in milliseconds. */
  readonly at: number;
  readonly succeeded: boolean;
  /** Name of the backup in the repository; absent when none could be chosen. */
  readonly label?: string;
  /** Why it failed. */
  readonly reason?: string;
}

/** Reads what a verification wrote: a member may have written it too. Undefined for a text that is no such report. */
export function readVerification(text: unknown): Verification | undefined {
  const value = json(text);
  const repository = read(word, value, 'repository');
  const at = read(time, value, 'at');
  const { succeeded } = recordAt(value);
  if (repository === undefined || at === undefined || typeof succeeded !== 'boolean') return undefined;
  return {
    repository: intern(repository),
    at,
    succeeded,
    ...withoutAbsent({ label: read(backupLabel, value, 'label'), reason: read(message, value, 'reason') }),
  };
}
