import { until } from '../cluster/controller.ts';
import type { DatabaseUser } from './person.ts';

const DONE_MS = 300_000;

/** Asks for a backup, or, with a schedule in the spec, for many. */
export async function askForBackup(user: DatabaseUser, name: string, spec: object = {}): Promise<void> {
  const object = { apiVersion: 'db.example.com/v1alpha1', kind: 'DatabaseBackup', metadata: { name } };
  const input = JSON.stringify({ ...object, spec: { databaseRef: { name: user.name }, ...spec } });
  await user.kubectl.run(['apply', '--filename=-'], { input });
}

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
