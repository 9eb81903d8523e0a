import { distance } from 'fastest-levenshtein';
import { cropped } from './crop.ts';
import { applyDefaults } from './defaults.ts';
import { duplicatesIn } from './duplicates.ts';
import type { Finding, Path } from './finding.ts';
import { quoteValue } from './finding.ts';
import { schemaFindings } from './schema-findings.ts';
import { API_VERSION, GROUP } from './schema/common.ts';
import { KINDS, kindNamed } from './schema/kinds.ts';
import type { Kind, Schema } from './schema/schema.ts';
import { suggest } from './suggest.ts';
import type { BallastObject } from './object.ts';
import { SCHEMAS } from './schema/schemas.ts';
import { validatorOf } from './validators.ts';
import { isRecord } from './record.ts';

/** The result of parsing a value: a Ballast object, a foreign object, or one with findings. */
export type Parsed =
  | { readonly is: 'ours'; readonly object: BallastObject }
  | { readonly is: 'foreign' }
  | {
      readonly is: 'wrong';
      readonly findings: readonly Finding[];
      /** The object without its invalid fields, when it can be checked further: findings at those fields mean nothing. */
      readonly sound?: BallastObject;
    };

function wrong(...findings: Omit<Finding, 'severity'>[]): Parsed {
  return { is: 'wrong', findings: findings.map((finding) => ({ severity: 'error', ...finding })) };
}

function unknownKind(kind: unknown): Parsed {
  const names = KINDS.map((known) => known.kind);
  const meant = typeof kind === 'string' ? suggest(kind, names) : undefined;
  return wrong({
    rule: 'schema-kind',
    path: ['kind'],
    ...(typeof kind === 'string' && { value: kind }),
    problem: `must be one of ${names.join(', ')}`,
    remedy: meant ? `did you mean ${quoteValue(meant)}?` : 'choose one of them',
  });
}

/** Maximum number of letters by which a misspelt group differs. */
const MISSPELT = 2;

/** Tells foreign objects from misspelt Ballast objects: skipping one of these would lose a database. */
function foreignOrMisspelt({ apiVersion, kind }: Record<string, unknown>): Parsed {
  if (typeof kind !== 'string' || !kindNamed(kind)) return { is: 'foreign' };
  const group = typeof apiVersion === 'string' ? (apiVersion.split('/')[0] ?? '') : '';
  if (group !== '' && (group.length > 100 || distance(group, GROUP) > MISSPELT)) return { is: 'foreign' };
  return wrongVersion(apiVersion);
}

function wrongVersion(apiVersion: unknown): Parsed {
  return wrong({
    rule: 'schema-kind',
    path: ['apiVersion'],
    ...(typeof apiVersion === 'string' && { value: apiVersion }),
    problem: `must be ${API_VERSION}`,
    remedy: `write apiVersion: ${API_VERSION}`,
  });
}

/** Objects in a list that is not a Kubernetes List, which kubectl would refuse. */
function listedObjects(value: readonly unknown[]): Parsed {
  if (!value.some((item) => isRecord(item) && parseObject(item).is !== 'foreign')) return { is: 'foreign' };
  const remedy = 'write each object as a document of its own, with --- between them';
  return wrong({ rule: 'schema-type', path: [], problem: 'must be an object, not a list of objects', remedy });
}

/** The fields of a schema, each with its path in dots. */
function fieldsOf({ properties = {} }: Schema, at = 'spec'): (readonly [name: string, place: string])[] {
  return Object.entries(properties).flatMap(([name, child]) => {
    const place = `${at}.${name}`;
    return [[name, place] as const, ...fieldsOf(child, place)];
  });
}

/** The paths of fields by name, for each kind. */
const PLACES = new Map(KINDS.map(({ kind, spec }) => [kind, Map.groupBy(fieldsOf(spec), ([name]) => name)]));

/** Adds the right place to a finding about a misplaced field: the only one, or the one above all others of that name. */
function withPlace(finding: Finding, { kind }: Kind): Finding {
  const name = finding.path.at(-1);
  if (finding.rule !== 'schema-unknown-field' || typeof name !== 'string') return finding;
  const [field, ...others] = PLACES.get(kind)?.get(name) ?? [];
  const place = field?.[1];
  const above = place?.slice(0, place.lastIndexOf('.') + 1) ?? '';
  return place && others.every(([, other]) => other.startsWith(above))
    ? { ...finding, remedy: `did you mean ${quoteValue(place)}?` }
    : finding;
}

const METADATA: Schema = { type: 'object' };

/** Fills static defaults and drops nulls in `spec`, and drops `metadata` entries that are null. */
export function withDefaults(kind: Kind, value: Record<string, unknown>): Record<string, unknown> {
  const metadata = applyDefaults(METADATA, value['metadata']);
  const spec = isRecord(value['spec']) ? applyDefaults(kind.spec, value['spec']) : value['spec'];
  if (metadata === value['metadata'] && spec === value['spec']) return value;
  return { ...value, metadata, spec };
}

/** A value without the fields at the given paths; unaffected parts are shared. */
function without(value: unknown, paths: readonly Path[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
  for (const [part, through] of Map.groupBy(paths, ([first]) => first)) {
    if (part === undefined || !Object.hasOwn(copy, part)) continue;
    const below = through.map((path) => path.slice(1)).filter((path) => path.length > 0);
    const ends = below.length < through.length;
    // Removing an entry of a list would move the others.
    if (ends && isRecord(copy)) Reflect.deleteProperty(copy, part);
    else if (below.length > 0) copy[part] = without(copy[part], below);
  }
  return copy;
}

/** Adds stand-ins for missing fields, in objects field by field. */
function complete(
  record: Record<string, unknown>,
  standIns: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const entries = Object.entries(standIns).map(([name, standIn]): [string, unknown] => {
    const own = record[name];
    if (own === undefined) return [name, standIn];
    return [name, isRecord(own) && isRecord(standIn) ? complete(own, standIn) : own];
  });
  return { ...record, ...Object.fromEntries(entries) };
}

/** A place, or the list that contains it: removing an entry would move the others. */
function orItsList(path: Path): Path {
  const index = path.findIndex((part) => typeof part === 'number');
  return index < 0 ? path : path.slice(0, index);
}

/**
 * The valid parts of an object, with stand-ins for required fields, and defaults in place of invalid fields; undefined when the result is
 * not an object of the kind.
 */
function soundPart(
  object: Record<string, unknown>,
  kind: Kind,
  findings: readonly Finding[],
): Record<string, unknown> | undefined {
  const validate = validatorOf(kind.kind);
  const places = findings.map(({ path }) => path);
  for (const cut of [places, places.map(orItsList)]) {
    const right = without(object, cut) as Record<string, unknown>;
    if (isRecord(right['spec'])) right['spec'] = complete(right['spec'], kind.standIns ?? {});
    const sound = withDefaults(kind, right);
    if (validate(sound)) return sound;
  }
  return undefined;
}

/** Parses one YAML or JSON value as a Ballast object: the schema first, then static defaults. */
export function parseObject(value: unknown): Parsed {
  if (Array.isArray(value)) return listedObjects(value);
  if (!isRecord(value)) return { is: 'foreign' };
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== 'string' || apiVersion.split('/')[0] !== GROUP) return foreignOrMisspelt(value);
  if (apiVersion !== API_VERSION) return wrongVersion(apiVersion);
  const known = typeof kind === 'string' ? kindNamed(kind) : undefined;
  if (!known) return unknownKind(kind);
  const { value: small, unknownFields } = cropped(SCHEMAS[known.kind] ?? {}, value);
  const object = withDefaults(known, small as typeof value);
  const validate = validatorOf(known.kind);
  const errors = validate(object) ? [] : schemaFindings(validate.errors ?? [], object, unknownFields);
  const repeated = duplicatesIn(known.spec, object['spec'], ['spec']);
  const findings = [...errors.map((finding) => withPlace(finding, known)), ...repeated];
  if (findings.length === 0) return { is: 'ours', object: object as unknown as BallastObject };
  const sound = soundPart(object, known, findings);
  return { is: 'wrong', findings, ...(sound && { sound: sound as unknown as BallastObject }) };
}
