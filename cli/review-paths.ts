import type { Settings } from '../database/types.ts';
import type { LocatedFinding } from '../review/located-finding.ts';
import { byPlace } from '../review/located-finding.ts';
import type { Review } from '../review/review.ts';
import { review } from '../review/review.ts';
import type { SettingsPair } from '../review/settings-change.ts';
import { settingsChangeFindings, settingsPair } from '../review/settings-change.ts';
import type { Cache } from './cache.ts';
import { loadFacts } from './facts.ts';
import type { TreeOptions } from './options.ts';
import { createProgress } from './progress.ts';
import type { InstallationSettings } from './settings.ts';
import { loadSettingsAt } from './settings.ts';
import { explained } from './sources/explained.ts';
import type { PreviousSources } from './sources/revision.ts';
import { sidesOf } from './sources/sides.ts';

/** The review of a command's paths, under their settings. */
export interface ReviewedPaths {
  readonly review: Review;
  /** Findings about the settings, their change, and the sources, sorted by place. */
  readonly findings: readonly LocatedFinding[];
  /** The settings of the compared revision, and those after the merge. */
  readonly settings: SettingsPair;
  readonly now: Date;
}

/** Options of a command, with those of commands that write. */
interface ReviewPathsOptions extends TreeOptions {
  /** The output folder; it is not read. */
  readonly out?: string;
  /** Whether objects of other kinds are passed on. */
  readonly includeOthers?: boolean;
  /** The cache of the last run. */
  readonly cache?: Cache | undefined;
}

function pairOf(
  previous: PreviousSources | undefined,
  ours: Settings,
  { paths, named }: { readonly paths: readonly string[]; readonly named: string | undefined },
): SettingsPair {
  if (!previous) return { old: ours, now: ours };
  const settingsAt = (revision: string): Settings => loadSettingsAt(revision, named, paths);
  const { revision, baseId } = previous;
  return settingsPair(ours, settingsAt(revision), baseId === undefined ? undefined : settingsAt(baseId));
}

/** Reads and reviews everything under the paths; against a revision, the change. */
export function reviewPaths(
  paths: readonly string[],
  installation: InstallationSettings,
  options: ReviewPathsOptions,
): ReviewedPaths {
  const { namespace, requireNamespace } = options;
  const now = new Date();
  const { facts, findings: ofFacts } = loadFacts(options, now);
  const progress = createProgress('checked', process.stderr, Date.now);
  const { tree, previous, streams } = sidesOf({ ...options, paths, progress });
  const findings = [...ofFacts, ...(previous?.findings ?? []), ...tree.findings];
  const reviewed = review({ ...tree, findings }, previous, {
    namespace,
    requireNamespace,
    now,
    ...(facts && { facts }),
  });
  progress.end();
  const revision = options.against === undefined ? undefined : previous;
  const settings = pairOf(revision, installation.settings, { paths, named: options.settings });
  const changed = settingsChangeFindings(reviewed, settings, installation.file);
  return {
    review: reviewed,
    findings: [...installation.findings, ...changed, ...explained(reviewed.findings, streams)].sort(byPlace),
    settings,
    now,
  };
}
