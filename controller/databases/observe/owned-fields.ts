import { isRecord } from '../../../database/record.ts';
import type { ObjectMeta } from '../../../kubernetes/objects.ts';
import { FIELD_MANAGER } from './first-contact.ts';

/** The entry of a list that a key of `fieldsV1` names; an entry matches where it omits keys with defaults. */
function entryNamed(list: readonly unknown[], key: string): unknown {
  const named: unknown = JSON.parse(key);
  if (!isRecord(named)) return undefined;
  return list.find(
    (entry) => isRecord(entry) && Object.entries(named).every(([name, value]) => (entry[name] ?? value) === value),
  );
}

/** The value at a step of `fieldsV1`: a field (`f:`), an entry by its key (`k:`) or by its value (`v:`). */
function step(value: unknown, name: string): unknown {
  const [sort, key] = [name.slice(0, 2), name.slice(2)];
  if (sort === 'f:') return isRecord(value) ? value[key] : undefined;
  if (!Array.isArray(value)) return undefined;
  if (sort === 'k:') return entryNamed(value, key);
  return sort === 'v:' ? value.find((entry) => JSON.stringify(entry) === key) : value;
}

/** Whether a value contains all fields of a tree in the form of `fieldsV1`. */
function holds(value: unknown, fields: unknown): boolean {
  if (!isRecord(fields)) return true;
  return Object.entries(fields).every(([name, below]) => {
    if (name === '.') return true;
    const found = step(value, name);
    return found !== undefined && holds(found, below);
  });
}

/**
 * Whether the controller owns only wanted fields of an object: an earlier version of the Database, or of Ballast, may have applied a
 * label or a file that only another apply removes. The API server lists the fields as metav1.FieldsV1.
 */
export function ownsOnly({ managedFields = [] }: ObjectMeta, wanted: object): boolean {
  return managedFields
    .filter(({ manager, operation }) => manager === FIELD_MANAGER && operation !== 'Update')
    .every(({ fieldsV1 }) => holds(wanted, fieldsV1));
}
