import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A schedule; when Kubernetes takes it, also a moment and up to three fires after it. */
export type CronVerdict = readonly [text: string, after?: string, next?: readonly string[]];

/** A quantity; when Kubernetes takes it, also its canonical text and its exact value as a decimal number. */
export type QuantityVerdict = readonly [text: string, canonical?: string, exact?: string];

/** Kubernetes' verdicts as write-verdicts.ts wrote them. */
export interface Verdicts {
  readonly cron: readonly CronVerdict[];
  readonly quantity: readonly QuantityVerdict[];
  readonly timeZone: readonly (readonly [text: string, ok: boolean])[];
  readonly timeZoneNames: readonly (readonly [name: string])[];
}

/** Reads verdicts.json. */
export function readVerdicts(): Verdicts {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'verdicts.json'), 'utf8')) as Verdicts;
}
