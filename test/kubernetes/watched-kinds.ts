import { ApiError } from '../../kubernetes/api.ts';
import type { ListWatchOptions } from '../../kubernetes/list-watch.ts';
import { ListWatch } from '../../kubernetes/list-watch.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import { RESOURCES } from '../../controller/resources.ts';
import type { ObjectChange } from '../../kubernetes/store.ts';
import { kindOf } from '../../lab/world/fake-api/kinds.ts';
import { Storage } from '../../lab/world/fake-api/storage.ts';
import { SimulatedApi } from '../../lab/world/simulated-api.ts';
import { SimulatedClock } from '../../lab/world/simulated-clock.ts';

/** The projection of a ConfigMap in the tests. */
export interface Kept {
  readonly uid: string;
  readonly version: number;
  readonly value: string;
}

/** The projection of a ConfigMap whose data have a `value`. */
export function project({ metadata, ...rest }: KubernetesObject): Kept | undefined {
  const { value } = rest['data'] as { value?: string };
  if (value === undefined) return undefined;
  return { uid: metadata.uid ?? '', version: Number(metadata.resourceVersion), value };
}

/** A log that keeps its lines. */
export class Lines {
  readonly all: string[] = [];
  readonly info = this.#writer('info');
  readonly warn = this.#writer('warn');
  readonly error = this.#writer('error');

  #writer(level: string): (fields: object, message: string) => void {
    return (fields, message) => this.all.push(`${level} ${message} ${JSON.stringify(fields)}`);
  }
}

/** Counts the calls of a list-watch to its metrics. */
export class Counts {
  lists = 0;
  readonly ends: string[] = [];
  readonly listed = (): void => void (this.lists += 1);
  readonly watchEnded = (_: string, cause: string): void => void this.ends.push(cause);
  readonly showWatch = (): void => undefined;
}

/** Records the reported changes, and rejects impossible ones. */
export class Mirror {
  readonly values = new Map<string, Kept>();
  readonly told: string[] = [];
  #versions = new Map<string, number>();

  /** The impossible ones among the reported changes: a list-watch goes on when a listener throws. */
  readonly broken: string[] = [];

  readonly take = (change: ObjectChange<Kept>): void => {
    try {
      this.#take(change);
    } catch (error) {
      this.broken.push(String(error));
    }
  };

  #take(change: ObjectChange<Kept>): void {
    const { type, key } = change;
    this.told.push(`${type} ${key}`);
    const known = this.values.get(key);
    const before = type === 'added' ? undefined : change.before;
    if (known !== before) throw new Error(`${type} ${key}: before it there was something else`);
    if (type === 'deleted') {
      this.values.delete(key);
      return;
    }
    const { after } = change;
    if (type === 'changed' && after.uid !== known?.uid) throw new Error(`${key} changed hands without a deletion`);
    const newest = this.#versions.get(after.uid) ?? 0;
    if (after.version <= newest) throw new Error(`${key} went back from ${newest} to ${after.version}`);
    this.#versions.set(after.uid, after.version);
    this.values.set(key, after);
  }
}

type Options = Partial<ListWatchOptions<Kept>>;

/** What differs, or what makes it of the world without its list-watch. */
type Given = Options | ((world: Pick<World, 'api' | 'clock'>) => Options);

const KIND = kindOf(RESOURCES.ConfigMap);

/** A simulated API server with ConfigMaps, and a list-watch that follows them. */
export class World {
  readonly clock: SimulatedClock;
  readonly storage = new Storage();
  readonly api: SimulatedApi;
  readonly log = new Lines();
  readonly counts = new Counts();
  readonly mirror = new Mirror();
  readonly watch: ListWatch<Kept>;

  /** The mirror serves tests that need versions. */
  constructor(seed = 1, given: Given = {}, isMirrored = true) {
    this.clock = new SimulatedClock(seed);
    this.api = new SimulatedApi(this.storage, this.clock);
    const options = typeof given === 'function' ? given(this) : given;
    this.watch = new ListWatch({
      ...{
        api: this.api,
        clock: this.clock,
        log: this.log,
        metrics: this.counts,
        resource: RESOURCES.ConfigMap,
        project,
      },
      ...options,
    });
    if (isMirrored) this.watch.onChange(this.mirror.take);
  }

  /** Puts an object there, or changes it. */
  put(name: string, value: string | undefined, labels: Record<string, string> = {}): void {
    const data = value === undefined ? {} : { value };
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop', labels }, data };
    if (!this.storage.find(KIND, `shop/${name}`)) this.storage.create(KIND, object, 'test');
    else this.storage.update(KIND, `shop/${name}`, () => object, { part: 'main', manager: 'test' });
  }

  delete(name: string): void {
    if (this.storage.find(KIND, `shop/${name}`)) this.storage.delete(KIND, `shop/${name}`, {});
  }

  compact(): void {
    this.storage.compact();
    this.api.expirePages();
  }

  /** The expected projections of the API server's objects. */
  get truth(): Record<string, Kept> {
    const kept = this.storage
      .all(KIND)
      .map((object) => [keyOf(object.metadata), project(structuredClone(object))] as const);
    return Object.fromEntries(kept.filter((entry): entry is [string, Kept] => entry[1] !== undefined));
  }

  /** The contents of the store. */
  get known(): Record<string, Kept | undefined> {
    const keys = [...this.mirror.values.keys()].sort();
    return Object.fromEntries(keys.map((key) => [key, this.watch.store.get(key)]));
  }
}

/** The world a moment after its list-watch was started. */
export async function started(world: World): Promise<World> {
  world.watch.start();
  await world.clock.advance(100);
  return world;
}

/** The watches that were begun. */
export const watchesOf = ({ api }: Pick<World, 'api'>): string[] =>
  api.calls.filter((call) => call.startsWith('WATCH'));
/** The pages that were asked for. */
export const listsOf = ({ api }: Pick<World, 'api'>): string[] => api.calls.filter((call) => call.startsWith('GET'));
/** A failure of the API server with this status. */
export const failure = (code: number): ApiError => new ApiError({ code, reason: 'Fault' }, 'a fault');
