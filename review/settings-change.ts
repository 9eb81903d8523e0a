import { listed } from '../database/finding.ts';
import type { Database } from '../database/object.ts';
import { identify, identityKey } from '../database/object.ts';
import { sortedJson } from '../database/sorted-json.ts';
import type { Settings } from '../database/types.ts';
import { immutableChanges } from '../generator/immutable.ts';
import { rendererFor } from '../generator/renderer.ts';
import type { LocatedFinding } from './located-finding.ts';
import { fileFinding } from './located-finding.ts';
import { merged } from './merge.ts';
import type { Review } from './review.ts';
import { SETTINGS_FILE } from './settings.ts';

/** The settings of the revision that a tree is compared with, and those after the merge; equal without a revision. */
export interface SettingsPair {
  readonly old: Settings;
  readonly now: Settings;
}

/** The settings before and after the merge: `base` are those of the last common commit, when that is not the revision. */
export function settingsPair(ours: Settings, theirs: Settings, base: Settings | undefined): SettingsPair {
  return { old: theirs, now: base === undefined ? ours : (merged(base, theirs, ours) as Settings) };
}

/** The Databases that exist before and after the change. */
function standing({ entries, previous }: Review): Database[] {
  return entries.flatMap(({ object }) =>
    object.kind === 'Database' && previous?.theirs.has(identityKey(identify(object))) ? [object] : [],
  );
}

/**
 * Finds changes of the settings that the API server would refuse on existing objects after the merge, such as another storage class of
 * volumes. Empty without a revision.
 */
export function settingsChangeFindings(
  review: Review,
  { old, now }: SettingsPair,
  file = SETTINGS_FILE,
): LocatedFinding[] {
  if (sortedJson(old) === sortedJson(now)) return [];
  const objects = review.entries.map(({ object }) => object);
  const [before, after] = [rendererFor(objects, old), rendererFor(objects, now)];
  const changed = standing(review).flatMap((database) => {
    const { namespace, name } = identify(database);
    const [change] = immutableChanges(before.manifests(database), after.manifests(database));
    return change === undefined ? [] : [`${namespace}/${name} (${change})`];
  });
  if (changed.length === 0) return [];
  const problem = `must not change what cannot change in objects that are there: those of ${listed(changed)}`;
  const remedy = 'take the change back; new Databases that need another class name it in spec.storage.storageClassName';
  return [fileFinding(file, { rule: 'settings-immutable', problem, remedy })];
}
