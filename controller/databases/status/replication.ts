import { wantedMembers } from '../state/database.ts';
import { isServing, isStreaming, unhealthyBecause, wantedNames } from '../state/members.ts';
import type { Observation } from '../observation.ts';
import type { ConditionValue } from './conditions.ts';

/** The wanted standbys that do not follow without a gap, with the reasons. */
function behind(seen: Observation): string[] {
  const leader = seen.leader?.member;
  return wantedNames(seen).flatMap((name) => {
    const pod = seen.pods.find((one) => one.name === name);
    return name === leader || (pod && isServing(pod) && isStreaming(pod)) ? [] : [unhealthyBecause(name, pod)];
  });
}

/** ReplicationHealthy: whether every standby follows, and a primary that needs a synchronous standby has one. */
export function replicationHealthy(seen: Observation): ConditionValue {
  const wanted = wantedMembers(seen);
  if (!seen.control.replication || wanted < 2) {
    return { status: 'Unknown', reason: 'NoStandby', message: 'no standby is asked for' };
  }
  if (seen.leader?.member === undefined) {
    return { status: 'False', reason: 'NoPrimary', message: 'there is no primary to follow' };
  }
  const trouble = behind(seen);
  if (trouble.length > 0) return { status: 'False', reason: 'StandbysMissing', message: trouble.join('; ') };
  const required = seen.own.database.spec.highAvailability?.synchronous === 'required';
  if (required && seen.synchronous.length === 0) {
    return { status: 'False', reason: 'NotSynchronous', message: 'no standby is synchronous: commits wait' };
  }
  const following = wanted === 2 ? 'the standby follows' : `all ${wanted - 1} standbys follow`;
  return { status: 'True', reason: 'Streaming', message: following };
}
