import { healthOf } from '../../database/health.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import type { Database } from '../../database/object.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { familyOf } from '../../database/family.ts';
import { render } from '../../generator/render.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import { ALL_KINDS } from './fake-api/kinds.ts';
import type { FakeApiServer } from './fake-api-server.ts';
import { Refused } from './fake-api/refused.ts';
import type { Stalls } from './stalls.ts';

const CHANGE = { part: 'main', manager: 'argocd', force: true } as const;

/** Whether a sync goes on to the waves after the Database's. */
function mayGoOn(fake: FakeApiServer, key: string): boolean {
  const database = fake.get('Database', key);
  return database !== undefined && healthOf({ ...database, kind: 'Database' })?.status === 'Healthy';
}

/** Argo CD's part in a sync: the Database first, the rest when the Database is healthy enough, and finally pruning. */
export class Argo {
  readonly #fake: FakeApiServer;
  readonly #stalls: Stalls | undefined;
  #wanted: readonly Manifest[] = [];
  #stop: () => void = () => undefined;

  constructor(fake: FakeApiServer, stalls?: Stalls) {
    this.#fake = fake;
    this.#stalls = stalls;
  }

  /** Brings the cluster to the state in Git. */
  sync(database: Database): void {
    const [own, ...others] = render(familyOf(database), NO_SETTINGS);
    if (own) this.#apply(own);
    const { namespace, name = '' } = database.metadata;
    const key = keyOf({ namespace, name });
    this.#stop();
    const proceed = (): void => {
      if (this.#stalls?.has('argo') || !mayGoOn(this.#fake, key)) return;
      this.#stop();
      this.#stop = () => undefined;
      for (const manifest of others) this.#apply(manifest);
      this.#prune(others);
    };
    let isDue = false;
    this.#stop = this.#fake.storage.listen(() => {
      if (isDue) return;
      isDue = true;
      setImmediate(() => {
        isDue = false;
        proceed();
      });
    });
    proceed();
  }

  stop(): void {
    this.#stop();
  }

  #apply(manifest: Manifest): void {
    const kind = ALL_KINDS.find((one) => one.kind === manifest.kind);
    // A manifest's fields are those of an object.
    const object = manifest as unknown as KubernetesObject;
    if (!kind) return;
    try {
      this.#fake.storage.apply(kind, keyOf(object.metadata), object, CHANGE);
    } catch (error) {
      // A sync continues after a refusal.
      if (!(error instanceof Refused)) throw error;
    }
  }

  #prune(wanted: readonly Manifest[]): void {
    const idOf = (manifest: Manifest): string =>
      `${manifest.kind} ${keyOf((manifest as unknown as KubernetesObject).metadata)}`;
    const kept = new Set(wanted.map(idOf));
    for (const manifest of this.#wanted) {
      const { kind, metadata } = manifest as unknown as KubernetesObject;
      const options = metadata.annotations?.['argocd.argoproj.io/sync-options'] ?? '';
      if (kept.has(idOf(manifest)) || options.includes('Prune=false') || kind === undefined) continue;
      if (this.#fake.get(kind, keyOf(metadata))) this.#fake.remove(kind, keyOf(metadata));
    }
    this.#wanted = wanted;
  }
}
