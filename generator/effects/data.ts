import { ENGINES } from '../../database/engines/index.ts';
import type { Database, DatabaseSpec } from '../../database/object.ts';
import { highAvailabilityOf, replicasOf } from '../../database/resolve.ts';
import { CONFIRM_DELETE } from '../../database/vocabulary.ts';
import { parameterOf } from '../../policies/parameters.ts';
import type { Effect } from './effect.ts';
import { fromTo } from './effect.ts';

/** The values of `synchronous`, the least durable first. */
const SYNCHRONOUS = ['off', 'preferred', 'required'] as const;

/** The effective `highAvailability.synchronous`: a single member has no standby to wait for. */
function synchronousOf(spec: DatabaseSpec): (typeof SYNCHRONOUS)[number] {
  if (!ENGINES[spec.engine].can.replicates || replicasOf(spec) < 2) return 'off';
  return highAvailabilityOf(spec).synchronous;
}

function synchronousEffects(old: DatabaseSpec, now: DatabaseSpec): Effect[] {
  const [from, to] = [synchronousOf(old), synchronousOf(now)];
  const step = SYNCHRONOUS.indexOf(to) - SYNCHRONOUS.indexOf(from);
  if (step < 0 && replicasOf(now) < 2) {
    return [{ level: 'data-loss', text: 'no standby is left: with the volume of the only member the data are lost' }];
  }
  if (step < 0 && to === 'off') {
    return [{ level: 'data-loss', text: 'commits wait for no standby any more: a failover loses the last of them' }];
  }
  if (step < 0) {
    const text = 'commits no longer wait when no standby is there: a failover can lose those of that time';
    return [{ level: 'data-loss', text }];
  }
  return step > 0 && to === 'required'
    ? [{ level: 'none', text: 'writes wait from now on while no standby is there' }]
    : [];
}

/** Values of synchronous_commit, the least durable first, with PostgreSQL's other spellings (enum, guc_tables.c). */
const COMMITS: readonly (readonly string[])[] = [
  ['off', 'false', 'no', '0'],
  ['local'],
  ['remote_write'],
  ['on', 'true', 'yes', '1'],
  ['remote_apply'],
];

function commitEffects(old: DatabaseSpec, now: DatabaseSpec): Effect[] {
  const [before, after] = [old, now].map((spec) => parameterOf(spec, 'synchronous_commit')?.value);
  const rank = (value: string | number | undefined): number =>
    COMMITS.findIndex((spellings) => spellings.includes(String(value ?? 'on').toLowerCase()));
  const [from, to] = [rank(before), rank(after)];
  if (to >= from) return [];
  const loses = to === 0 ? 'a crash' : to === 1 ? 'a failover' : 'a crash of all nodes at once';
  const text = `synchronous_commit ${fromTo(before, after)}: ${loses} can lose the last commits`;
  return [{ level: 'data-loss', text }];
}

function lagEffects(old: DatabaseSpec, now: DatabaseSpec): Effect[] {
  const [from, to] = [highAvailabilityOf(old).maximumLagBytes, highAvailabilityOf(now).maximumLagBytes];
  // A standby that commits wait for does not lag behind.
  if (to <= from || synchronousOf(now) !== 'off' || replicasOf(now) < 2) return [];
  return [{ level: 'data-loss', text: `a failover may lose ${to} bytes of the write-ahead log, ${from} before` }];
}

const isConfirmed = ({ metadata, spec }: Database): boolean =>
  spec.deletionPolicy === 'Delete' && metadata.annotations?.[CONFIRM_DELETE] === metadata.name;

function protectionEffects(old: Database, now: Database): Effect[] {
  const [from, to] = [old.spec.deletionPolicy, now.spec.deletionPolicy];
  if (isConfirmed(now) && !isConfirmed(old)) {
    return [
      { level: 'data-loss', text: 'the deletion is confirmed: whoever removes the Database now destroys the data' },
    ];
  }
  if (to === 'Delete' && from !== 'Delete') {
    return [{ level: 'data-loss', text: 'deletionPolicy becomes Delete: a confirmed deletion takes the data with it' }];
  }
  if (from !== 'Protect' || to === 'Protect') return [];
  return [{ level: 'none', text: 'deletionPolicy is no longer Protect: a removed file stops the database' }];
}

/** The risks of a change: commits that a crash or a failover would lose, and data that may be deleted. */
export function dataEffects(old: Database, now: Database): Effect[] {
  return [
    ...synchronousEffects(old.spec, now.spec),
    ...commitEffects(old.spec, now.spec),
    ...lagEffects(old.spec, now.spec),
    ...protectionEffects(old, now),
  ];
}
