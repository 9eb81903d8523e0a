import { ENGINES } from '../../database/engines/index.ts';
import { settingsOf } from '../../policies/parameters/postgresql-settings.ts';
import { patroniKeeps } from './patroni.ts';
import type { Question } from './patroni.ts';
import { NAMES, TOGETHER } from './cases.ts';
import { samplesOf } from './samples.ts';
import { moduleTakes, namesForPatroni, starts, takes } from './server.ts';
import type { Server } from './server.ts';
import { isOfBuild } from './table.ts';

const MAJORS = ENGINES.postgresql.series.map(({ series }) => series);

/** All pairs of a name and a value, each once, in the order of the file. */
function pairs(): (readonly [name: string, value: string])[] {
  const found = new Map<string, readonly [string, string]>();
  for (const major of MAJORS) {
    for (const setting of settingsOf(major).filter(({ name }) => !name.includes('.'))) {
      // Each answer loads a module, which takes twenty times as long: a third of the values must suffice.
      for (const value of samplesOf(setting).filter((_, index) => index % 3 === 0))
        found.set(`${setting.name}\t${value}`, [setting.name, value]);
    }
  }
  const sorted = [...found.keys()].sort().flatMap((key) => [found.get(key) ?? (['', ''] as const)]);
  return [...sorted, ...NAMES];
}

/**
 * The server's answer. PostgreSQL 15 and newer read wal_consistency_checking when their modules are loaded, and compute
 * shared_memory_size after that; 14 offers no way to ask for either.
 */
function serverAnswer(server: Server, name: string, value: string): string {
  if (isOfBuild(server.major, name, value)) return '.';
  const isLate = name === 'wal_consistency_checking';
  if (isLate && server.major === '14') return '.';
  return takes(server, [[name, value]], isLate ? 'shared_memory_size' : undefined) ? '+' : '-';
}

const HEADER = `# What real servers and Patroni say about settings; written by \`npm run parameters\`. Columns: name, value, the answers of
# PostgreSQL 14 to 18 to a configuration file with that line (+ taken, - refused, . not asked), and for the same majors what
# Patroni does with it (+ handed to the server as it is, - dropped or replaced).
`;

/** Asks all servers and Patroni about every pair; returns the text of the file of answers. */
export function answersText(servers: readonly Server[], python: string): string {
  const asked = pairs();
  const ofServers = servers.map((server) => asked.map(([name, value]) => serverAnswer(server, name, value)));
  const available = Object.fromEntries(servers.map((server) => [server.major, namesForPatroni(server)]));
  const questions = servers.flatMap(({ major }) => asked.map((pair): Question => [Number(major), ...pair]));
  const kept = patroniKeeps(python, available, questions);
  const lines = asked.map(([name, value], index) => {
    const server = ofServers.map((answers) => answers[index] ?? '.').join('');
    const patroni = servers.map((_, at) => (kept[at * asked.length + index] ? '+' : '-')).join('');
    return `${name}\t${value}\t${server}\t${patroni}\n`;
  });
  return HEADER + lines.join('');
}

/** PostgreSQL 14 ignores these in a single session, and newer versions check them when they compute memory. */
const LATE = /^(?:superuser_reserved_connections|shared_preload_libraries)$/;

function startAnswer(server: Server, settings: Readonly<Record<string, string>>): string {
  const entries = Object.entries(settings);
  const isOld = server.major === '14';
  if (isOld && entries.some(([name]) => LATE.test(name))) return '.';
  const isRight = starts(server, entries) && (isOld || takes(server, entries, 'shared_memory_size'));
  return isRight ? '+' : '-';
}

const STARTS_HEADER = `# Whether real servers start with settings together; written by \`npm run parameters\`. Columns: the settings as JSON, and
# the answers of PostgreSQL 14 to 18 (+ starts, - does not, . not asked).
`;

/** Starts every server with each set of settings; returns the text of the file of answers. */
export function startsText(servers: readonly Server[]): string {
  const lines = TOGETHER.map((settings) => {
    const answers = servers.map((server) => startAnswer(server, settings));
    return `${JSON.stringify(settings)}\t${answers.join('')}\n`;
  });
  return STARTS_HEADER + lines.join('');
}

/** Modules that only serve archives and backups, which Ballast manages. */
const OF_ARCHIVE = /^(?:basic_archive|basebackup_to_shell)[.]/;

function modulePairs(): (readonly [name: string, value: string])[] {
  const found = new Map<string, readonly [string, string]>();
  for (const setting of MAJORS.flatMap(settingsOf).filter(({ name }) => name.includes('.') && !OF_ARCHIVE.test(name))) {
    const name = setting.name;
    // Each answer loads a module, which takes twenty times as long: a third of the values must suffice.
    for (const value of samplesOf(setting).filter((_, index) => index % 3 === 0))
      found.set(`${name}\t${value}`, [name, value]);
    found.set(`${name}s`, [`${name}s`, 'on']);
  }
  return [...found.keys()].sort().flatMap((key) => [found.get(key) ?? (['', ''] as const)]);
}

const MODULES_HEADER = `# What the modules of real servers say about their settings; written by \`npm run parameters\`. Columns: name, value, the
# answers of PostgreSQL 14 to 18 with the module loaded (+ taken, - left out with a warning, . not asked).
`;

/** Asks the modules of all servers except 14 about their settings; returns the text of the file of answers. */
export function modulesText(servers: readonly Server[]): string {
  const lines = modulePairs().map(([name, value]) => {
    const module = name.slice(0, name.indexOf('.'));
    const answers = servers.map((server) => {
      const has = settingsOf(server.major).some((setting) => setting.name.startsWith(`${module}.`));
      if (server.major === '14' || !has) return '.';
      return moduleTakes(server, name, value) ? '+' : '-';
    });
    return `${name}\t${value}\t${answers.join('')}\n`;
  });
  return MODULES_HEADER + lines.join('');
}
