import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { applyDefaults } from '../database/defaults.ts';
import { readYaml } from '../database/read/yaml.ts';
import { schemaFindings } from '../database/schema-findings.ts';
import { settingsSchema } from '../database/schema/settings.ts';
import type { Settings } from '../database/types.ts';
import { validatorOf } from '../database/validators.ts';
import { UsageError, errorCode, ioReason } from './errors.ts';
import { SETTINGS_FILE } from './files.ts';
import type { LocatedFinding } from './located.ts';
import { NO_OBJECT, fileFinding, placeFinding } from './located.ts';
import { decodeText } from './text.ts';

/** The settings of the installation, and what is wrong with them. */
export interface LoadedSettings {
  readonly settings: Settings;
  readonly findings: readonly LocatedFinding[];
}

const NONE = applyDefaults(settingsSchema, {}) as Settings;

function findFile(named: string | undefined, paths: readonly string[]): string | undefined {
  if (named !== undefined) return named;
  const folders = paths.filter((path) => path !== '-' && existsSync(path) && statSync(path).isDirectory());
  return [...folders, '.'].map((folder) => join(folder, SETTINGS_FILE)).find((file) => existsSync(file));
}

function readText(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    if (errorCode(error) === '') throw error;
    throw new UsageError(`${file}: ${ioReason(error)}`, { cause: error });
  }
}

/** Reads `ballast.yaml`: the file that was named, else the one at the root of the tree, else none. */
export function loadSettings(named: string | undefined, paths: readonly string[]): LoadedSettings {
  const file = findFile(named, paths);
  if (file === undefined) return { settings: NONE, findings: [] };
  const { text, findings } = decodeText(file, readText(file));
  if (text === undefined) return { settings: NONE, findings };
  const yaml = readYaml(text);
  if (!yaml.ok) return { settings: NONE, findings: [...findings, fileFinding(file, yaml.problem)] };
  const value = applyDefaults(settingsSchema, yaml.values[0] ?? {});
  const validate = validatorOf('Settings');
  if (validate(value)) return { settings: value as Settings, findings };
  const origin = { file, document: 0, base: [] };
  const wrong = schemaFindings(validate.errors ?? [], value).map((finding) =>
    placeFinding(finding, NO_OBJECT, origin, text),
  );
  return { settings: NONE, findings: [...findings, ...wrong] };
}
