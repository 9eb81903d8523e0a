import type { Configuration } from './configuration.ts';
import { isSame, plainConfiguration } from './configuration.ts';
import { canConfigure } from '../../databases/state/configuration.ts';
import { nameOf } from '../../databases/state/database.ts';
import { canWrite, isLeaving, isHealthy, firstUnhealthy } from '../../databases/state/members.ts';
import type { Observation } from '../../databases/observation.ts';
import type { Choice } from '../engine-control.ts';

/** Name of a member's replication slot (patroni/dcs/__init__.py, slot_name_from_member_name). */
function slotOf(member: string): string {
  return member.replaceAll('-', '_').slice(0, 63);
}

/** Whether the primary keeps WAL for a member that has left for good, while all others follow by themselves. */
function keepsSlotOfLeaver(seen: Observation): boolean {
  const prefix = `${slotOf(nameOf(seen))}_`;
  const ordinals = (seen.leader?.slots ?? []).flatMap((slot) => {
    const digits = slot.startsWith(prefix) ? slot.slice(prefix.length) : '';
    return /^[0-9]+$/.test(digits) ? [Number(digits)] : [];
  });
  const isKept = ordinals.some((ordinal) => isLeaving(seen, { ordinal }));
  return (
    isKept && canWrite(seen) && firstUnhealthy(seen) === undefined && !seen.pods.some((pod) => isLeaving(seen, pod))
  );
}

/**
 * Temporary overrides of two settings. While no candidate is synchronous, all standbys become synchronous: Patroni switches over to no
 * other. While the slot of a departed member exists, no slots are kept for absent members: Patroni would recreate a slot that was dropped
 * by hand (patroni/dcs/__init__.py, _build_retain_slots).
 */
function lent(seen: Observation, wanted: Configuration, allSynchronous: boolean): Configuration {
  const standbys = seen.pods.filter((pod) => pod.name !== seen.leader?.member && isHealthy(seen, pod)).length;
  // With a quorum, every following standby counts as synchronous by itself.
  const isNamed = wanted['synchronous_mode'] === true;
  return {
    ...(isNamed && allSynchronous && { synchronous_node_count: standbys }),
    ...(keepsSlotOfLeaver(seen) && { member_slots_ttl: 0 }),
  };
}

/**
 * Whether Patroni is about to write its initial configuration: it names the cluster first, and takes the leader lock afterwards
 * (patroni/ha.py, post_bootstrap).
 */
function isBeginning({ patroni, leader }: Observation): boolean {
  return Object.keys(patroni?.config ?? {}).length === 0 && leader?.member === undefined;
}

/** Writes the settings to Patroni that only its dynamic configuration can carry. */
export function configure(
  seen: Observation,
  { allSynchronous }: { readonly allSynchronous: boolean },
): Choice | undefined {
  const { patroni } = seen;
  if (!patroni || !canConfigure(seen) || isBeginning(seen)) return undefined;
  const plain = plainConfiguration(seen);
  const config = { ...plain, ...lent(seen, plain, allSynchronous) };
  if (isSame(config, patroni.config)) return undefined;
  return {
    step: { do: 'configure', config, resourceVersion: patroni.resourceVersion },
    because: "Patroni's dynamic configuration is another than the Database asks for",
  };
}
