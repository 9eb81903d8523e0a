import { sortedJson } from '../../../database/sorted-json.ts';
import type { Json } from '../../../database/json.ts';
import { modelOf } from '../../../generator/model.ts';
import { dynamicConfiguration } from '../../../generator/postgresql/settings.ts';
import { oncePerLook } from '../../runtime/once.ts';
import type { Observation } from '../../databases/observation.ts';
import { canConfigure } from '../../databases/state/configuration.ts';

/** Patroni's dynamic configuration. */
export type Configuration = Readonly<Record<string, Json | undefined>>;

/** Members read a new configuration in their next round; until then they do not report which settings wait for a restart. */
const TAKEN_UP_MS = 15_000;

const isMap = (value: Json | undefined): value is { readonly [name: string]: Json | undefined } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A configuration without the temporary overrides. */
function withoutLent({
  synchronous_node_count: _count,
  member_slots_ttl: _ttl,
  ...others
}: Configuration): Configuration {
  return others;
}

/**
 * The wanted dynamic configuration: Ballast's, together with settings of users such as `pause`. The parameters are exactly Ballast's, so
 * that a parameter removed from the spec disappears.
 */
export const plainConfiguration = oncePerLook(({ own, settings, patroni }: Observation): Configuration => {
  const others = withoutLent(patroni?.config ?? {});
  const ours = dynamicConfiguration(modelOf(own.database, settings)) as Configuration;
  const [theirs, postgresql] = [others['postgresql'], ours['postgresql']];
  return { ...others, ...ours, postgresql: { ...(isMap(theirs) && theirs), ...(isMap(postgresql) && postgresql) } };
});

/** Whether a user has paused Patroni. */
export function isPaused({ patroni }: Observation): boolean {
  return patroni?.config['pause'] === true;
}

/** Whether two configurations are equal. */
export function isSame(one: Configuration, other: Configuration): boolean {
  return sortedJson(one) === sortedJson(other);
}

/** Whether Patroni has the wanted configuration, and every member had the time to read it. */
export function isConfigurationTakenUp(seen: Observation, now: Date): boolean {
  const { patroni } = seen;
  if (!patroni || !canConfigure(seen)) return false;
  if (!isSame(withoutLent(patroni.config), plainConfiguration(seen))) return false;
  return patroni.configuredAt === undefined || now.getTime() - patroni.configuredAt.getTime() >= TAKEN_UP_MS;
}
