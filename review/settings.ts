import { cropped } from '../database/crop.ts';
import type { Finding } from '../database/finding.ts';
import { Places } from '../database/read/place.ts';
import { findTraps } from '../database/read/traps.ts';
import type { YamlText } from '../database/read/yaml.ts';
import { readYaml } from '../database/read/yaml.ts';
import { schemaFindings } from '../database/schema-findings.ts';
import { SCHEMAS } from '../database/schema/schemas.ts';
import { settingsSchema } from '../database/schema/settings.ts';
import { NO_SETTINGS, filledSettings } from '../database/settings.ts';
import type { Settings } from '../database/types.ts';
import { validatorOf } from '../database/validators.ts';
import { settingsFindings } from '../policies/settings.ts';
import type { ForeignObject } from './entry.ts';
import type { LocatedFinding } from './located-finding.ts';
import { NO_OBJECT, fileFinding, placeFinding } from './located-finding.ts';
import type { SourceText } from './source.ts';

/** The file with the settings of the installation; it holds no objects. */
export const SETTINGS_FILE = 'ballast.yaml';

/** The settings in a file, with their findings. */
export interface SettingsReview {
  readonly settings: Settings;
  readonly findings: readonly LocatedFinding[];
}

const SECOND_DOCUMENT: Finding = {
  rule: 'schema-limit',
  severity: 'error',
  path: [],
  problem: 'must not have a second document: only the first would count',
  remedy: 'put all settings into one document',
};

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

type Wrong = Finding & { readonly document?: number };

/** Checks the documents of the settings file: the first holds the settings, and there must be no other. */
function checkSettings(yaml: YamlText, text: string): { settings: Settings; wrong: readonly Wrong[] } {
  const [first, ...more] = yaml.values;
  const extra = more.findIndex((document) => document !== null) + 1;
  const wrong: Wrong[] = extra > 0 ? [{ ...SECOND_DOCUMENT, document: extra }] : [];
  for (const { finding } of findTraps(text, yaml, (document) => document === 0)) wrong.push(finding);
  if (wrong.length > 0) return { settings: NO_SETTINGS, wrong };
  const { value: small, unknownFields } = cropped(SCHEMAS['Settings'] ?? {}, first ?? {});
  const value = filledSettings(small as object);
  const validate = validatorOf('Settings');
  if (validate(value)) return { settings: value, wrong: settingsFindings(value) };
  return { settings: NO_SETTINGS, wrong: schemaFindings(validate.errors ?? [], value, unknownFields) };
}

/** Parses the text of `ballast.yaml`; invalid settings count as absent. */
export function reviewSettings(file: string, { text, findings }: SourceText): SettingsReview {
  if (text === undefined) return { settings: NO_SETTINGS, findings };
  const yaml = readYaml(text);
  if (!yaml.ok) return { settings: NO_SETTINGS, findings: [...findings, fileFinding(file, yaml.problem)] };
  const { settings, wrong } = checkSettings(yaml, text);
  const places = new Places(text, yaml.events);
  const placed = wrong.map(({ document = 0, ...finding }) =>
    placeFinding(finding, NO_OBJECT, { file, document, base: [] }, places),
  );
  return { settings, findings: [...findings, ...placed] };
}
