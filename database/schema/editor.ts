import { API_VERSION, GROUP } from './common.ts';
import type { JsonSchema, Notes } from './derive.ts';
import { objectSchema, toJsonSchema } from './derive.ts';
import { KINDS } from './kinds.ts';
import type { ValueType } from './schema.ts';
import { settingsSchema } from './settings.ts';

const DRAFT = 'http://json-schema.org/draft-07/schema#';

/** Example values by type, for the completion of editors. */
export const EXAMPLES: Readonly<Partial<Record<ValueType, readonly unknown[]>>> = {
  destination: [{ s3: { bucket: 'acme-backups', region: 'eu-central-1' } }],
  amount: ['500m', '2Gi'],
  'volume-size': ['20Gi'],
  schedule: ['0 2 * * *', '@daily'],
  'time-zone': ['Europe/Berlin', 'Etc/UTC'],
  retention: ['7d', { days: 14, count: 5 }],
  days: ['7d'],
  'target-time': ['2026-11-28T09:59:00Z'],
  'target-lsn': ['0/3000148'],
  query: ['SELECT count(*) > 0 FROM orders'],
  'address-range': ['10.0.0.0/8'],
};

const informing: Notes = ({ default: value, holds }) => {
  const examples = holds && EXAMPLES[holds];
  return { ...(value !== undefined && { default: value }), ...(examples && { examples }) };
};

/** The schema of all kinds: it says nothing about an object of another group. */
function allKinds(): JsonSchema {
  const ours = { apiVersion: { type: 'string', pattern: `^${GROUP.replaceAll('.', '[.]')}/` } };
  const kinds = KINDS.map(({ kind }) => kind);
  const ofKind = (kind: string): JsonSchema => ({
    if: { type: 'object', required: ['kind', 'apiVersion'], properties: { ...ours, kind: { const: kind } } },
    then: { $ref: `#/definitions/${kind}` },
  });
  const known = { required: ['kind'], properties: { apiVersion: { const: API_VERSION }, kind: { enum: kinds } } };
  return {
    $schema: DRAFT,
    title: 'Objects of Ballast',
    allOf: [{ if: { type: 'object', required: ['apiVersion'], properties: ours }, then: known }, ...kinds.map(ofKind)],
    definitions: Object.fromEntries(KINDS.map((kind) => [kind.kind, objectSchema(kind, informing)])),
  };
}

/** The JSON Schemas for editors by the name of their file without its ending: all kinds together, each kind, and the settings. */
export function editorSchemas(): ReadonlyMap<string, JsonSchema> {
  const settings = { $schema: DRAFT, title: 'ballast.yaml', ...toJsonSchema(settingsSchema, informing) };
  return new Map([
    ['ballast', allKinds()],
    ...KINDS.map((kind): [string, JsonSchema] => [kind.singular, { $schema: DRAFT, ...objectSchema(kind, informing) }]),
    ['settings', settings],
  ]);
}

/** A schema as the text of its file. */
export const schemaText = (schema: JsonSchema): string => `${JSON.stringify(schema, null, 2)}\n`;
