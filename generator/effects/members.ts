import { ENGINES } from '../../database/engines/index.ts';
import { sortedJson } from '../../database/sorted-json.ts';
import type { BallastObject, Database } from '../../database/object.ts';
import { highAvailabilityOf, isHibernating, replicasOf } from '../../database/resolve.ts';
import {
  MEMBER_ACCOUNT,
  RESTART,
  RESTART_SETTINGS,
  ROTATE,
  ROTATE_SYSTEM,
  SWITCHOVER,
} from '../../database/vocabulary.ts';
import { contextOf } from '../../policies/parameters/context.ts';
import { isFollowed } from '../../policies/parameters/followed.ts';
import { accountsOf } from '../accounts.ts';
import type { Json } from '../../database/json.ts';
import type { Manifest } from '../metadata.ts';
import { names } from '../names.ts';
import { COMMON } from '../postgresql/settings.ts';
import type { Effect } from './effect.ts';
import { changedKeys, fromTo } from './effect.ts';

/** A Database on one side of a change, with its manifests. */
export interface Side {
  readonly database: Database;
  readonly manifests: readonly Manifest[];
}

interface Metadata {
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A side of a change of a Database; undefined when the object is absent or of another kind. */
export function sideOf(object: BallastObject | undefined, manifests: readonly Manifest[]): Side | undefined {
  return object?.kind === 'Database' ? { database: object, manifests } : undefined;
}

const annotation = ({ database }: Side, name: string): string | undefined => database.metadata.annotations?.[name];

const isAsleep = ({ database }: Side): boolean => isHibernating(database.metadata);

function podTemplate({ manifests }: Side): string {
  const set = manifests.find(({ kind }) => kind === 'StatefulSet');
  const spec = set?.['spec'] as { readonly template?: Json } | undefined;
  return sortedJson(spec?.template ?? null);
}

const isAlone = (old: Side, now: Side): boolean => [old, now].some(({ database }) => replicasOf(database.spec) < 2);

/** The effect that every member restarts, or is recreated. */
function rolling(old: Side, now: Side, reason: string): Effect {
  if (isAlone(old, now)) return { level: 'downtime', text: `${reason}: the only member restarts` };
  return {
    level: 'switchover',
    text: `${reason}: standbys restart first, then a switchover interrupts writes for seconds`,
  };
}

/** The effect on members under an account whose rights are removed: they lose access to Patroni's store until they restart. */
function accountEffect(old: Side, now: Side): Effect | undefined {
  const [before, after] = [accountsOf(old.database), accountsOf(now.database)];
  if (before.pods === after.pods) return undefined;
  const change = `the account of the members changes from ${before.pods} to ${after.pods}`;
  if (after.all.includes(before.pods)) return rolling(old, now, change);
  const own = names.memberAccount(now.database.metadata.name ?? '');
  const way = after.pods === own ? `: go through ${MEMBER_ACCOUNT}: ${own}` : '';
  return { level: 'downtime', text: `${change}, and they lose their rights before they have restarted${way}` };
}

interface ChangedParameter {
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function changedParameters({ database: old }: Side, { database: now }: Side): ChangedParameter[] {
  const byName = ({ spec }: Database): Map<string, string> =>
    new Map(
      Object.entries(spec.parameters ?? {}).map(([name, value]) => [
        ENGINES[spec.engine].parameters.canonical(name),
        String(value),
      ]),
    );
  const [before, after] = [byName(old), byName(now)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name) => ({ name, from: before.get(name), to: after.get(name) }))
    .filter(({ from, to }) => from !== to)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Ballast's own settings that take a restart, as they were rendered; undefined where an earlier version rendered, which told none. */
function ownSettings({ database, manifests }: Side): Readonly<Record<string, string>> | undefined {
  const name = names.settings(database.metadata.name ?? '');
  const metadata = manifests.flatMap((one) =>
    one.kind === 'ConfigMap' ? [one['metadata'] as unknown as Metadata] : [],
  );
  const text = metadata.find((one) => one.name === name)?.annotations?.[RESTART_SETTINGS];
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Record<string, string>);
  } catch {
    // Somebody has edited what was rendered.
    return undefined;
  }
}

/** Ballast's own settings that another version of it, or backups, make others, but for those that the spec sets. */
function changedOwnSettings(old: Side, now: Side): ChangedParameter[] {
  const [before, after] = [ownSettings(old), ownSettings(now)];
  if (!before || !after) return [];
  const isUsers = (name: string): boolean =>
    [old, now].some(({ database: { spec } }) =>
      Object.keys(spec.parameters ?? {}).some((key) => ENGINES[spec.engine].parameters.canonical(key) === name),
    );
  return changedKeys(before, after)
    .filter((name) => !isUsers(name))
    .map((name) => ({ name, from: before[name], to: after[name] }));
}

const told = (changed: readonly ChangedParameter[]): string =>
  changed.map(({ name, from, to }) => `${name} (${fromTo(from, to)})`).join(', ');

const isLowered = ({ name, from, to }: ChangedParameter): boolean =>
  isFollowed(name) && Number(to ?? COMMON[name]) < Number(from ?? COMMON[name]);

function restartEffects(old: Side, now: Side, changed: readonly ChangedParameter[]): Effect[] {
  if (changed.length === 0) return [];
  const reason = `${told(changed)} ${changed.length === 1 ? 'takes' : 'take'} a restart`;
  if (isAlone(old, now) || !changed.some(isLowered)) return [rolling(old, now, reason)];
  const text = `${reason}: the primary restarts in place, which interrupts writes for seconds, then the standbys`;
  return [{ level: 'restart', text }];
}

/** The effects of changed settings on running servers; new pods start with them anyway. */
function parameterEffects(old: Side, now: Side): Effect[] {
  const { engine, version } = now.database.spec;
  const changed = changedParameters(old, now);
  const known = changed.map((one) => ({ ...one, context: contextOf(engine, version, one.name) }));
  const restarting = [...known.filter(({ context }) => context === 'restart'), ...changedOwnSettings(old, now)];
  const reloading = known.filter(({ context }) => context !== 'restart');
  return [
    ...restartEffects(old, now, restarting),
    ...(reloading.length > 0 ? [{ level: 'reload' as const, text: told(reloading) }] : []),
  ];
}

/** The effect of Patroni's own settings, which need no restart of the server. */
function patroniEffects({ database: old }: Side, { database: now }: Side): Effect[] {
  const [before, after] = [highAvailabilityOf(old.spec), highAvailabilityOf(now.spec)];
  const changed = (['synchronous', 'maximumLagBytes'] as const).filter((field) => before[field] !== after[field]);
  return changed.map((field) => ({
    level: 'reload',
    text: `highAvailability.${field} ${fromTo(before[field], after[field])}`,
  }));
}

/** The text of an annotation when the change makes it a new request. */
function newWish(old: Side, now: Side, name: string): string | undefined {
  const wish = annotation(now, name);
  return wish === annotation(old, name) ? undefined : wish;
}

function switchoverEffects(old: Side, now: Side): Effect[] {
  const wish = newWish(old, now, SWITCHOVER);
  if (wish === undefined || isAlone(old, now)) return [];
  return [{ level: 'switchover', text: `another member becomes primary: ${JSON.stringify(wish)}` }];
}

function requestedRestart(old: Side, now: Side): Effect[] {
  return newWish(old, now, RESTART) === undefined ? [] : [rolling(old, now, 'a restart of all members is asked for')];
}

function rotationEffects(old: Side, now: Side): Effect[] {
  const text = 'the application gets a new password: clients read it again from its Secret';
  return [
    ...(newWish(old, now, ROTATE) === undefined ? [] : [{ level: 'none' as const, text }]),
    ...(newWish(old, now, ROTATE_SYSTEM) === undefined
      ? []
      : [rolling(old, now, 'the superuser and replication get new passwords')]),
  ];
}

function sleepEffects(old: Side, now: Side): Effect[] {
  if (isAsleep(old))
    return isAsleep(now) ? [] : [{ level: 'none', text: 'the database wakes: its members start again' }];
  return [{ level: 'downtime', text: 'the database is hibernated: all members stop, and the data stay' }];
}

/** The effects of a change on the members: whether they stop, are recreated, restart, or only reload. */
export function memberEffects(old: Side, now: Side): Effect[] {
  // Members of a hibernating Database are not interrupted, and start with all changes.
  if (isAsleep(old) || isAsleep(now)) return sleepEffects(old, now);
  const account = accountEffect(old, now);
  if (account) return [account];
  const isNewPod = podTemplate(old) !== podTemplate(now);
  return [
    ...(isNewPod
      ? [rolling(old, now, 'the pods change')]
      : [...requestedRestart(old, now), ...parameterEffects(old, now)]),
    ...patroniEffects(old, now),
    ...switchoverEffects(old, now),
    ...rotationEffects(old, now),
  ];
}
