import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { answersText, modulesText, startsText } from './parameters/answers.ts';
import { patroniKeeps } from './parameters/patroni.ts';
import type { Question } from './parameters/patroni.ts';
import { clean, describe, namesForPatroni, prepare, hasTimeZone, readServer } from './parameters/server.ts';
import type { Server } from './parameters/server.ts';
import { completed, lineOf, mergeLines, questionsOf, rowOf } from './parameters/table.ts';
import type { Row } from './parameters/table.ts';
import { TIME_ZONE_NAMES } from '../database/values/time-zone-names.ts';

const TABLE = join(import.meta.dirname, '../policies/parameters/postgresql-table.ts');
const ANSWERS = join(import.meta.dirname, '../test/policies/parameters');

interface Asked {
  readonly rows: readonly Row[];
  readonly names: readonly string[];
}

function ask(server: Server): Asked {
  const rows = describe(server).map((setting) => rowOf(server, setting));
  return { rows, names: namesForPatroni(server) };
}

function keepsByQuestion(python: string, asked: ReadonlyMap<string, Asked>): (question: Question) => boolean {
  const questions = [...asked].flatMap(([major, { rows }]) =>
    rows.flatMap(({ setting, values }) => questionsOf(major, setting, values)),
  );
  const available = Object.fromEntries([...asked].map(([major, { names }]) => [major, names]));
  const answers = patroniKeeps(python, available, questions);
  const known = new Map(questions.map((question, index) => [JSON.stringify(question), answers[index] ?? false]));
  return (question) => known.get(JSON.stringify(question)) ?? false;
}

/** Time zones of the IANA database that one of the roots lacks: Debian packages old names separately. */
function missingZones(servers: readonly Server[]): string[] {
  const names = TIME_ZONE_NAMES.trim().split(/\s+/);
  return names.filter((name) => !servers.every((server) => hasTimeZone(server, name)));
}

function linesOf(major: string, rows: readonly Row[], keeps: (question: Question) => boolean): Map<string, string> {
  return new Map(
    rows.map((row) => {
      const { name } = row.setting;
      return [name, lineOf(row, (value) => keeps([Number(major), name, value]))];
    }),
  );
}

function tableText(servers: readonly Server[], asked: ReadonlyMap<string, Asked>, python: string): string {
  const keeps = keepsByQuestion(python, asked);
  const lines = new Map([...asked].map(([major, { rows }]) => [major, linesOf(major, rows, keeps)]));
  const [of14, of15] = [lines.get('14'), lines.get('15')];
  if (of14 && of15) lines.set('14', completed(of14, of15));
  return `// Written by \`npm run parameters\` from the servers' own description (pg_settings) and Patroni's validators. Do not edit.

/**
 * Every setting of every major, one a line: name, majors, type, context, and limits with a unit, or values. \`never\`: no
 * configuration file may hold it. \`dropped\`: Patroni does not hand it to the server. See docs/decisions/0024-parameters.md.
 */
export const POSTGRESQL_SETTINGS = \`
${mergeLines(lines).join('\n')}
\`;

/** Names of time zones that Kubernetes knows and the image does not: Debian 13 keeps them in the package tzdata-legacy. */
export const MISSING_TIME_ZONES = \`
${missingZones(servers).join('\n')}
\`;
`;
}

interface Options {
  readonly python: string;
  readonly only?: string;
}

/** Writes the table first, because the values to ask about follow from it. */
function write(texts: readonly string[], { python, only }: Options): void {
  const servers = texts.map(readServer);
  for (const server of servers) prepare(server);
  if (only === undefined || only === 'table') {
    const asked = new Map(servers.map((server) => [server.major, ask(server)]));
    writeFileSync(TABLE, tableText(servers, asked, python));
  }
  if (only === undefined || only === 'answers')
    writeFileSync(join(ANSWERS, 'answers.tsv'), answersText(servers, python));
  if (only === undefined || only === 'starts') writeFileSync(join(ANSWERS, 'starts.tsv'), startsText(servers));
  if (only === undefined || only === 'modules') writeFileSync(join(ANSWERS, 'modules.tsv'), modulesText(servers));
  for (const server of servers) clean(server);
}

new Command('parameters')
  .description('Writes the settings of PostgreSQL and the answers of servers; see docs/decisions/0024-parameters.md')
  .requiredOption('--python <program>', 'a Python with the packages patroni==4.1.5 and psycopg2')
  .option(
    '--only <file>',
    'table, answers, starts or modules; after a change of the table, the answers need a run of their own',
  )
  .argument('<servers...>', 'MAJOR=ROOT:PROGRAMS, for example 17=/srv/debian13:/usr/lib/postgresql/17/bin')
  .action(write)
  .parse();
