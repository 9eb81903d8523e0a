import { until } from '../cluster/controller.ts';
import type { DatabaseUser } from './person.ts';

const DONE_MS = 300_000;

/** Waits until a DatabaseBackup has ended well. */
export async function untilSucceeded(user: DatabaseUser, name: string): Promise<void> {
  await until(
    () => user.field(`dbbackup/${name}`, 'status.phase'),
    (phase) => phase === 'Succeeded',
    DONE_MS,
  );
}

/** Waits until the first backup of a Database has ended well, and gives its name. */
export async function untilFirstSucceeded(user: DatabaseUser): Promise<string> {
  const names = await until(
    () => user.lines('get', 'dbbackup', '--output=jsonpath={range .items[*]}{.metadata.name}{"\\n"}{end}'),
    (found) => found.length > 0,
    DONE_MS,
  );
  const [first = ''] = names;
  await untilSucceeded(user, first);
  return first;
}
