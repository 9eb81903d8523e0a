import type { PatroniConfigMap } from '../../generator/names.ts';
import type { ObjectsByHand } from './fake-api/objects-by-hand.ts';
import { patroniConfigMap } from './member.ts';
import type { Plain } from './objects.ts';
import { annotate } from './objects.ts';

/** The Database of the members. */
export interface Owner {
  readonly namespace: string;
  readonly name: string;
}

/** The ConfigMaps with the shared state of the Patroni clusters of all Databases. */
export class PatroniNotes {
  readonly #objects: ObjectsByHand;

  constructor(objects: ObjectsByHand) {
    this.#objects = objects;
  }

  /** The annotations of one ConfigMap; empty while absent. */
  read({ namespace, name }: Owner, part: PatroniConfigMap): Readonly<Record<string, string>> {
    return this.#objects.get('ConfigMap', `${namespace}/${name}-${part}`)?.metadata.annotations ?? {};
  }

  /** Changes annotations of one ConfigMap, creating it when absent; null removes an annotation. */
  write(owner: Owner, part: PatroniConfigMap, annotations: Plain): void {
    const key = `${owner.namespace}/${owner.name}-${part}`;
    if (!this.#objects.get('ConfigMap', key)) this.#objects.put(patroniConfigMap(owner, part));
    annotate(this.#objects, 'ConfigMap', key, { annotations });
  }

  /** The dynamic configuration. */
  configuration(owner: Owner): Plain {
    return JSON.parse(this.read(owner, 'config')['config'] ?? '{}') as Plain;
  }

  /** The initial configuration of a new cluster, from patroni.yaml; undefined while that is absent. */
  beginning({ namespace, name }: Owner, parse: (text: string) => unknown): object | undefined {
    const settings = this.#objects.get('ConfigMap', `${namespace}/${name}-settings`) as
      { readonly data?: { readonly 'patroni.yaml'?: string } } | undefined;
    const text = settings?.data?.['patroni.yaml'];
    if (text === undefined) return undefined;
    return (parse(text) as { readonly bootstrap: { readonly dcs: object } }).bootstrap.dcs;
  }

  /** The members that commits wait for, which may take over. */
  synchronous(owner: Owner): string[] {
    return (this.read(owner, 'sync')['sync_standby'] ?? '').split(',').filter((member) => member !== '');
  }

  /** Writes the slots that the leader keeps: of its standbys, and of members that are away. */
  keepSlots(owner: Owner, own: string, present: readonly string[]): void {
    const { member_slots_ttl: ttl } = this.configuration(owner);
    const kept = ttl === 0 ? [] : (JSON.parse(this.read(owner, 'leader')['retain_slots'] ?? '[]') as string[]);
    const slots = [...new Set([...kept, ...present])].filter((slot) => slot !== own).sort();
    this.write(owner, 'leader', { retain_slots: JSON.stringify(slots) });
  }
}
