import { DATABASE_LABEL } from '../database/vocabulary.ts';
import { isRecord } from '../database/record.ts';
import { CLAIM_TEMPLATE } from '../generator/names.ts';
import { identitiesOf } from '../generator/identities.ts';
import { MANAGED_BY_LABEL } from '../generator/metadata.ts';
import type { ForeignObject, LocatedSummary } from './entry.ts';
import type { LocatedFinding } from './located-finding.ts';
import { placeAll } from './located-finding.ts';

/** The identity of a foreign manifest. */
export interface OtherObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly file: string;
}

/** Kinds that Ballast renders. */
const KINDS: ReadonlySet<string> = new Set(identitiesOf('').map(({ kind }) => kind));

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The manifests of a file whose names may collide with names that Ballast gives; without the files that Ballast rendered. */
export function othersIn(foreign: readonly ForeignObject[], file: string, namespace: string): OtherObject[] {
  return foreign.flatMap(({ value }): OtherObject[] => {
    const metadata = isRecord(value['metadata']) ? value['metadata'] : {};
    const labels = isRecord(metadata['labels']) ? metadata['labels'] : {};
    const [kind, name] = [asText(value['kind']), asText(metadata['name'])];
    if (kind === undefined || name === undefined || !KINDS.has(kind)) return [];
    if (labels[MANAGED_BY_LABEL] === 'ballast' && labels[DATABASE_LABEL] !== undefined) return [];
    return [{ kind, namespace: asText(metadata['namespace']) ?? namespace, name, file }];
  });
}

const keyOf = ({ kind, namespace, name }: Omit<OtherObject, 'file'>): string => `${kind} ${namespace}/${name}`;

/** The claim of the first member stands for all of them. */
function namesOf(database: string): { readonly kind: string; readonly name: string }[] {
  return [...identitiesOf(database), { kind: 'PersistentVolumeClaim', name: `${CLAIM_TEMPLATE}-${database}-0` }];
}

/** Warns of each Database whose objects would have the names of other manifests of the tree. */
export function checkNames(
  objects: readonly LocatedSummary[],
  others: readonly OtherObject[],
  textOf: (file: string) => string,
): LocatedFinding[] {
  if (others.length === 0) return [];
  const byKey = new Map(others.map((other) => [keyOf(other), other]));
  const found = objects.flatMap(({ summary, origin }) => {
    if (summary.kind !== 'Database') return [];
    const { namespace } = summary;
    const taken = namesOf(summary.name).flatMap((identity) => byKey.get(keyOf({ ...identity, namespace })) ?? []);
    const [first] = taken;
    if (!first) return [];
    const names = taken.map(({ kind, name }) => `${kind} ${name}`).join(', ');
    const finding = {
      rule: 'name-taken-in-tree',
      severity: 'warning' as const,
      path: ['metadata', 'name'],
      problem: `must not be a name whose objects are there already: ${names} (${first.file})`,
      remedy: 'choose another name, or rename what is there: one of the two would overwrite the other',
    };
    return [{ finding, about: summary, origin }];
  });
  return placeAll(found, textOf);
}
