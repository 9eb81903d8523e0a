import type { BallastObject, Identity } from '../../database/object.ts';
import { identify, identityKey } from '../../database/object.ts';
import { isSame } from '../../database/sorted-json.ts';
import type { Settings } from '../../database/types.ts';
import { databaseEffects } from '../../generator/effects/database.ts';
import type { Effect, Level } from '../../generator/effects/effect.ts';
import { worstFirst, worstOf } from '../../generator/effects/effect.ts';
import { sideOf } from '../../generator/effects/members.ts';
import type { Transition } from '../../generator/effects/one-way.ts';
import { oneWayEffects } from '../../generator/effects/one-way.ts';
import { renameEffects } from '../../generator/effects/rename.ts';
import { settingsEffects } from '../../generator/effects/settings.ts';
import type { Manifest } from '../../generator/metadata.ts';
import type { Tree } from '../load.ts';
import { manifestsOf } from '../rendered.ts';
import type { BothSettings } from '../settings-change.ts';
import { isAddition } from '../tree.ts';
import type { Folded, ManifestChange } from './manifests.ts';
import { manifestChanges } from './manifests.ts';

/** What happens to an object. */
export type Fate = 'made' | 'changed' | 'removed';

/** What a change does to one object, worst first, and to what is rendered from it. */
export interface ObjectChange extends Identity {
  readonly fate: Fate;
  readonly level: Level;
  readonly effects: readonly Effect[];
  readonly manifests: readonly ManifestChange[];
  /** Changes of labels and annotations alone, each with the manifests that have it. */
  readonly metadata: readonly Folded[];
}

/** What a change does to a tree. */
export interface TreeChange {
  readonly level: Level;
  /** What the change of the settings means for all Databases. */
  readonly settings: readonly Effect[];
  readonly objects: readonly ObjectChange[];
}

/** Every object as it was at the revision and as it is after the merge, by identity; what only others added is no change. */
function transitionsOf({ entries, past }: Tree): Transition[] {
  if (!past) return [];
  const now = new Map(entries.map(({ object, result }) => [identityKey(identify(object)), result] as const));
  const theirs = [...past.theirs.keys()].filter((key) => now.has(key) || !isAddition(past, key));
  const keys = [...new Set([...theirs, ...now.keys()])].sort();
  return keys.map((key) => ({ old: past.theirs.get(key)?.object, now: now.get(key) }));
}

function fateOf({ old, now }: Transition): Fate {
  if (!old) return 'made';
  return now ? 'changed' : 'removed';
}

function rendered(object: BallastObject | undefined, settings: Settings): Manifest[] {
  return object ? manifestsOf(object, settings) : [];
}

interface Context {
  readonly settings: BothSettings;
  /** Effects that take the other objects of the tree to know. */
  readonly together: (transition: Transition) => Effect[];
}

function objectChange(transition: Transition, { settings, together }: Context): ObjectChange[] {
  const { old, now } = transition;
  const about = now ?? old;
  if (!about) return [];
  const [before, after] = [rendered(old, settings.old), rendered(now, settings.now)];
  const { manifests, metadata } = manifestChanges(before, after);
  if (manifests.length === 0 && metadata.length === 0) return [];
  const alone = databaseEffects(sideOf(old, before), sideOf(now, after));
  const effects = worstFirst([...alone, ...together(transition)]);
  return [{ ...identify(about), fate: fateOf(transition), level: worstOf(effects), effects, manifests, metadata }];
}

/** Works out what the change does to every object that it changes. Pure, but for the time that rules look at. */
export function changesOf(tree: Tree, settings: BothSettings, now: Date): TreeChange {
  const all = transitionsOf(tree);
  const [oneWay, rename] = [oneWayEffects(all, { now }), renameEffects(all)];
  const together = (transition: Transition): Effect[] => [...oneWay(transition), ...rename(transition)];
  const isQuiet = isSame(settings.old, settings.now);
  const touched = isQuiet ? all.filter(({ old, now: after }) => !isSame(old, after)) : all;
  const objects = touched.flatMap((transition) => objectChange(transition, { settings, together }));
  const ofSettings = settingsEffects(settings.old, settings.now);
  const level = worstOf([...ofSettings, ...objects.flatMap(({ effects }) => effects)]);
  return { level, settings: ofSettings, objects };
}
