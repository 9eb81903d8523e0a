import { sortedJson } from '../../../database/sorted-json.ts';
import type { Json } from '../../../database/json.ts';
import type { Model } from '../../../generator/model.ts';
import { modelOf } from '../../../generator/model.ts';
import { dynamicConfiguration, restartSettings } from '../../../generator/postgresql/settings.ts';
import { contextOf } from '../../../policies/parameters/context.ts';
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
 * Parameters of which Ballast's own that take a restart are as they were rendered. Where this version has others than the one that rendered,
 * they wait for the manifests: what restarts members is reviewed, and then applied with them.
 */
function asRendered(model: Model, parameters: Configuration, rendered: Observation['restartSettings']): Configuration {
  if (!rendered) return parameters;
  const isUsers = (name: string): boolean => model.parameters[name] !== undefined;
  const names = Object.keys({ ...restartSettings(model), ...rendered });
  const known = names.filter((name) => !isUsers(name) && contextOf(model.engine, model.version, name) === 'restart');
  return { ...parameters, ...Object.fromEntries(known.map((name) => [name, rendered[name]])) };
}

/**
 * The wanted dynamic configuration: Ballast's, together with settings of users such as `pause`. The parameters are exactly Ballast's, so
 * that a parameter removed from the spec disappears.
 */
export const plainConfiguration = oncePerLook((seen: Observation): Configuration => {
  const { own, settings, patroni } = seen;
  const others = withoutLent(patroni?.config ?? {});
  const model = modelOf(own.database, settings);
  const ours = dynamicConfiguration(model) as { readonly postgresql: { readonly parameters: Configuration } };
  const theirs = others['postgresql'];
  const parameters = asRendered(model, ours.postgresql.parameters, seen.restartSettings);
  return { ...others, ...ours, postgresql: { ...(isMap(theirs) && theirs), ...ours.postgresql, parameters } };
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
