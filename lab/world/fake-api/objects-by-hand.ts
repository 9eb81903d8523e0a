import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { keyOf } from '../../../kubernetes/objects.ts';
import type { Kind } from './kinds.ts';
import { Storage } from './storage.ts';

const HAND = { part: 'main', manager: 'by-hand' } as const;

/** The objects of an API server, for direct reads and writes of tests and of the simulated cluster. */
export class ObjectsByHand {
  readonly storage = new Storage();
  protected readonly kinds: readonly Kind[];

  constructor(kinds: readonly Kind[]) {
    this.kinds = kinds;
  }

  /** Stores an object as another client would, with its status; replaces an object of the same name. Not recorded. */
  put(object: KubernetesObject): KubernetesObject {
    const kind = this.#kind(object);
    const key = keyOf(object.metadata);
    const known = this.storage.find(kind, key);
    const made = known
      ? this.storage.update(kind, key, () => object, HAND)
      : this.storage.create(kind, object, HAND.manager);
    if (!kind.hasStatus || object['status'] === undefined) return made;
    return this.storage.update(kind, key, (old) => ({ ...old, status: object['status'] }), { ...HAND, part: 'status' });
  }

  /** Changes an existing object as another client would. Not recorded. */
  change(kind: string, key: string, by: (old: KubernetesObject) => KubernetesObject): KubernetesObject {
    const found = this.#kind({ kind });
    const main = this.storage.update(found, key, by, HAND);
    if (!found.hasStatus || !this.storage.find(found, key)) return main;
    return this.storage.update(found, key, by, { ...HAND, part: 'status' });
  }

  /** Deletes an object at once, with all its finalizers. Not recorded. */
  remove(kind: string, key: string): void {
    const found = this.#kind({ kind });
    this.storage.update(found, key, (old) => ({ ...old, metadata: { ...old.metadata, finalizers: [] } }), HAND);
    if (this.storage.find(found, key)) this.storage.delete(found, key, { graceSeconds: 0 });
  }

  get(kind: string, key: string): KubernetesObject | undefined {
    return this.storage.find(this.#kind({ kind }), key);
  }

  all(kind: string): readonly KubernetesObject[] {
    return this.storage.all(this.#kind({ kind }));
  }

  #kind({ kind }: { readonly kind?: string }): Kind {
    const found = this.kinds.find((one) => one.kind === kind);
    if (!found) throw new Error(`the fake knows no kind ${String(kind)}`);
    return found;
  }
}
