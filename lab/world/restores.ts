import { RESTORE_ANNOTATION, RESTORE_REQUEST, RESTORE_RESULT } from '../../database/vocabulary.ts';
import { names } from '../../generator/names.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import type { ObjectsByHand } from './fake-api/objects-by-hand.ts';
import { annotate } from './objects.ts';
import type { Owner } from './patroni-notes.ts';

/** How long a restore takes. */
const RUN_MS = 4000;

/** The ids of the restores that the data on a volume went through, by the uid of its claim. */
export type RestoredState = ReadonlyMap<string, readonly string[]>;

interface Request {
  readonly id: string;
  readonly member: string;
  readonly state: string;
}

/** What members do about a restore in place before their Patroni starts, and what they say of it (images/postgres/hold.py). */
export class Restores {
  /** What becomes of a restore. */
  outcome: 'restored' | 'failed' | 'hangs' = 'restored';
  /** Whether the members' account may read the request, which a Role of an earlier version does not allow. */
  mayAsk = true;
  readonly #objects: ObjectsByHand;
  readonly #clock: Clock;
  readonly #done: Map<string, readonly string[]>;
  /** When a pod began to restore, by its uid. */
  readonly #began = new Map<string, number>();

  constructor(objects: ObjectsByHand, clock: Clock, state?: RestoredState) {
    this.#objects = objects;
    this.#clock = clock;
    this.#done = new Map(state);
  }

  state(): RestoredState {
    return new Map(this.#done);
  }

  /** Whether a member that starts is held; restores in the member that is named. */
  holds(owner: Owner, pod: KubernetesObject, volume: string): boolean {
    const request = this.#requestOf(owner);
    if (!this.mayAsk || request === undefined || request.state === 'follow') return false;
    this.#note(pod, { held: request.id });
    if (request.state !== 'restore' || request.member !== pod.metadata.name) return true;
    return !this.#restores(owner, request, pod, volume);
  }

  /** A member that runs has the data of its leader, and says which restores these went through. */
  keep(pod: KubernetesObject, volume: string, ofLeader: string): void {
    if (!this.#isAsked(pod)) return;
    const done = this.#done.get(ofLeader) ?? [];
    this.#done.set(volume, done);
    this.#note(pod, { done });
  }

  /** Whether the result of the restore stands; writes it when the time has come. */
  #restores(owner: Owner, { id }: Request, pod: KubernetesObject, volume: string): boolean {
    const key = keyOf({ namespace: owner.namespace, name: names.restore(owner.name) });
    const before = this.#objects.get('ConfigMap', key)?.metadata.annotations?.[RESTORE_RESULT];
    if (before !== undefined && (JSON.parse(before) as { id: string }).id === id) return true;
    const now = this.#clock.now();
    const began = this.#began.get(pod.metadata.uid ?? '') ?? now;
    this.#began.set(pod.metadata.uid ?? '', began);
    const done = this.#done.get(volume) ?? [];
    if (this.outcome === 'hangs' || (now - began < RUN_MS && !done.includes(id))) return false;
    const isRestored = this.outcome === 'restored';
    if (isRestored) this.#done.set(volume, [...new Set([...done, id])]);
    const result = isRestored
      ? { id, state: 'restored', backup: '20261120-020000F' }
      : { id, state: 'failed', reason: 'no space' };
    annotate(this.#objects, 'ConfigMap', key, { annotations: { [RESTORE_RESULT]: JSON.stringify(result) } });
    return true;
  }

  #requestOf({ namespace, name }: Owner): Request | undefined {
    const map = this.#objects.get('ConfigMap', keyOf({ namespace, name: names.restore(name) }));
    const text = map?.metadata.annotations?.[RESTORE_REQUEST];
    return text === undefined ? undefined : (JSON.parse(text) as Request);
  }

  /** Members say something only while backups are on. */
  #isAsked({ metadata: { namespace = '', name } }: KubernetesObject): boolean {
    const settings = names.settings(name.replace(/-\d+$/, ''));
    const map = this.#objects.get('ConfigMap', keyOf({ namespace, name: settings })) as
      { readonly data?: Readonly<Record<string, string>> } | undefined;
    return map?.data?.['pgbackrest.conf'] !== undefined;
  }

  #note(pod: KubernetesObject, content: object): void {
    const annotations = { [RESTORE_ANNOTATION]: JSON.stringify(content) };
    annotate(this.#objects, 'Pod', keyOf(pod.metadata), { annotations });
  }
}
