import {
  BACKUPS_ANNOTATION,
  CONFIGURED_AT,
  RESTART_SETTINGS,
  VERIFIED_ANNOTATION,
} from '../../../database/vocabulary.ts';
import type { PatroniConfigMap } from '../../../generator/names.ts';
import { names, patroniConfigMapOf } from '../../../generator/names.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import type { Leader, Observation, PatroniConfig, PendingSwitchover } from '../../databases/observation.ts';
import type { RestoreRequest } from '../../databases/observed-backups.ts';
import { UNREADABLE } from '../../databases/observation.ts';
import type { ManagedObjectProjection } from '../../cluster/managed-object.ts';
import { managedObjectProjectionOf, revisionOf } from '../../cluster/managed-object.ts';
import { projectionOf, nameIn } from '../../cluster/projection.ts';
import type { JsonObject, WithTimesInMs } from '../../cluster/json-path.ts';
import { dateAt, dateOf, isAt, withoutAbsent, read, recordAt } from '../../cluster/json-path.ts';
import type { BackupList } from '../../cluster/backup-list.ts';
import { readBackupList } from '../../cluster/backup-list.ts';
import { restoreRequestIn } from '../../cluster/restore-request.ts';
import type { Verification } from '../../cluster/verification.ts';
import { readVerification } from '../../cluster/verification.ts';
import { exactLengthList, intern } from '../../cluster/intern.ts';
import { count, digits, isTooLarge, json, jsonRecord, member, members, slot, time } from '../../cluster/values.ts';

/** Patroni's data in one of its ConfigMaps. */
export type PatroniObject =
  | { readonly in: 'leader'; readonly leader: WithTimesInMs<Leader> }
  /** The dynamic configuration stays text, because most passes do not read it. */
  | { readonly in: 'config'; readonly config: string; readonly configuredAt?: Date; readonly systemIdentifier?: string }
  | { readonly in: 'failover'; readonly switchover: PendingSwitchover }
  | { readonly in: 'sync'; readonly synchronous: readonly string[] }
  | { readonly in: 'failsafe' };

/** The stored part of a ConfigMap: Patroni's own, or a rendered one. */
export interface ConfigMapProjection extends ManagedObjectProjection {
  readonly said?: PatroniObject;
  /** Ballast's own settings that take a restart, of NAME-settings: text, which all Databases share. */
  readonly restartSettings?: string;
  /** The list of backups, of NAME-backups. */
  readonly list?: BackupList;
  /** The request for a restore in place, of NAME-restore. */
  readonly request?: WithTimesInMs<RestoreRequest>;
  /** What came of the latest verification, of NAME-backups. */
  readonly verification?: Verification;
}

/** More than the number of members that ever existed. */
const MOST_SLOTS = 64;

function slotsIn(text: unknown): string[] {
  const list = json(text);
  if (!Array.isArray(list)) return [];
  return exactLengthList(list.slice(0, MOST_SLOTS).flatMap((one) => slot(one) ?? []));
}

/** One of Patroni's ConfigMaps, with the parser for it. */
interface Note {
  readonly annotations: JsonObject;
  readonly database: string;
  readonly resourceVersion: string;
}

function leaderOf({ annotations, database, resourceVersion }: Note): WithTimesInMs<Leader> {
  return {
    resourceVersion,
    transitions: read(count, annotations, 'transitions') ?? 0,
    ...withoutAbsent({
      member: member(annotations['leader'], database),
      renewedAt: read(time, annotations, 'renewTime'),
      acquiredAt: read(time, annotations, 'acquireTime'),
      slots: isAt(annotations, 'retain_slots') ? read(slotsIn, annotations, 'retain_slots') : undefined,
    }),
  };
}

function switchoverOf({ annotations, database, resourceVersion }: Note): PendingSwitchover {
  const { leader, member: candidate } = annotations;
  return { resourceVersion, ...withoutAbsent({ from: member(leader, database), to: member(candidate, database) }) };
}

/** The dynamic configuration as text; text that is no JSON of bounded size counts as absent. */
function configurationIn(text: unknown): string {
  return typeof text === 'string' && !isTooLarge(text) ? intern(text) : '{}';
}

/** PostgreSQL's system identifier; an unreadable one still proves that there is a cluster. */
function clusterIn(text: unknown): string | undefined {
  return text === undefined || text === '' ? undefined : (digits(text) ?? UNREADABLE);
}

function saidIn(part: PatroniConfigMap, note: Note): PatroniObject {
  const { annotations, database } = note;
  switch (part) {
    case 'leader':
      return { in: part, leader: leaderOf(note) };
    case 'config': {
      const systemIdentifier = read(clusterIn, annotations, 'initialize');
      const configuredAt = dateAt(annotations, CONFIGURED_AT);
      const config = read(configurationIn, annotations, 'config');
      return { in: part, config, ...withoutAbsent({ configuredAt, systemIdentifier }) };
    }
    case 'failover':
      return { in: part, switchover: switchoverOf(note) };
    case 'sync':
      return { in: part, synchronous: exactLengthList(members(annotations['sync_standby'], database)) };
    case 'failsafe':
      return { in: part };
  }
}

function cutIn({ annotations }: Note, name: string): string | undefined {
  const large = ['config', 'retain_slots'].find((one) => isTooLarge(annotations[one]));
  return large && `the annotation ${large} of ConfigMap ${name}`;
}

/** What the jobs that back up and verify tell. */
function backupsIn(annotations: JsonObject): Pick<ConfigMapProjection, 'list' | 'verification'> {
  return withoutAbsent({
    list: read(readBackupList, annotations, BACKUPS_ANNOTATION),
    verification: read(readVerification, annotations, VERIFIED_ANNOTATION),
  });
}

/** Ballast's own settings as text; text that is no JSON of bounded size counts as absent. */
function restartSettingsIn(annotations: JsonObject): Pick<ConfigMapProjection, 'restartSettings'> {
  const text = annotations[RESTART_SETTINGS];
  return typeof text === 'string' && !isTooLarge(text) ? { restartSettings: intern(text) } : {};
}

/** Switches, numbers and words, as Ballast's own settings have them; any other value counts as absent. */
const SETTING = /^[a-z0-9]{1,16}$/;

function settingsIn(text: string): Readonly<Record<string, string>> {
  const isSetting = (entry: readonly [string, unknown]): entry is [string, string] =>
    typeof entry[1] === 'string' && SETTING.test(entry[1]);
  return Object.fromEntries(Object.entries(jsonRecord(text)).filter(isSetting));
}

/** Projects Patroni's ConfigMaps to their data, and all others to their identity. */
export function projectConfigMap(raw: KubernetesObject): ConfigMapProjection | undefined {
  const kept = projectionOf(raw);
  if (!kept) return undefined;
  const { owner, resourceVersion } = kept;
  const database = nameIn(owner);
  const { name } = raw.metadata;
  const part = patroniConfigMapOf(database, name);
  const annotations = recordAt(raw.metadata, 'annotations');
  if (!part) {
    const other = managedObjectProjectionOf(kept, raw, revisionOf('ConfigMap', raw));
    const backups = name === names.backups(database) ? backupsIn(annotations) : undefined;
    const request = name === names.restore(database) ? restoreRequestIn(raw, annotations, database) : undefined;
    const own = name === names.settings(database) ? restartSettingsIn(annotations) : undefined;
    return { ...other, ...backups, ...own, ...withoutAbsent({ request }) };
  }
  const note = { annotations, database, resourceVersion };
  const child = managedObjectProjectionOf(kept, raw, resourceVersion);
  return { ...child, said: saidIn(part, note), ...withoutAbsent({ cut: cutIn(note, name) }) };
}

/** The leader object as decisions read it. */
export function leaderIn(said: Extract<PatroniObject, { in: 'leader' }> | undefined): Leader | undefined {
  if (!said) return undefined;
  const { renewedAt, acquiredAt, ...rest } = said.leader;
  return { ...rest, ...withoutAbsent({ renewedAt: dateOf(renewedAt), acquiredAt: dateOf(acquiredAt) }) };
}

/** The configuration object as decisions read it. */
export function configIn(kept: ConfigMapProjection | undefined): PatroniConfig | undefined {
  if (kept?.said?.in !== 'config') return undefined;
  const { config, configuredAt, systemIdentifier } = kept.said;
  const { resourceVersion } = kept;
  return { resourceVersion, config: jsonRecord(config), ...withoutAbsent({ configuredAt, systemIdentifier }) };
}

/** The state of a Database's cluster in Patroni's ConfigMaps. */
export function clusterStateIn(
  configMaps: readonly ConfigMapProjection[],
): Pick<Observation, 'leader' | 'patroni' | 'switchover' | 'synchronous' | 'restartSettings'> {
  const find = <In extends PatroniObject['in']>(part: In): Extract<PatroniObject, { in: In }> | undefined =>
    configMaps.map(({ said }) => said).find((said): said is Extract<PatroniObject, { in: In }> => said?.in === part);
  const config = configMaps.find(({ said }) => said?.in === 'config');
  const own = configMaps.find(({ restartSettings }) => restartSettings !== undefined)?.restartSettings;
  return {
    synchronous: find('sync')?.synchronous ?? [],
    ...withoutAbsent({
      leader: leaderIn(find('leader')),
      switchover: find('failover')?.switchover,
      patroni: configIn(config),
      restartSettings: own === undefined ? undefined : settingsIn(own),
    }),
  };
}

/** The data of a ConfigMap without the parts that a leader renews every few seconds. */
export function steadyState(said: PatroniObject | undefined): unknown {
  switch (said?.in) {
    case 'leader':
      return { ...said.leader, resourceVersion: '', renewedAt: undefined };
    case 'failover':
      return { ...said.switchover, resourceVersion: '' };
    default:
      return said;
  }
}

/** Whether another member holds the leader lock now, or none does. */
export function isLeaderChange(before: PatroniObject | undefined, after: PatroniObject | undefined): boolean {
  return before?.in === 'leader' && after?.in === 'leader' && before.leader.member !== after.leader.member;
}
