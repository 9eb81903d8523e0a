import type { EngineFacts, EngineName } from './facts.ts';
import { mongodb } from './mongodb.ts';
import { mysql } from './mysql.ts';
import { postgresql } from './postgresql.ts';

export type { EngineFacts, EngineName } from './facts.ts';

/** The facts of each engine. */
export const ENGINES: Readonly<Record<EngineName, EngineFacts>> = { postgresql, mysql, mongodb };

/** The engines, in the order of the schema. */
export const ENGINE_NAMES = Object.keys(ENGINES) as readonly EngineName[];
