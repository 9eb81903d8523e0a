import { ENGINES } from '../../database/engines/index.ts';
import type { Database } from '../../database/object.ts';
import { backupEffects } from './backups.ts';
import { dataEffects } from './data.ts';
import type { Effect } from './effect.ts';
import type { Side } from './members.ts';
import { memberEffects } from './members.ts';
import { reachEffects } from './reach.ts';

function removalEffects({ spec }: Database): Effect[] {
  if (spec.deletionPolicy === 'Delete') return [{ level: 'data-loss', text: 'the database is deleted with its data' }];
  return [{ level: 'downtime', text: 'the database is removed; its volumes and credentials stay' }];
}

/** The effect of switching monitoring or alerting off. */
function watchEffects(old: Side, now: Side): Effect[] {
  const has = ({ manifests }: Side, kind: string): boolean => manifests.some((manifest) => manifest.kind === kind);
  const ends = (kind: string): boolean => has(old, kind) && !has(now, kind);
  return [
    ...(ends('PrometheusRule') ? [{ level: 'none' as const, text: 'alerts stop: nobody is told of trouble' }] : []),
    ...(ends('ServiceMonitor') ? [{ level: 'none' as const, text: 'metrics are no longer collected' }] : []),
  ];
}

/** The effects of a change on a running Database; either side is undefined when the Database is created or removed. */
export function databaseEffects(old: Side | undefined, now: Side | undefined): Effect[] {
  if (!old) return [];
  if (!now) return removalEffects(old.database);
  const [before, after] = [old.database, now.database];
  return [
    ...dataEffects(before, after),
    ...(ENGINES[after.spec.engine].can.backsUp ? backupEffects(before, after) : []),
    ...reachEffects(before.spec, after.spec),
    ...memberEffects(old, now),
    ...watchEffects(old, now),
  ];
}
