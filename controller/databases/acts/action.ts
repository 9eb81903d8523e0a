import type { Keys } from '../../../certificates/keys.ts';
import type { IsVerifierOf } from '../../credentials/scram.ts';
import type { Api } from '../../../kubernetes/api.ts';
import type { KubernetesObject, ObjectName, Resource } from '../../../kubernetes/objects.ts';
import { isNewer, keyOf } from '../../../kubernetes/objects.ts';
import type { StepEffect } from '../../runtime/progress.ts';
import type { Step } from '../decision.ts';
import type { Observation } from '../observation.ts';
import type { DatabaseMemory } from '../observe/memory.ts';
import type { LookOptions } from '../observe/observe.ts';
import type { Servers } from '../../engines/servers.ts';

/** Dependencies of an action on one Database. */
export interface ActionContext {
  readonly api: Api;
  readonly looking: LookOptions;
  readonly servers: Servers;
  readonly makeKeys: () => Promise<Keys>;
  readonly isVerifierOf: IsVerifierOf;
  readonly now: () => Date;
  readonly seen: Observation;
  readonly remembered: DatabaseMemory;
  /** Version of the Database after its status was written. */
  readonly resourceVersion: string;
}

/** Does one kind of step. */
export type Action<Do extends Step['do']> = (
  step: Extract<Step, { do: Do }>,
  acting: ActionContext,
) => Promise<StepEffect>;

/** Name and namespace of the Database. */
export function identityOf({ seen }: Pick<ActionContext, 'seen'>): {
  readonly name: string;
  readonly namespace: string;
} {
  const { name = '', namespace = '' } = seen.own.database.metadata;
  return { name, namespace };
}

/** An object of the Database's namespace. */
export function inNamespace(acting: Pick<ActionContext, 'seen'>, name: string): Required<ObjectName> {
  return { namespace: identityOf(acting).namespace, name };
}

/** An effect that is visible once the watches show this version of the object, or a later one. */
export function seenAtVersion(
  { looking }: Pick<ActionContext, 'looking'>,
  { kind }: Resource,
  { metadata }: KubernetesObject,
): StepEffect {
  const { watches } = looking;
  const { resourceVersion = '' } = metadata;
  // The function is kept until the next pass, which may be far away: it must not keep the whole object alive.
  const key = keyOf(metadata);
  return {
    isSeen: () => {
      const held = watches.versionOf(kind, key);
      return held !== undefined && !isNewer(resourceVersion, held.resourceVersion);
    },
  };
}

/** An effect that is visible once the watches show another state of the object. */
export function seenChanged(
  { looking }: Pick<ActionContext, 'looking'>,
  { kind }: Resource,
  was: ObjectName & { readonly uid: string; readonly resourceVersion: string },
): StepEffect {
  const { watches } = looking;
  const { uid, resourceVersion } = was;
  const key = keyOf(was);
  return {
    isSeen: () => {
      const held = watches.versionOf(kind, key);
      return held?.uid !== uid || held.resourceVersion !== resourceVersion;
    },
  };
}
