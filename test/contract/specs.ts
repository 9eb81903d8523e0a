import fc from 'fast-check';
import type { Schema } from '../../database/schema/schema.ts';
import { kindNamed } from '../../database/schema/kinds.ts';
import type { KindName } from '../../policies/rule.ts';
import type { Fields } from './objects.ts';

const NAMES = [
  'a',
  'orders',
  'billing',
  'orders-2',
  'default',
  'ballast-x',
  'Orders',
  'my.db',
  '1st',
  'orders-',
  'a'.repeat(40),
  'a'.repeat(41),
];
const TEXTS = ['', 'orders', 'billing', 'fast', 'Fast Disk', '2025-11-20T10:00:00Z', 's3://acme/orders', '@daily'];

const quantity = fc.oneof(
  fc.constantFrom(
    '1Gi',
    '10Gi',
    '20Gi',
    '20G',
    '1Ti',
    '1024Gi',
    '64Ti',
    '65Ti',
    '1.5Ti',
    '20GB',
    '20 Gi',
    '20K',
    '20m',
  ),
  fc.constantFrom('', '-1Gi', '1e9', '1E9', '1073741824', '1073741823', '.5Ti', '+2Gi', '0', '64Tii', '1Gi\n', ' 1Gi'),
  fc.constantFrom(1_073_741_824, 1_073_741_823, 10_737_418_240, 0, -1, 70_368_744_177_664, 70_368_744_177_665),
  fc
    .tuple(fc.integer({ min: 0, max: 70_000 }), fc.constantFrom('Ki', 'Mi', 'Gi', 'k', 'M', 'G'))
    .map((pair) => pair.join('')),
);

const version = fc.oneof(
  // Often enough two that differ by more than one step.
  fc.constantFrom<string | number>(14, 15, 16, 17, 18, '14.9', '18.1'),
  fc.constantFrom<string | number>(
    13,
    14,
    16,
    17,
    18,
    19,
    '16',
    '16.3',
    '16.10',
    '16.',
    '016',
    '16.03',
    '16.3.1',
    ' 16',
  ),
  fc.constantFrom<string | number>('8.4', '8.0', '8', 8, '8.0.4', '6.0', '5.7', 'latest', '', '16\n', '16.999999', -16),
);

function whole({ minimum = -2, maximum = 12 }: Schema): fc.Arbitrary<number> {
  return fc.integer({ min: minimum, max: Math.min(maximum, minimum + 15) });
}

function text({ minLength = 0, maxLength = 512 }: Schema): fc.Arbitrary<string> {
  return fc.constantFrom(...TEXTS.filter(({ length }) => length >= minLength && length <= maxLength));
}

function fieldsOf(schema: Schema): fc.Arbitrary<object> {
  const entries = Object.entries(schema.properties ?? {}).map(([name, child]) => [name, valueOf(child, name)] as const);
  return fc.record(Object.fromEntries(entries), { requiredKeys: [...(schema.required ?? [])] });
}

/** Values of a schema: most of them pass it, few of them pass every rule. */
function valueOf(schema: Schema, name = ''): fc.Arbitrary<unknown> {
  const { shortForm, ...long } = schema;
  if (shortForm) return fc.oneof(valueOf(shortForm), valueOf(long));
  if (schema['x-kubernetes-int-or-string']) return name === 'version' ? version : quantity;
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.items) return fc.array(valueOf(schema.items), { maxLength: 2 });
  if (schema.additionalProperties)
    return fc.dictionary(fc.constantFrom('a', 'b'), valueOf(schema.additionalProperties));
  if (schema.type === 'boolean') return fc.boolean();
  if (schema.type === 'integer') return whole(schema);
  return schema.type === 'string' ? text(schema) : fieldsOf(schema);
}

/** An object of the kind as written, and the same object before a change: some of its fields had other values. */
export function changes(kind: KindName): fc.Arbitrary<{ now: Fields; was: Fields }> {
  const schema = kindNamed(kind)?.spec ?? {};
  const spec = fieldsOf(schema);
  const fieldNames = Object.keys(schema.properties ?? {});
  // A step from one version to the next is rare where all else may change too.
  const changed = fc.oneof(
    fc.subarray(fieldNames),
    fc.constant(fieldNames.filter((name): boolean => name === 'version')),
  );
  const metadata = fc.record({ name: fc.constantFrom(...NAMES) });
  const status = fc.record(
    { largestVolume: quantity.map(String), largestClaim: quantity.map(String), volumesCanGrow: fc.boolean() },
    { requiredKeys: [] },
  );
  return fc.tuple(metadata, spec, spec, changed, status).map(([names, now, other, fields, seen]) => {
    const entry = (name: string): unknown => (fields.includes(name) ? other : now)[name as never];
    const names_ = [...new Set([...Object.keys(now), ...fields])];
    const was = names_.map((name): [string, unknown] => [name, entry(name)]).filter(([, value]) => value !== undefined);
    const stored = kind === 'Database' && { status: seen };
    return { now: { spec: now, metadata: names }, was: { spec: Object.fromEntries(was), metadata: names, ...stored } };
  });
}
