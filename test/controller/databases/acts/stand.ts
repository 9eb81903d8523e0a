import { NO_SETTINGS } from '../../../../database/settings.ts';
import { makeKeys } from '../../../../certificates/keys.ts';
import type { ActionContext } from '../../../../controller/databases/acts/action.ts';
import type { Servers } from '../../../../controller/engines/servers.ts';
import { Metrics } from '../../../../kubernetes/metrics.ts';
import type { KubernetesObject } from '../../../../kubernetes/objects.ts';
import { Memory } from '../../../../controller/databases/observe/memory.ts';
import { look } from '../../../../controller/databases/observe/observe.ts';
import { Watches } from '../../../../controller/cluster/watches.ts';
import { isVerifierAtOnce } from '../../../../lab/credentials/takes.ts';
import { FakeApiServer } from '../../../../lab/world/fake-api-server.ts';
import { SimulatedClock } from '../../../../lab/world/simulated-clock.ts';
import { WorldApi } from '../../../../lab/world/world-api.ts';

/** Labels of what belongs to the Database orders. */
export const LABELS = {
  'app.kubernetes.io/component': 'database',
  'app.kubernetes.io/managed-by': 'ballast',
  'app.kubernetes.io/name': 'postgresql',
  'db.example.com/database': 'orders',
};

/** An object of the Database orders. */
export function owned(
  kind: string,
  name: string,
  { metadata = {}, ...rest }: Record<string, unknown> = {},
): KubernetesObject {
  const about = { name, namespace: 'shop', labels: LABELS, ...(metadata as object) };
  return { kind, metadata: about, ...rest };
}

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
const keys = makeKeys();

const NOBODY: Servers = {
  open: () => Promise.reject(new Error('nobody is to be asked')),
  restart: () => Promise.reject(new Error('nobody is to be restarted')),
};

/** The Database orders in the namespace shop on a fake API server, with the dependencies of its acts. */
export class Stand {
  readonly fake = new FakeApiServer({ collectsGarbage: true });
  readonly clock = new SimulatedClock();
  readonly api = new WorldApi(this.fake.storage, this.clock);
  readonly memory = new Memory(this.clock);
  readonly watches: Watches;

  private constructor() {
    const { api, clock } = this;
    this.watches = new Watches({ api, clock, log: QUIET, metrics: new Metrics(), namespaces: [] });
  }

  /** Holds these objects besides the Database. */
  static async with(
    objects: readonly KubernetesObject[] = [],
    { spec = {}, metadata = {} }: { readonly spec?: object; readonly metadata?: object } = {},
  ): Promise<Stand> {
    const stand = new Stand();
    stand.fake.put({ kind: 'Namespace', metadata: { name: 'shop' } });
    const about = { name: 'orders', namespace: 'shop', ...metadata };
    stand.fake.put({ kind: 'Database', metadata: about, spec: { version: '17', storage: { size: '1Gi' }, ...spec } });
    for (const object of objects) stand.fake.put(object);
    stand.watches.start(() => undefined);
    stand.watches.wantRendered();
    await stand.clock.advance(100);
    return stand;
  }

  /** What acting works with, as things are seen now. */
  async acting(servers: Servers = NOBODY): Promise<ActionContext> {
    const { api, watches, memory, clock } = this;
    const looking = { watches, memory, settings: NO_SETTINGS, appliesAll: false, applyAllowed: true };
    const result = look('shop/orders', looking, clock.date());
    if (result.is !== 'seen') throw new Error(`the Database is ${result.is}`);
    const { seen, remembered, object } = result.look;
    await keys;
    const { resourceVersion } = object;
    const means = { api, looking, servers, makeKeys: () => keys, isVerifierOf: isVerifierAtOnce };
    return { ...means, seen, remembered, resourceVersion, now: clock.date };
  }

  /** Lets time pass while something is done. */
  async done<T>(work: Promise<T>): Promise<T> {
    const state = { isOver: false };
    const over = (): void => {
      state.isOver = true;
    };
    work.then(over, over);
    while (!state.isOver) await this.clock.advance(1);
    return work;
  }

  /** The writes in words. */
  written(): string[] {
    return this.api.writes.map(({ verb, kind, key, subresource }) =>
      [verb, kind, key, subresource].filter((word) => word !== undefined).join(' '),
    );
  }
}
