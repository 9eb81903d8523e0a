import { objectSchema, toJsonSchema } from './derive.ts';
import { factsSchema } from './facts.ts';
import { KINDS } from './kinds.ts';
import { settingsSchema } from './settings.ts';

/** The JSON Schemas by name: every kind, `Settings` and `Facts`. The build turns them into plain functions ahead of time. */
export const SCHEMAS: Readonly<Record<string, object>> = {
  ...Object.fromEntries(KINDS.map((kind) => [kind.kind, objectSchema(kind)])),
  Settings: toJsonSchema(settingsSchema),
  Facts: toJsonSchema(factsSchema),
};
