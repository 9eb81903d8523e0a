import { names } from '../../generator/names.ts';
import { keyOf, nameOf } from '../../kubernetes/objects.ts';
import { lastOf } from '../../kubernetes/store.ts';
import type { Watches } from '../cluster/watches.ts';
import { hasEnded } from '../databases/state/restores.ts';

/** Calls back with the key of each DatabaseRestore to look at when something changes that it depends on; what has ended depends on nothing. */
export function onRestoreChange(watches: Watches, tell: (key: string) => void): void {
  const { databases, databaseBackups, databaseRestores, configMaps } = watches;
  const tellWaiting = (owner: string): void => {
    for (const kept of databaseRestores.indexed(owner)) if (!hasEnded(kept)) tell(keyOf(kept));
  };
  databaseRestores.onChange((change) => {
    tell(change.key);
    // The next one of the same Database may begin.
    tellWaiting(lastOf(change).owner);
  });
  databases.onChange(({ key }) => {
    tellWaiting(key);
  });
  databaseBackups.onChange((change) => {
    tellWaiting(lastOf(change).owner);
  });
  configMaps.onChange((change) => {
    const { owner } = lastOf(change);
    const [{ name }, database] = [nameOf(change.key), nameOf(owner).name];
    if (name === names.restore(database) || name === names.backups(database)) tellWaiting(owner);
  });
}
