import type { Identity } from '../../database/object.ts';
import { identify, identityKey } from '../../database/object.ts';
import { isSame } from '../../database/sorted-json.ts';
import { databaseEffects } from '../../generator/effects/database.ts';
import type { Effect, Level } from '../../generator/effects/effect.ts';
import { worstFirst, worstOf } from '../../generator/effects/effect.ts';
import { sideOf } from '../../generator/effects/members.ts';
import type { Transition } from '../../generator/effects/one-way.ts';
import { oneWayEffects } from '../../generator/effects/one-way.ts';
import { renameEffects } from '../../generator/effects/rename.ts';
import { settingsEffects } from '../../generator/effects/settings.ts';
import type { Renderer } from '../../generator/renderer.ts';
import { rendererFor } from '../../generator/renderer.ts';
import { isAddition } from '../../review/entry.ts';
import type { Review } from '../../review/review.ts';
import type { SettingsPair } from '../../review/settings-change.ts';
import type { Folded, ManifestChange } from './manifests.ts';
import { manifestChanges } from './manifests.ts';
import type { RenderedBefore } from './rendered-before.ts';

/** The kind of a change of an object. */
export type Fate = 'made' | 'changed' | 'removed';

/** The effects of a change on one object, worst first, and on its manifests. */
export interface ObjectChange extends Identity {
  readonly fate: Fate;
  readonly level: Level;
  readonly effects: readonly Effect[];
  readonly manifests: readonly ManifestChange[];
  /** Changes of labels and annotations alone, each with its manifests. */
  readonly metadata: readonly Folded[];
}

/** The effects of a change on a tree. */
export interface TreeChange {
  readonly level: Level;
  /** The effects of changed settings on all Databases. */
  readonly settings: readonly Effect[];
  readonly objects: readonly ObjectChange[];
}

/** Every object as of the revision and after the merge, by identity; objects that only others added are unchanged. */
function transitionsOf({ entries, previous }: Review): Transition[] {
  if (!previous) return [];
  const { theirs } = previous;
  const now = new Map(entries.map(({ object, result }) => [identityKey(identify(object)), result] as const));
  const before = [...theirs.keys()].filter((key) => now.has(key) || !isAddition(previous, key));
  const keys = [...new Set([...before, ...now.keys()])].sort();
  return keys.map((key) => ({ old: theirs.get(key)?.object, now: now.get(key) }));
}

function fateOf({ old, now }: Transition): Fate {
  if (!old) return 'made';
  return now ? 'changed' : 'removed';
}

/** A renderer for each side of a change. */
interface Renderers {
  readonly old: Renderer;
  readonly now: Renderer;
}

/** The renderers of both sides of a change; objects that only others added are on both sides. */
function renderersOf({ previous }: Review, all: readonly Transition[], settings: SettingsPair): Renderers {
  const before = [...(previous?.theirs.values() ?? [])].map(({ object }) => object);
  const compared = new Set(all.map(({ old }) => old));
  const after = [...all.flatMap(({ now }) => now ?? []), ...before.filter((object) => !compared.has(object))];
  return { old: rendererFor(before, settings.old), now: rendererFor(after, settings.now) };
}

/** Whether the manifests of an object may change under unchanged settings. */
function isTouched({ old, now }: Transition, renderers: Renderers): boolean {
  return !isSame(old && renderers.old.inputs(old), now && renderers.now.inputs(now));
}

interface Context {
  readonly renderers: Renderers;
  /** Effects that depend on other objects of the tree. */
  readonly together: (transition: Transition) => Effect[];
}

function objectChange(transition: Transition, { renderers, together }: Context): ObjectChange[] {
  const { old, now } = transition;
  const about = now ?? old;
  if (!about) return [];
  const before = old ? renderers.old.manifests(old) : [];
  const after = now ? renderers.now.manifests(now) : [];
  const { manifests, metadata } = manifestChanges(before, after);
  if (manifests.length === 0 && metadata.length === 0) return [];
  const alone = databaseEffects(sideOf(old, before), sideOf(now, after));
  const effects = worstFirst([...alone, ...together(transition)]);
  return [{ ...identify(about), fate: fateOf(transition), level: worstOf(effects), effects, manifests, metadata }];
}

/** The old renderer, which prefers what was rendered before. */
function preferring(rendered: RenderedBefore, { old, now }: Renderers): Renderers {
  return { old: { ...old, manifests: (object) => rendered(object) ?? old.manifests(object) }, now };
}

/**
 * Determines the effects of a change on every changed object; with what was rendered before, also of a change of Ballast itself. Pure, except
 * that rules read the time.
 */
export function changesOf(review: Review, settings: SettingsPair, now: Date, rendered?: RenderedBefore): TreeChange {
  const all = transitionsOf(review);
  const [oneWay, rename] = [oneWayEffects(all, { now }), renameEffects(all)];
  const together = (transition: Transition): Effect[] => [...oneWay(transition), ...rename(transition)];
  const own = renderersOf(review, all, settings);
  const renderers = rendered ? preferring(rendered, own) : own;
  const isQuiet = !rendered && isSame(settings.old, settings.now);
  const touched = isQuiet ? all.filter((transition) => isTouched(transition, renderers)) : all;
  const objects = touched.flatMap((transition) => objectChange(transition, { renderers, together }));
  const ofSettings = settingsEffects(settings.old, settings.now);
  const level = worstOf([...ofSettings, ...objects.flatMap(({ effects }) => effects)]);
  return { level, settings: ofSettings, objects };
}
