import fc from 'fast-check';
import type { EventMishap } from '../../../lab/world/fake-api/faults.ts';
import type { Scene } from '../../../lab/world/scene.ts';
import type { Actor } from '../../../lab/world/stalls.ts';
import type { Weather } from '../../../lab/world/world-api.ts';
import { FAIR } from '../../../lab/world/world-api.ts';

/** Something that happens while the controller works, and how long nothing else does after it. */
export interface Happening {
  readonly what: 'stall' | 'wait' | 'kill' | 'evict' | 'crash';
  /** Which part of the cluster stalls. */
  readonly actor: Actor;
  /** Ordinal of the member that it happens to. */
  readonly which: number;
  /** How long a part stalls, or a container stays down. */
  readonly lastsMs: number;
  readonly pauseMs: number;
}

/** Happenings of every kind, mostly those after which parts of the cluster act in another order. */
export const happening: fc.Arbitrary<Happening> = fc.record({
  what: fc.oneof<fc.WeightedArbitrary<Happening['what']>[]>(
    { weight: 3, arbitrary: fc.constantFrom('stall', 'wait') },
    { weight: 1, arbitrary: fc.constantFrom('kill', 'evict', 'crash') },
  ),
  actor: fc.constantFrom('storage', 'stateful-sets', 'kubelet', 'patroni', 'argo'),
  which: fc.nat(4),
  lastsMs: fc.nat(9000),
  pauseMs: fc.nat(2000),
});

/** Longer than most parts of the cluster need for their work. */
const MOST_LATE_MS = 3000;
/** The least time that a container and the Patroni in it take to be up again. */
const RESTART_MS = 2000;
const LATE: readonly EventMishap[] = ['hold', 'duplicate', 'replay'];

/** Watches that tell so many of a hundred events late, twice or again: the controller sees each kind as it was at another moment. */
export function lateEvents({ clock }: Scene, percent: number): Weather {
  const event = (): EventMishap | undefined =>
    clock.random() * 100 < percent ? LATE[Math.floor(clock.random() * LATE.length)] : undefined;
  const eventMs = (): number => (percent > 0 ? clock.random() * MOST_LATE_MS : 1);
  return { ...FAIR, event, eventMs };
}

const HAPPEN: { readonly [What in Happening['what']]: (scene: Scene, happening: Happening) => void } = {
  stall: ({ cluster, fake }, { actor, which, lastsMs }) => {
    const pods = fake.all('Pod').map(({ metadata }) => metadata.name);
    const isOfOne = actor === 'kubelet' || actor === 'patroni';
    cluster.stalls.begin(actor, isOfOne ? (pods[which % pods.length] ?? '') : '', lastsMs);
  },
  wait: () => undefined,
  kill: ({ cluster, fake }, { which, lastsMs }) => {
    const keys = fake.all('Pod').map(({ metadata: { namespace = '', name } }) => `${namespace}/${name}`);
    const key = keys[which % keys.length];
    if (key !== undefined && cluster.isUp(key)) cluster.kill(key, RESTART_MS + lastsMs);
  },
  evict: ({ cluster, fake }, { which }) => {
    const { metadata } = fake.all('Pod')[which % fake.all('Pod').length] ?? {};
    if (metadata) cluster.evict(`${metadata.namespace ?? ''}/${metadata.name}`);
  },
  crash: (scene) => {
    scene.restart(scene.api.weather);
  },
};

/** Lets something happen, and the time pass until the next thing does. */
export async function happen(scene: Scene, one: Happening): Promise<void> {
  HAPPEN[one.what](scene, one);
  await scene.clock.advance(one.pauseMs);
}
