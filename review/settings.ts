import { settingsSchema } from '../database/schema/settings.ts';
import { NO_SETTINGS, filledSettings } from '../database/settings.ts';
import type { Settings } from '../database/types.ts';
import { settingsFindings } from '../policies/settings.ts';
import type { ForeignObject } from './entry.ts';
import type { LocatedFinding } from './located-finding.ts';
import { fileFinding } from './located-finding.ts';
import { reviewDocument } from './single-document.ts';
import type { SourceText } from './source.ts';

/** The file with the settings of the installation; it holds no objects. */
export const SETTINGS_FILE = 'ballast.yaml';

/** The settings in a file, with their findings. */
export interface SettingsReview {
  readonly settings: Settings;
  readonly findings: readonly LocatedFinding[];
}

const SETTINGS_NAME = /(^|\/)ballast\.(ya?ml|json)$/i;
const FIELDS = Object.keys(settingsSchema.properties ?? {});

/** A finding for a file that looks like settings but has another name; undefined otherwise. */
export function misplacedSettings(file: string, documents: readonly ForeignObject[]): LocatedFinding | undefined {
  if (!SETTINGS_NAME.test(file)) return undefined;
  const held = documents.find(({ value }) => value['kind'] === undefined && FIELDS.some((field) => field in value));
  if (!held) return undefined;
  const problem = `must not hold settings: they are read from ${SETTINGS_FILE} at the top of the paths that are named, or above`;
  const remedy = `move them to ${SETTINGS_FILE} at the root of the repository, or name this file with --settings`;
  return fileFinding(file, { rule: 'settings-place', problem, remedy });
}

/** Parses the text of `ballast.yaml`; invalid settings count as absent. */
export function reviewSettings(file: string, source: SourceText): SettingsReview {
  const { value = NO_SETTINGS, findings } = reviewDocument(file, source, {
    schema: 'Settings',
    fill: filledSettings,
    check: settingsFindings,
    holds: 'settings',
  });
  return { settings: value, findings };
}
