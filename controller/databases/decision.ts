import type { Json } from '../../database/json.ts';
import type { DatabaseStatus } from '../../database/types.ts';
import type * as runtime from '../runtime/reconciler.ts';
import type { NamespaceGuard } from './namespace-guard.ts';
import type { ObjectVersion } from './object-version.ts';

/** An object to delete; the API server refuses when another object has the name by now. */
export interface ObjectToDelete extends ObjectVersion {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** How far a restore in place is: all members stop, one restores, the others follow it. */
export type RestoreState = 'hold' | 'restore' | 'follow';

/** The kinds of Secrets of a Database. */
export type SecretKind = 'superuser' | 'replication' | 'app' | 'tls' | 'backup-key';

/**
 * A single step: one API write, or one call that may be repeated without harm. Steps that could hit the wrong object carry its uid and
 * resourceVersion.
 */
export type Step =
  | { readonly do: 'add-finalizer' }
  /** Only when a read past all caches finds neither a StatefulSet nor a pod. */
  | { readonly do: 'remove-finalizer' }
  /** Writes the label that guards the namespace from deletion. */
  | { readonly do: 'guard-namespace'; readonly guard: Exclude<NamespaceGuard, 'none'> }
  | { readonly do: 'read-credentials' }
  | { readonly do: 'create-secret'; readonly secret: SecretKind }
  | { readonly do: 'renew-certificate' }
  | { readonly do: 'rotate-credentials'; readonly of: 'application' | 'system'; readonly request: string }
  /** Puts every password of the Secrets in force on the primary, and makes the application's role and database. */
  | { readonly do: 'ensure-application-role' }
  /** Writes the owner's mark and the system identifier. */
  | { readonly do: 'mark-claim'; readonly claim: string; readonly systemIdentifier?: string }
  /** Raises the size that a claim asks for to this quantity, at the version of the claim that was seen. */
  | { readonly do: 'grow-claim'; readonly claim: string; readonly storage: string }
  /** Applies one rendered object; `replicas` replaces those of the StatefulSet, and is always given with it. */
  | {
      readonly do: 'apply';
      readonly apiVersion: string;
      readonly kind: string;
      readonly name: string;
      readonly replicas?: number;
      /** Uid of the existing object; without it, an object of another writer is not overwritten. */
      readonly uid?: string;
    }
  | { readonly do: 'delete'; readonly object: ObjectToDelete }
  /** Deletes a StatefulSet without its pods, which an earlier scaling to zero ends. */
  | { readonly do: 'orphan'; readonly object: ObjectToDelete }
  | { readonly do: 'scale'; readonly replicas: number; readonly uid: string; readonly resourceVersion: string }
  | { readonly do: 'delete-pod'; readonly pod: string; readonly uid: string; readonly resourceVersion: string }
  /**
   * Restarts PostgreSQL in its container, through Patroni, which does so only while a restart is pending and the member has this role
   * (`restart_pending` and `role` of POST /restart): a repeated request restarts once.
   */
  | {
      readonly do: 'restart-server';
      readonly pod: string;
      readonly uid: string;
      readonly role: 'primary' | 'replica';
    }
  /** Asks Patroni for a switchover; `resourceVersion` is that of NAME-failover when it exists. */
  | { readonly do: 'switchover'; readonly from: string; readonly to?: string; readonly resourceVersion?: string }
  /** Releases the leader lock of a member whose death is proven. */
  | { readonly do: 'release-leader-lock'; readonly member: string; readonly resourceVersion: string }
  /** Removes the role label of the primary from a pod. */
  | { readonly do: 'relabel'; readonly pod: string; readonly uid: string; readonly resourceVersion: string }
  /** Writes Patroni's whole dynamic configuration with the time `db.example.com/configured-at` in the same patch. */
  | {
      readonly do: 'configure';
      readonly config: Readonly<Record<string, Json | undefined>>;
      readonly resourceVersion: string;
    }
  /** Makes a DatabaseBackup that asks for one backup, under a name that a second try would find taken. */
  | { readonly do: 'request-backup'; readonly name: string }
  /** Makes the DatabaseBackup of a backup that the repository holds. */
  | { readonly do: 'record-backup'; readonly name: string; readonly label: string }
  | { readonly do: 'forget-backup'; readonly object: ObjectToDelete }
  /** Asks the members to be held for a restore in place, under a name that a second try would find taken. */
  | { readonly do: 'request-restore'; readonly restore: string; readonly member: string }
  /** Writes how far the restore in place is, at the version of the request that was seen. */
  | { readonly do: 'advance-restore'; readonly state: RestoreState; readonly failure?: string }
  /** Deletes a member's pod whatever the disruption budget says: a restore in place stops all of them. */
  | { readonly do: 'stop-member'; readonly pod: string; readonly uid: string; readonly resourceVersion: string }
  /** Deletes the request, which lets the members go, and has the passwords looked at again. */
  | { readonly do: 'end-restore'; readonly object: ObjectToDelete };

/** The subject of a step in words: the same for every try, whatever has happened to the object meanwhile. */
export function subjectOfStep(step: Step): string {
  switch (step.do) {
    case 'create-secret':
      return `${step.do} ${step.secret}`;
    case 'rotate-credentials':
      return `${step.do} ${step.of}`;
    case 'mark-claim':
    case 'grow-claim':
      return `${step.do} ${step.claim}`;
    case 'apply':
      return `${step.do} ${step.kind} ${step.name}`;
    case 'delete':
    case 'orphan':
      return `${step.do} ${step.object.kind} ${step.object.name}`;
    case 'delete-pod':
    case 'stop-member':
    case 'restart-server':
    case 'relabel':
      return `${step.do} ${step.pod}`;
    case 'request-backup':
    case 'record-backup':
      return `${step.do} ${step.name}`;
    case 'forget-backup':
      return `${step.do} ${step.object.name}`;
    case 'request-restore':
      return `${step.do} ${step.restore}`;
    case 'advance-restore':
      return `${step.do} to ${step.state}`;
    case 'release-leader-lock':
      return `${step.do} ${step.member}`;
    default:
      return step.do;
  }
}

/** The next step for one Database, and its status meanwhile. */
export type Decision = runtime.Decision<Step, DatabaseStatus>;
