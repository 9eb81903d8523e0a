import { compile } from 'json-schema-to-typescript';
import { databaseKind } from '../database/schema/database.ts';
import { backupKind, restoreKind } from '../database/schema/operations.ts';
import { objectSchema } from '../database/schema/derive.ts';
import type { Schema } from '../database/schema/schema.ts';
import { KINDS } from '../database/schema/kinds.ts';
import { factsSchema } from '../database/schema/facts.ts';
import { settingsSchema } from '../database/schema/settings.ts';
import { toJsonSchema } from '../database/schema/derive.ts';

const BANNER = '// Written by `npm run generated` from database/schema/. Do not edit.\n';

/** `if/then/else` adds nothing to a type; `anyOf` of the two forms does. */
function formsToAnyOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(formsToAnyOf);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { if: condition, then: long, else: short, ...rest } = schema as Record<string, unknown>;
  const mapped = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, formsToAnyOf(value)]));
  return condition ? { ...mapped, anyOf: [formsToAnyOf(short), formsToAnyOf(long)] } : mapped;
}

/** Makes fields with a default required, as they are in every object that was parsed: code that reads one need not repeat the default. */
function filled(schema: Schema): Schema {
  const { properties, items, additionalProperties, required = [] } = schema;
  const children = Object.entries(properties ?? {});
  const defaulted = children.flatMap(([name, child]) => (child.default === undefined ? [] : [name]));
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(children.map(([name, child]) => [name, filled(child)])),
      required: [...new Set([...required, ...defaulted])],
    }),
    ...(items && { items: filled(items) }),
    ...(additionalProperties && { additionalProperties: filled(additionalProperties) }),
  };
}

/** The TypeScript types of all kinds and of the settings, as the text of one file. */
export async function typesText(): Promise<string> {
  const schemas = [
    ...KINDS.map((kind) => ({ name: kind.kind, schema: objectSchema({ ...kind, spec: filled(kind.spec) }) })),
    { name: 'DatabaseStatus', schema: toJsonSchema(databaseKind.status) },
    { name: 'DatabaseBackupStatus', schema: toJsonSchema(backupKind.status) },
    { name: 'DatabaseRestoreStatus', schema: toJsonSchema(restoreKind.status) },
    { name: 'Facts', schema: toJsonSchema(factsSchema) },
    { name: 'Settings', schema: toJsonSchema(filled(settingsSchema)) },
  ];
  const texts = await Promise.all(
    schemas.map(({ name, schema }) =>
      compile(formsToAnyOf(schema) as object, name, {
        bannerComment: '',
        additionalProperties: false,
        ignoreMinAndMaxItems: true,
        format: false,
      }),
    ),
  );
  return BANNER + texts.join('\n');
}
