import { isRecord } from '../../database/record.ts';
import { isSame } from '../../database/sorted-json.ts';
import { changedKeys } from '../../generator/effects/effect.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { manifestsToYaml } from '../../generator/render.ts';
import { unifiedPatch } from './patch.ts';

/** The change of one manifest. */
export interface ManifestChange {
  /** Kind, namespace and name: `Service shop/orders-primary`. */
  readonly manifest: string;
  /** Lines of a unified diff; the two header lines come first. */
  readonly patch: readonly string[];
}

/** A change of labels and annotations, with the manifests that have no other change. */
export interface Folded {
  readonly change: string;
  readonly manifests: readonly string[];
}

function manifestKey({ kind, metadata }: Manifest): string {
  const { namespace, name } = metadata as { namespace?: string; name?: string };
  return `${kind} ${namespace ?? ''}/${name ?? ''}`;
}

const FOLDED = ['labels', 'annotations'] as const;

type Texts = Readonly<Record<string, unknown>>;

function textsOf({ metadata }: Manifest, field: (typeof FOLDED)[number]): Texts {
  const texts = isRecord(metadata) ? metadata[field] : undefined;
  return isRecord(texts) ? texts : {};
}

/** The manifest without its folded changes. */
function bare(manifest: Manifest): unknown {
  const metadata = Object.entries(manifest['metadata'] as Texts).filter(([key]) => !FOLDED.includes(key as never));
  return { ...manifest, metadata: Object.fromEntries(metadata) };
}

/** The change of labels and annotations in one line; undefined when another field changes too. */
function metadataChange(old: Manifest, now: Manifest): string | undefined {
  if (!isSame(bare(old), bare(now))) return undefined;
  const told = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));
  const changes = FOLDED.flatMap((field) => {
    const [before, after] = [textsOf(old, field), textsOf(now, field)];
    return changedKeys(before, after).map((key) => `${field} ${key}: ${told(before[key])} → ${told(after[key])}`);
  });
  return changes.join(', ');
}

/** Lines of the package `diff` around a patch; a line of a manifest begins with a blank, + or -. */
const NO_LINE = /^(?:====|Index: |\\ No newline)/;

/** The difference of one manifest as a unified diff. */
function patchOf(key: string, old: Manifest | undefined, now: Manifest | undefined): string[] {
  const textOf = (manifest: Manifest | undefined): string => (manifest ? manifestsToYaml([manifest]) : '');
  const texts = [textOf(old), textOf(now)] as const;
  const patch = unifiedPatch({ names: [old ? key : '/dev/null', now ? key : '/dev/null'], texts });
  return patch.split('\n').filter((line) => line !== '' && !NO_LINE.test(line));
}

/** The differences between manifests: the lines of each, and once the changes that many of them share. */
export function manifestChanges(
  old: readonly Manifest[],
  now: readonly Manifest[],
): { readonly manifests: ManifestChange[]; readonly metadata: Folded[] } {
  const before = new Map(old.map((manifest) => [manifestKey(manifest), manifest]));
  const after = new Map(now.map((manifest) => [manifestKey(manifest), manifest]));
  const manifests: ManifestChange[] = [];
  const folded = new Map<string, string[]>();
  for (const key of new Set([...after.keys(), ...before.keys()])) {
    const [was, is] = [before.get(key), after.get(key)];
    if (isSame(was, is)) continue;
    const change = was && is ? metadataChange(was, is) : undefined;
    if (change === undefined) manifests.push({ manifest: key, patch: patchOf(key, was, is) });
    else folded.set(change, [...(folded.get(change) ?? []), key]);
  }
  return { manifests, metadata: [...folded].map(([change, keys]) => ({ change, manifests: keys })) };
}
