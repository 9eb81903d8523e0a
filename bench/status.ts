import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../kubernetes/connect.ts';
import type { KubernetesObject } from '../kubernetes/objects.ts';
import { RESOURCES } from '../controller/resources.ts';
import { MEMBERS, setReady } from './databases.ts';
import { which } from './which.ts';

const EVENTS = 300;
const EVENT_GAP_MS = 100;
const DEADLINE_MS = 30_000;
/** Longer than any stage takes. */
const WATCH_SECONDS = 3600;

interface Status {
  readonly readyReplicas?: number;
  readonly conditions?: readonly { readonly type: string; readonly status: string }[];
}

type Hear = (name: string, status: Status) => void;

interface Followed {
  readonly stop: () => void;
  /** Rejected when the watch ends by itself. */
  readonly broken: Promise<never>;
}

/** Follows the statuses of Databases from now on. */
async function follow(api: Connection, hear: Hear): Promise<Followed> {
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  const { resourceVersion } = await api.list(RESOURCES.Database, { limit: 1 });
  const options = { resourceVersion, timeoutSeconds: WATCH_SECONDS };
  const handle = api.watch(RESOURCES.Database, options, {
    onEvent: ({ type, object }) => {
      if (type !== 'ADDED' && type !== 'MODIFIED') return;
      const { metadata, status = {} } = object as unknown as KubernetesObject & { readonly status?: Status };
      hear(metadata.name, status);
    },
    onEnd: (failure) => {
      broken.reject(new Error('the watch of the bench ended', { cause: failure }));
    },
  });
  await sleep(1000);
  return {
    stop: () => {
      handle.stop();
    },
    broken: broken.promise,
  };
}

function isFull({ readyReplicas, conditions = [] }: Status): boolean {
  return readyReplicas === MEMBERS && conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** The number of healthy Databases so far, and the time until all are. */
export interface Progress {
  readonly count: () => number;
  /** From the beginning. */
  readonly seconds: Promise<number>;
}

/** Does some work; reports how many Databases have become healthy since, and when all are. */
export async function untilAllAreWell(api: Connection, wanted: number, begin: () => Promise<void>): Promise<Progress> {
  const well = new Set<string>();
  const all = Promise.withResolvers<undefined>();
  const { stop, broken } = await follow(api, (name, status) => {
    if (isFull(status)) well.add(name);
    if (well.size === wanted) all.resolve(undefined);
  });
  const startedAt = performance.now();
  await begin();
  const seconds = Promise.race([all.promise, broken]).then(() => {
    stop();
    return (performance.now() - startedAt) / 1000;
  });
  return { count: () => well.size, seconds };
}

/** Milliseconds from a kubelet's report of readiness until the status reflects it, sorted. */
export async function delays(api: Connection, databases: number): Promise<number[]> {
  const waiting = new Map<string, { readonly at: number; readonly wanted: number }>();
  const found: number[] = [];
  const { stop } = await follow(api, (name, { readyReplicas }) => {
    const asked = waiting.get(name);
    if (!asked || readyReplicas !== asked.wanted) return;
    waiting.delete(name);
    found.push(performance.now() - asked.at);
  });
  const down = new Set<string>();
  for (let event = 0; event < EVENTS; event += 1) {
    const { namespace, name } = which((event * 7919) % databases);
    if (!waiting.has(name)) {
      const comesUp = down.delete(name);
      if (!comesUp) down.add(name);
      waiting.set(name, { at: performance.now(), wanted: comesUp ? MEMBERS : MEMBERS - 1 });
      void setReady(api, { namespace, name: `${name}-${MEMBERS - 1}` }, comesUp);
    }
    await sleep(EVENT_GAP_MS);
  }
  const deadline = performance.now() + DEADLINE_MS;
  while (waiting.size > 0 && performance.now() < deadline) await sleep(50);
  stop();
  if (waiting.size > 0) throw new Error(`${waiting.size} changes were never told`);
  return found.sort((one, other) => one - other);
}
