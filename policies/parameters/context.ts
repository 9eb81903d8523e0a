import type { EngineName } from '../../database/engines/index.ts';
import { findVersion } from '../versions.ts';
import type { SettingContext } from './engine-settings.ts';
import { SETTINGS } from './engine-settings.ts';

/**
 * Whether a change of a setting takes a restart of the server, or a reload of its files is enough; undefined where that is
 * not known: for versions that Ballast does not know, and for settings of which it knows the name at most.
 */
export function contextOf(engine: EngineName, version: string | number, name: string): SettingContext | undefined {
  const known = findVersion(engine, version);
  return known && SETTINGS[engine].context(known.series, name);
}
