import type { EngineName } from '../../database/engines/index.ts';
import { findVersion } from '../versions.ts';
import type { SettingContext } from './engine-settings.ts';
import { SETTINGS } from './engine-settings.ts';

/**
 * Whether a change of a setting needs a restart of the server or only a reload; undefined for versions and settings whose context is
 * unknown.
 */
export function contextOf(engine: EngineName, version: string | number, name: string): SettingContext | undefined {
  const known = findVersion(engine, version);
  return known && SETTINGS[engine].context(known.series, name);
}
