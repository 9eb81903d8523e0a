/*
 * Writes verdicts.json, Kubernetes' own answers to fixed inputs, so that tests need no Go, and
 * database/values/time-zone-names.ts. See README.md.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MOMENTS, chance, fuzzQuantity, fuzzSchedule, fuzzTimeZone } from './fuzz.ts';
import type { Chance } from './fuzz.ts';
import { startOracle } from './oracle.ts';
import type { Oracle } from './oracle.ts';
import { QUANTITIES, SCHEDULES, TIME_ZONES } from './samples.ts';

const SEED = 20_260_111;

/** The samples first, then fuzzed texts up to a number, none twice. */
function inputs(samples: readonly string[], count: number, fuzz: (random: Chance) => string): string[] {
  const random = chance(SEED);
  const texts = new Set(samples);
  while (texts.size < count) texts.add(fuzz(random));
  return [...texts];
}

async function cronEntry(oracle: Oracle, value: string, index: number): Promise<unknown[]> {
  const after = MOMENTS[index % MOMENTS.length]!;
  const { ok, next } = await oracle.ask({ ask: 'cron', value, after });
  return ok ? [value, after, next ?? []] : [value];
}

async function quantityEntry(oracle: Oracle, value: string): Promise<unknown[]> {
  const { ok, canonical, exact } = await oracle.ask({ ask: 'quantity', value });
  return ok ? [value, canonical, exact] : [value];
}

async function timeZoneEntry(oracle: Oracle, value: string): Promise<unknown[]> {
  const { ok } = await oracle.ask({ ask: 'timezone', value });
  return [value, ok];
}

function section(name: string, entries: unknown[][]): string {
  return `${JSON.stringify(name)}: [\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]`;
}

/** The names as one string in lines of a readable length. */
function timeZoneNames(names: readonly string[]): string {
  const lines = [''];
  for (const name of names) {
    const line = lines.at(-1)!;
    if (line === '') lines[lines.length - 1] = name;
    else if (line.length + name.length < 110) lines[lines.length - 1] = `${line} ${name}`;
    else lines.push(name);
  }
  return [
    "/** The names in Go's embedded time zone database, which the API server reads; `node test/oracle/write-verdicts.ts` writes them. */",
    'export const TIME_ZONE_NAMES = `',
    ...lines,
    '`;\n',
  ].join('\n');
}

const started = await startOracle();
if (!started.ok) throw new Error(started.reason);
const { oracle } = started;
const { names = [] } = await oracle.ask({ ask: 'timezones' });
const schedules = inputs(SCHEDULES, 2500, fuzzSchedule);
const quantities = inputs(QUANTITIES, 2000, fuzzQuantity);
const zones = inputs(TIME_ZONES, 300, (random) => fuzzTimeZone(random, names));
const sections = [
  section('cron', await Promise.all(schedules.map((text, index) => cronEntry(oracle, text, index)))),
  section('quantity', await Promise.all(quantities.map((text) => quantityEntry(oracle, text)))),
  section('timeZone', await Promise.all(zones.map((text) => timeZoneEntry(oracle, text)))),
  section(
    'timeZoneNames',
    names.map((name) => [name]),
  ),
];
await oracle.stop();
await writeFile(join(import.meta.dirname, 'verdicts.json'), `{\n${sections.join(',\n')}\n}\n`);
const source = join(import.meta.dirname, '../../database/values/time-zone-names.ts');
await writeFile(source, timeZoneNames(names));
