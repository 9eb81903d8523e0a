import { API_VERSION, stringMap, text } from './common.ts';
import type { Kind, Schema } from './schema.ts';

/** A JSON Schema (draft 7) for ajv and json-schema-to-typescript. */
export type JsonSchema = Readonly<Record<string, unknown>>;

const OWN_WORDS = new Set([
  'holds',
  'shortForm',
  'x-kubernetes-int-or-string',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'default',
  'properties',
  'items',
]);

function keywords(schema: Schema): Record<string, unknown> {
  return Object.fromEntries(Object.entries(schema).filter(([word]) => !OWN_WORDS.has(word)));
}

function mapProperties<T>(schema: Schema, change: (child: Schema) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, child]) => [name, change(child)]));
}

/** Larger integers lose digits in every program that uses floating point, this one included. */
const SAFE_INTEGER = { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };

/** Keywords about a field that only inform a reader, such as its default. */
export type Notes = (schema: Schema) => Readonly<Record<string, unknown>>;

const NO_NOTES: Notes = () => ({});

/**
 * The schema as plain JSON Schema: objects are closed, so that an unknown field is an error, and a field with a short form accepts either
 * form. The notes of each field are added to its keywords.
 */
export function toJsonSchema(schema: Schema, notes: Notes = NO_NOTES): JsonSchema {
  const derive = (child: Schema): JsonSchema => toJsonSchema(child, notes);
  const { description } = schema;
  if (schema['x-kubernetes-int-or-string']) {
    const { maxLength } = schema;
    const text = { type: 'string', ...(maxLength && { maxLength }) };
    return { description, anyOf: [SAFE_INTEGER, text], ...notes(schema) };
  }
  const { shortForm, ...long } = schema;
  if (shortForm) {
    const short = { ...derive(shortForm), description: undefined };
    return { description, if: { type: 'object' }, then: derive(long), else: short, ...notes(schema) };
  }
  const result = { ...keywords(schema), ...notes(schema) };
  if (schema.items) result['items'] = derive(schema.items);
  if (schema.additionalProperties) result['additionalProperties'] = derive(schema.additionalProperties);
  if (schema.properties) {
    result['properties'] = mapProperties(schema, derive);
    result['additionalProperties'] = false;
  }
  return result;
}

/** The schema as a Kubernetes structural schema for a CustomResourceDefinition. */
export function toStructuralSchema(schema: Schema): JsonSchema {
  const { shortForm, type, ...words } = schema;
  const rest = Object.fromEntries(Object.entries(words).filter(([word]) => word !== 'holds'));
  const result: Record<string, unknown> = { ...rest };
  // A field with two forms has no type in the API server; the rules of policies/ check it there.
  if (shortForm) result['x-kubernetes-preserve-unknown-fields'] = true;
  else if (type) result['type'] = type;
  if (schema.items) result['items'] = toStructuralSchema(schema.items);
  if (schema.additionalProperties) result['additionalProperties'] = toStructuralSchema(schema.additionalProperties);
  if (schema.properties) result['properties'] = mapProperties(schema, toStructuralSchema);
  return result;
}

const anything = (type: 'string' | 'integer' | 'array'): JsonSchema => ({ type });

/** `metadata` as the API server writes and reads it; a rule checks the name itself. */
const metadata: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  description: 'Name, namespace, labels and annotations of the object.',
  properties: {
    name: text('Name of the object, unique in its namespace.', 253),
    generateName: text('Prefix of a name that the API server completes.', 253),
    namespace: text('Namespace of the object; that of --namespace, else default, when absent.', 63),
    labels: toJsonSchema(stringMap('Labels of the object.', 256, 63)),
    annotations: toJsonSchema(stringMap('Annotations of the object.', 512, 262_144)),
    uid: anything('string'),
    resourceVersion: anything('string'),
    generation: anything('integer'),
    creationTimestamp: anything('string'),
    deletionTimestamp: anything('string'),
    deletionGracePeriodSeconds: anything('integer'),
    finalizers: { type: 'array', maxItems: 256, items: anything('string') },
    ownerReferences: { type: 'array', maxItems: 256, items: { type: 'object' } },
    managedFields: { type: 'array', maxItems: 256, items: { type: 'object' } },
    selfLink: anything('string'),
  },
};

/** The JSON Schema of a whole object of the kind. `status` is the controller's and is not checked. */
export function objectSchema({ kind, description, spec }: Kind, notes?: Notes): JsonSchema {
  return {
    title: kind,
    description,
    type: 'object',
    additionalProperties: false,
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    properties: {
      apiVersion: { const: API_VERSION },
      kind: { const: kind },
      metadata,
      spec: toJsonSchema(spec, notes),
      status: { type: 'object' },
    },
  };
}
