import type { KubernetesObject } from '../kubernetes/objects.ts';
import type { Leader, PatroniConfig, PendingSwitchover } from '../observation.ts';
import type { ChildKept } from './child.ts';
import { keptChildOf, revisionOf } from './child.ts';
import { keptOf, nameIn } from './kept.ts';
import type { Timed } from './raw.ts';
import { dateAt, dateOf, parseRecord, present, timeAt, wordAt } from './raw.ts';
import { exact, shared } from './shared.ts';

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

/** Names of Patroni's ConfigMaps, after the name of the Database. */
const PATRONI = ['leader', 'config', 'failover', 'sync', 'failsafe'] as const;

type Annotations = Readonly<Record<string, string>>;

/** On NAME-config: when the controller last wrote the dynamic configuration. */
export const CONFIGURED_AT = 'db.example.com/configured-at';

function slotsIn(text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  const { list } = parseRecord(`{"list":${text}}`);
  return Array.isArray(list) ? exact(list.filter((slot) => typeof slot === 'string')) : [];
}

function leaderOf(annotations: Annotations, resourceVersion: string): Timed<Leader> {
  return {
    resourceVersion,
    transitions: Number.parseInt(annotations['transitions'] ?? '0', 10) || 0,
    ...present({
      member: annotations['leader'] || undefined,
      renewedAt: timeAt(annotations, 'renewTime'),
      acquiredAt: timeAt(annotations, 'acquireTime'),
      slots: slotsIn(annotations['retain_slots']),
    }),
  };
}

function switchoverOf(annotations: Annotations, resourceVersion: string): PendingSwitchover {
  const { leader, member } = annotations;
  return { resourceVersion, ...present({ from: leader || undefined, to: member || undefined }) };
}

function membersIn(text: string | undefined): string[] {
  return exact((text ?? '').split(',').filter((name) => name !== ''));
}

function saidIn(part: (typeof PATRONI)[number], annotations: Annotations, resourceVersion: string): Said {
  switch (part) {
    case 'leader':
      return { in: part, leader: leaderOf(annotations, resourceVersion) };
    case 'config': {
      const systemIdentifier = wordAt(annotations, 'initialize') || undefined;
      const configuredAt = dateAt(annotations, CONFIGURED_AT);
      return {
        in: part,
        config: shared(annotations['config'] ?? '{}'),
        ...present({ configuredAt, systemIdentifier }),
      };
    }
    case 'failover':
      return { in: part, switchover: switchoverOf(annotations, resourceVersion) };
    case 'sync':
      return { in: part, synchronous: membersIn(annotations['sync_standby']) };
    case 'failsafe':
      return { in: part };
  }
}

/** Keeps what Patroni says in its ConfigMaps, and of all others that they are there. */
export function projectConfigMap(raw: KubernetesObject): ConfigMapKept | undefined {
  const kept = keptOf(raw);
  if (!kept) return undefined;
  const { owner, resourceVersion } = kept;
  const { name, annotations = {} } = raw.metadata;
  const part = PATRONI.find((one) => name === `${nameIn(owner)}-${one}`);
  if (!part) return keptChildOf(kept, raw, revisionOf('ConfigMap', raw));
  return { ...keptChildOf(kept, raw, resourceVersion), said: saidIn(part, annotations, resourceVersion) };
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
  return { resourceVersion, config: parseRecord(config), ...present({ configuredAt, systemIdentifier }) };
}
