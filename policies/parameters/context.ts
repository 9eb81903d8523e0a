import type { DatabaseSpec } from '../../database/object.ts';
import { findVersion } from '../catalog.ts';
import { settingOf } from './postgresql-settings.ts';

type Engine = NonNullable<DatabaseSpec['engine']>;

/**
 * Whether a change of a setting takes a restart of the server, or a reload of its files is enough; undefined where that is
 * not known: for other engines than PostgreSQL, for versions out of the catalog and for names that it has not.
 */
export function contextOf(engine: Engine, version: string | number, name: string): 'restart' | 'reload' | undefined {
  const known = findVersion(engine, version);
  if (engine !== 'postgresql' || !known) return undefined;
  const setting = settingOf(known.series, name);
  if (!setting) return undefined;
  return setting.context === 'postmaster' ? 'restart' : 'reload';
}
