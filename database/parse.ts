import { applyDefaults } from './defaults.ts';
import type { Finding, Path } from './finding.ts';
import { quoteValue } from './finding.ts';
import { schemaFindings } from './schema-findings.ts';
import { API_VERSION, GROUP } from './schema/common.ts';
import { KINDS, kindNamed } from './schema/kinds.ts';
import type { Kind } from './schema/schema.ts';
import { suggest } from './suggest.ts';
import type { BallastObject } from './object.ts';
import { validatorOf } from './validators.ts';
import { isRecord } from './record.ts';

/** What a value turned out to be: an object of Ballast's, somebody else's, or one with mistakes. */
export type Parsed =
  | { readonly is: 'ours'; readonly object: BallastObject }
  | { readonly is: 'foreign' }
  | {
      readonly is: 'wrong';
      readonly findings: readonly Finding[];
      /** The object without its wrong fields, when that much can be checked: findings at those fields mean nothing. */
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
    value: kind,
    problem: `must be one of ${names.join(', ')}`,
    remedy: meant ? `did you mean ${quoteValue(meant)}?` : 'choose one of them',
  });
}

/** Fills static defaults and drops nulls in `spec`, and drops `metadata` entries that are null. */
export function withDefaults(kind: Kind, value: Record<string, unknown>): Record<string, unknown> {
  const { metadata, spec } = value;
  return {
    ...value,
    ...(isRecord(metadata) && { metadata: applyDefaults({ type: 'object' }, metadata) }),
    ...(isRecord(spec) && { spec: applyDefaults(kind.spec, spec) }),
  };
}

/** A copy of the object that lacks what stands at the paths. */
function without(object: Record<string, unknown>, paths: readonly Path[]): Record<string, unknown> {
  const copy = structuredClone(object);
  for (const path of paths) {
    const parent = path.slice(0, -1).reduce<unknown>((at, part) => (Object(at) as Record<string, unknown>)[part], copy);
    const last = path.at(-1);
    if (isRecord(parent) && last !== undefined) Reflect.deleteProperty(parent, last);
  }
  return copy;
}

/** Puts stand-ins where a field is missing, in objects field by field. */
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

/** Whether a place lies at or below one of the paths. */
export function liesWithin(place: Path, paths: readonly Path[]): boolean {
  return paths.some((path) => path.every((part, index) => place[index] === part));
}

/** Reads one YAML or JSON value as an object of Ballast's: schema first, static defaults filled in. */
export function parseObject(value: unknown): Parsed {
  if (!isRecord(value)) return { is: 'foreign' };
  const { apiVersion, kind } = value;
  if (typeof apiVersion !== 'string' || apiVersion.split('/')[0] !== GROUP) return { is: 'foreign' };
  if (apiVersion !== API_VERSION) {
    const remedy = `write ${API_VERSION}`;
    return wrong({
      rule: 'schema-kind',
      path: ['apiVersion'],
      value: apiVersion,
      problem: `must be ${API_VERSION}`,
      remedy,
    });
  }
  const known = typeof kind === 'string' ? kindNamed(kind) : undefined;
  if (!known) return unknownKind(kind);
  const object = withDefaults(known, value);
  const validate = validatorOf(known.kind);
  if (validate(object)) return { is: 'ours', object: object as unknown as BallastObject };
  const findings = schemaFindings(validate.errors ?? [], object);
  const sound = without(
    object,
    findings.map(({ path }) => path),
  );
  if (isRecord(sound['spec'])) sound['spec'] = complete(sound['spec'], known.standIns ?? {});
  return { is: 'wrong', findings, ...(validate(sound) && { sound: sound as unknown as BallastObject }) };
}
