import type { Kubectl } from '../kubectl.ts';
import type { ListOf, StoredBackup, StoredEvent, StoredPod, StoredRestore } from '../objects.ts';
import { resourceOf } from '../objects.ts';
import { memberSelector, readDatabase } from '../database.ts';
import type { Readable } from '../status/screen.ts';
import { statusScreen } from '../status/screen.ts';
import { isUsageError } from '../../errors.ts';

/** Reads a list. Rights to read a Database need not include those to read its pods and events. */
async function readAll<T>(kubectl: Kubectl, args: readonly string[]): Promise<Readable<T>> {
  try {
    return (await kubectl.read<ListOf<T>>(args)).items;
  } catch (error) {
    if (!isUsageError(error)) throw error;
    return { unreadable: error.message };
  }
}

function about<T extends StoredBackup | StoredRestore>(all: Readable<T>, name: string): Readable<T> {
  return 'unreadable' in all ? all : all.filter(({ spec }) => spec.databaseRef.name === name);
}

/** Shows the state of a Database on one screen. */
export async function status(kubectl: Kubectl, name: string): Promise<number> {
  const database = await readDatabase(kubectl, name);
  const ofDatabase = `involvedObject.kind=Database,involvedObject.name=${name}`;
  const [pods, backups, restores, events] = await Promise.all([
    readAll<StoredPod>(kubectl, ['pods', `--selector=${memberSelector(database)}`]),
    readAll<StoredBackup>(kubectl, [resourceOf('DatabaseBackup')]),
    readAll<StoredRestore>(kubectl, [resourceOf('DatabaseRestore')]),
    readAll<StoredEvent>(kubectl, ['events', `--field-selector=${ofDatabase}`]),
  ]);
  const shown = { database, pods, backups: about(backups, name), restores: about(restores, name), events };
  process.stdout.write(statusScreen(shown, new Date()));
  return 0;
}
