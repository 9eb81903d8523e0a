import type { Database } from '../database/object.ts';
import { identify, identityKey } from '../database/object.ts';
import { sortedJson } from '../database/sorted-json.ts';
import type { Settings } from '../database/types.ts';
import { immutableChanges } from '../generator/immutable.ts';
import { render } from '../generator/render.ts';
import { SETTINGS_FILE } from './files.ts';
import type { Tree } from './load.ts';
import type { LocatedFinding } from './located.ts';
import { fileFinding } from './located.ts';
import { listed } from './output.ts';
import { merged } from './merge.ts';
import { loadSettingsAt } from './settings.ts';

/** The Databases that were there before and still are. */
function standing({ entries, past }: Tree): Database[] {
  return entries.flatMap(({ object }) =>
    object.kind === 'Database' && past?.theirs.has(identityKey(identify(object))) ? [object] : [],
  );
}

/** The settings of the revision that a tree is compared with, and those after the merge; the same without a revision. */
export interface BothSettings {
  readonly old: Settings;
  readonly now: Settings;
}

/** The settings of the revision that a tree is compared with, and those after the merge. */
export function settingsOf(
  { past }: Tree,
  ours: Settings,
  { paths, settings: named }: { readonly paths: readonly string[]; readonly settings?: string },
): BothSettings {
  if (!past) return { old: ours, now: ours };
  const old = loadSettingsAt(past.revision, named, paths);
  if (past.baseId === undefined) return { old, now: ours };
  return { old, now: merged(loadSettingsAt(past.baseId, named, paths), old, ours) as Settings };
}

function changesOf(database: Database, old: Settings, now: Settings): string[] {
  const { namespace, name } = identify(database);
  const changes = immutableChanges(render(database, old), render(database, now));
  return changes.length === 0 ? [] : [`${namespace}/${name} (${changes[0]})`];
}

/**
 * What a change of the settings alone would do to objects that are there, and the API server would refuse after the merge: the
 * class of volumes, for one. Nothing without a revision to compare with.
 */
export function settingsChangeFindings(tree: Tree, { old, now }: BothSettings, file = SETTINGS_FILE): LocatedFinding[] {
  if (sortedJson(old) === sortedJson(now)) return [];
  const changed = standing(tree).flatMap((database) => changesOf(database, old, now));
  if (changed.length === 0) return [];
  const problem = `must not change what cannot change in objects that are there: those of ${listed(changed)}`;
  const remedy = 'take the change back; new Databases that need another class name it in spec.storage.storageClassName';
  return [fileFinding(file, { rule: 'settings-immutable', problem, remedy })];
}
