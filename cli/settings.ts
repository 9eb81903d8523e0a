import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { cropped } from '../database/crop.ts';
import type { Finding } from '../database/finding.ts';
import { Places } from '../database/read/place.ts';
import { findTraps } from '../database/read/traps.ts';
import type { YamlText } from '../database/read/yaml.ts';
import { readYaml } from '../database/read/yaml.ts';
import { schemaFindings } from '../database/schema-findings.ts';
import { settingsSchema } from '../database/schema/settings.ts';
import { NO_SETTINGS, filledSettings } from '../database/settings.ts';
import type { Settings } from '../database/types.ts';
import { SCHEMAS } from '../database/schema/schemas.ts';
import { validatorOf } from '../database/validators.ts';
import { settingsFindings } from '../policies/settings.ts';
import { UsageError, errorCode, ioReason } from './errors.ts';
import { SETTINGS_FILE } from './files.ts';
import { liesIn } from './git/checkout.ts';
import { fileAt } from './git/files-at.ts';
import type { LocatedFinding } from './located.ts';
import { NO_OBJECT, fileFinding, placeFinding } from './located.ts';
import { foldersAbove, topOf } from './root.ts';
import { decodeText } from './text.ts';
import type { Foreign } from './tree.ts';

/** The settings of the installation, and what is wrong with them. */
export interface LoadedSettings {
  readonly settings: Settings;
  /** The file that they are read from; absent when there is none. */
  readonly file?: string;
  readonly findings: readonly LocatedFinding[];
}

const SECOND_DOCUMENT: Finding = {
  rule: 'schema-limit',
  severity: 'error',
  path: [],
  problem: 'must not have a second document: only the first would count',
  remedy: 'put all settings into one document',
};

/**
 * For each path where its settings may stand, the nearest first: the file that was named, else those in the folders from the
 * path up to the root of its tree.
 */
function placesOf(named: string | undefined, paths: readonly string[]): string[][] {
  const asked = named ?? paths.find((path) => basename(path) === SETTINGS_FILE);
  if (asked !== undefined) return [[asked]];
  const from = paths.length === 0 ? ['.'] : paths.map((path) => (path === '-' ? '.' : path));
  return from.map((path) => foldersAbove(path).map((folder) => join(folder, SETTINGS_FILE)));
}

/** The one file that holds the settings, if there is one. Throws when two paths have settings of their own. */
function settingsFile(named: string | undefined, paths: readonly string[]): string | undefined {
  const found = placesOf(named, paths).flatMap(
    (places) => places.find((place) => place === named || existsSync(place)) ?? [],
  );
  const [file, ...others] = [...new Map(found.map((place) => [resolve(place), place])).values()];
  if (others.length === 0) return file;
  throw new UsageError(
    `${file} and ${others.join(', ')} hold settings of two trees; name one with --settings, or run twice`,
  );
}

const SETTINGS_NAME = /^ballast\.(ya?ml|json)$/i;
const FIELDS = Object.keys(settingsSchema.properties ?? {});

/** The finding that a file looks like settings and is none; undefined when it does not. */
export function misplacedSettings(file: string, documents: readonly Foreign[]): LocatedFinding | undefined {
  if (!SETTINGS_NAME.test(basename(file))) return undefined;
  const held = documents.find(({ value }) => value['kind'] === undefined && FIELDS.some((field) => field in value));
  if (!held) return undefined;
  const problem = `must not hold settings: they are read from ${SETTINGS_FILE} at the top of the paths that are named, or above`;
  const remedy = `move them to ${SETTINGS_FILE} at the root of the repository, or name this file with --settings`;
  return fileFinding(file, { rule: 'settings-place', problem, remedy });
}

/** A file of the tree must not be a link that leads out of it: messages quote from what they read. */
function linkFinding(file: string, isNamed: boolean): LocatedFinding | undefined {
  const folder = realpathSync(dirname(file));
  const top = topOf(folder) ?? (isNamed ? undefined : folder);
  if (top === undefined || liesIn(top, realpathSync(file))) return undefined;
  const problem = 'must not be a link that leads out of the tree';
  const remedy = 'copy the file into the tree, or name another with --settings';
  return fileFinding(file, { rule: 'file-outside-tree', problem, remedy });
}

function readText(file: string): Uint8Array {
  try {
    // A pipe of this name would be waited for for ever.
    if (!statSync(file).isFile()) throw new UsageError(`${file}: it is no file`);
    return readFileSync(file);
  } catch (error) {
    if (errorCode(error) === '') throw error;
    throw new UsageError(`${file}: ${ioReason(error)}`, { cause: error });
  }
}

/** Reads `ballast.yaml`: the file that was named, else the nearest from the paths up to the root of the tree, else none. */
export function loadSettings(named: string | undefined, paths: readonly string[]): LoadedSettings {
  const file = settingsFile(named, paths);
  if (file === undefined) return { settings: NO_SETTINGS, findings: [] };
  const link = existsSync(file) ? linkFinding(file, named !== undefined) : undefined;
  const loaded = link ? { settings: NO_SETTINGS, findings: [link] } : parseSettings(file, readText(file));
  return { ...loaded, file };
}

/** The settings as they were at a revision: none when there were none, or none that can be read. */
export function loadSettingsAt(revision: string, named: string | undefined, paths: readonly string[]): Settings {
  for (const place of placesOf(named, paths).flat()) {
    const then = fileAt(revision, place, paths);
    if (then instanceof Uint8Array) return parseSettings(place, then).settings;
    if (then === 'as now' && existsSync(place)) return loadSettings(place, paths).settings;
  }
  return NO_SETTINGS;
}

function parseSettings(file: string, bytes: Uint8Array): LoadedSettings {
  const { text, findings } = decodeText(file, bytes);
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

type Wrong = Finding & { readonly document?: number };

/** Settings from the documents of the file: the first one holds them, and another must not be there. */
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
