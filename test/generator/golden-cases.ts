import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings } from '../../cli/settings.ts';
import type { Database } from '../../database/object.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import type { Settings } from '../../database/types.ts';
import { reviewOf } from '../review/sources.ts';

const ROOT = join(import.meta.dirname, '..', 'golden');

/** One folder of test/golden: the user's file, the settings beside it, and the rendered file. */
export interface GoldenCase {
  readonly name: string;
  readonly expected: string;
  read(): RenderInput;
}

/** What render takes. */
export interface RenderInput {
  readonly database: Database;
  readonly settings: Settings;
}

function readDatabase(file: string): Database {
  const { entries, findings } = reviewOf(file, readFileSync(file), { namespace: 'default' });
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [entry] = entries;
  if (errors.length > 0 || entries.length !== 1 || entry?.object.kind !== 'Database') {
    throw new Error(`${file} must hold one valid Database: ${JSON.stringify(errors)}`);
  }
  return entry.object;
}

function readSettings(file: string): Settings {
  if (!existsSync(file)) return NO_SETTINGS;
  const { settings, findings } = loadSettings(file, []);
  if (findings.length > 0) throw new Error(`${file}: ${JSON.stringify(findings)}`);
  return settings;
}

/** All golden cases. */
export function goldenCases(): GoldenCase[] {
  return readdirSync(ROOT).map((name) => ({
    name,
    expected: join(ROOT, name, 'expected.yaml'),
    read: () => ({
      database: readDatabase(join(ROOT, name, 'input.yaml')),
      settings: readSettings(join(ROOT, name, 'ballast.yaml')),
    }),
  }));
}
