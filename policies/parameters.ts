import { ENGINES } from '../database/engines/index.ts';
import type { DatabaseSpec } from '../database/object.ts';
import { parseQuantity } from '../database/values/quantity.ts';
import { readNumber } from './parameters/numbers.ts';

/** Settings that name code to run, or its folder. */
export const LIBRARY_PARAMETERS = [
  'dynamic_library_path',
  'extension_control_path',
  'jit_provider',
  'local_preload_libraries',
  'oauth_validator_libraries',
  'session_preload_libraries',
  'shared_preload_libraries',
] as const;

/** Names of installed libraries, or PostgreSQL's own words for their folders; no other paths. */
const INSTALLED_LIBRARIES = /^(?:[A-Za-z0-9_., -]|\$libdir\/(?:plugins\/)?|\$libdir$|\$system$)*$/;

/** Whether the value of such a setting names installed libraries only; also true when absent. */
export function isInstalledLibraries(value: string | number | boolean | undefined): boolean {
  return INSTALLED_LIBRARIES.test(String(value ?? ''));
}

/** The setting of that name as the user wrote it, in any spelling. */
export function parameterOf(
  { parameters = {}, ...spec }: DatabaseSpec,
  canonical: string,
): { readonly name: string; readonly value: string | number } | undefined {
  const names = ENGINES[spec.engine].parameters;
  const name = Object.keys(parameters).find((written) => names.canonical(written) === canonical);
  const value = name === undefined ? undefined : parameters[name];
  return name === undefined || value === undefined ? undefined : { name, value };
}

/** Control characters and quotes, and the line breaks that some parsers know besides \n. */
// eslint-disable-next-line no-control-regex -- these characters are what it is about
const ESCAPING = /[\u0000-\u001f\u007f\u0085\u2028\u2029'"\\]/;

/** Whether a value could end its quotes or its line in a configuration file. */
export function breaksOut(value: string | number): boolean {
  return typeof value === 'string' && ESCAPING.test(value);
}

/** PostgreSQL counts shared_buffers without a unit in blocks (runtime-config-resource.html). */
const BLOCK = 8192;

/** Parses shared_buffers into bytes; undefined for another form. */
export function sharedBuffersBytes(value: string | number): number | undefined {
  const read = readNumber(String(value), { unit: '8kB', whole: true });
  return read.ok ? read.value * BLOCK : undefined;
}

/** The default of shared_buffers: a quarter of a member's memory. */
export function defaultSharedBuffers(memory: string | number): string {
  const result = parseQuantity(String(memory));
  const bytes = result.ok ? Number(result.quantity.nano / 1_000_000_000n) : 0;
  return `${Math.max(16, Math.floor(bytes / 4 / 2 ** 20))}MB`;
}
