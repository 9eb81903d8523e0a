import { CONFIGURED_AT } from '../../database/vocabulary.ts';
import type { PatroniConfigMap } from '../../generator/names.ts';
import { patroniConfigMapOf } from '../../generator/names.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { Leader, PatroniConfig, PendingSwitchover } from '../observation.ts';
import { UNREADABLE } from '../observation.ts';
import type { ChildKept } from './child.ts';
import { keptChildOf, revisionOf } from './child.ts';
import { keptOf, nameIn } from './kept.ts';
import type { Raw, Timed } from './raw.ts';
import { dateAt, dateOf, isAt, present, read, recordAt } from './raw.ts';
import { exact, shared } from './shared.ts';
import { count, digits, isTooLarge, json, jsonRecord, member, members, slot, time } from './values.ts';

/** What Patroni says in one of its ConfigMaps. */
export type Said =
  | { readonly in: 'leader'; readonly leader: Timed<Leader> }
  /** The dynamic configuration stays text: most passes do not read it. */
  | { readonly in: 'config'; readonly config: string; readonly configuredAt?: Date; readonly systemIdentifier?: string }
  | { readonly in: 'failover'; readonly switchover: PendingSwitchover }
  | { readonly in: 'sync'; readonly synchronous: readonly string[] }
  | { readonly in: 'failsafe' };

/** What is kept of a ConfigMap: Patroni's own, or one that Ballast renders. */
export interface ConfigMapKept extends ChildKept {
  readonly said?: Said;
}

/** More than members that ever were. */
const MOST_SLOTS = 64;

function slotsIn(text: unknown): string[] {
  const list = json(text);
  if (!Array.isArray(list)) return [];
  return exact(list.slice(0, MOST_SLOTS).flatMap((one) => slot(one) ?? []));
}

/** A ConfigMap of Patroni's, and what decides how it is read. */
interface Note {
  readonly annotations: Raw;
  readonly database: string;
  readonly resourceVersion: string;
}

function leaderOf({ annotations, database, resourceVersion }: Note): Timed<Leader> {
  return {
    resourceVersion,
    transitions: read(count, annotations, 'transitions') ?? 0,
    ...present({
      member: member(annotations['leader'], database),
      renewedAt: read(time, annotations, 'renewTime'),
      acquiredAt: read(time, annotations, 'acquireTime'),
      slots: isAt(annotations, 'retain_slots') ? read(slotsIn, annotations, 'retain_slots') : undefined,
    }),
  };
}

function switchoverOf({ annotations, database, resourceVersion }: Note): PendingSwitchover {
  const { leader, member: candidate } = annotations;
  return { resourceVersion, ...present({ from: member(leader, database), to: member(candidate, database) }) };
}

/** The dynamic configuration as it is written; what is no JSON of a bounded size is as good as none. */
function configurationIn(text: unknown): string {
  return typeof text === 'string' && !isTooLarge(text) ? shared(text) : '{}';
}

/** PostgreSQL's system identifier; what nobody can read still says that there is a cluster. */
function clusterIn(text: unknown): string | undefined {
  return text === undefined || text === '' ? undefined : (digits(text) ?? UNREADABLE);
}

function saidIn(part: PatroniConfigMap, note: Note): Said {
  const { annotations, database } = note;
  switch (part) {
    case 'leader':
      return { in: part, leader: leaderOf(note) };
    case 'config': {
      const systemIdentifier = read(clusterIn, annotations, 'initialize');
      const configuredAt = dateAt(annotations, CONFIGURED_AT);
      const config = read(configurationIn, annotations, 'config');
      return { in: part, config, ...present({ configuredAt, systemIdentifier }) };
    }
    case 'failover':
      return { in: part, switchover: switchoverOf(note) };
    case 'sync':
      return { in: part, synchronous: exact(members(annotations['sync_standby'], database)) };
    case 'failsafe':
      return { in: part };
  }
}

function cutIn({ annotations }: Note, name: string): string | undefined {
  const large = ['config', 'retain_slots'].find((one) => isTooLarge(annotations[one]));
  return large && `the annotation ${large} of ConfigMap ${name}`;
}

/** Keeps what Patroni says in its ConfigMaps, and of all others that they are there. */
export function projectConfigMap(raw: KubernetesObject): ConfigMapKept | undefined {
  const kept = keptOf(raw);
  if (!kept) return undefined;
  const { owner, resourceVersion } = kept;
  const database = nameIn(owner);
  const { name } = raw.metadata;
  const part = patroniConfigMapOf(database, name);
  if (!part) return keptChildOf(kept, raw, revisionOf('ConfigMap', raw));
  const note = { annotations: recordAt(raw.metadata, 'annotations'), database, resourceVersion };
  const child = keptChildOf(kept, raw, resourceVersion);
  return { ...child, said: saidIn(part, note), ...present({ cut: cutIn(note, name) }) };
}

/** The leader object as decisions read it. */
export function leaderIn(said: Extract<Said, { in: 'leader' }> | undefined): Leader | undefined {
  if (!said) return undefined;
  const { renewedAt, acquiredAt, ...rest } = said.leader;
  return { ...rest, ...present({ renewedAt: dateOf(renewedAt), acquiredAt: dateOf(acquiredAt) }) };
}

/** The configuration object as decisions read it. */
export function configIn(kept: ConfigMapKept | undefined): PatroniConfig | undefined {
  if (kept?.said?.in !== 'config') return undefined;
  const { config, configuredAt, systemIdentifier } = kept.said;
  const { resourceVersion } = kept;
  return { resourceVersion, config: jsonRecord(config), ...present({ configuredAt, systemIdentifier }) };
}
