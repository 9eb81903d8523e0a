import { ENGINES } from '../../database/engines/index.ts';
import { COMMON, archiveCommand } from '../../generator/postgresql/settings.ts';
import { LIBRARY_PARAMETERS } from '../../policies/parameters.ts';
import { cel, text } from './cel.ts';
import type { Validation } from './policy.ts';

/** Settings that every member has, or had under earlier versions; a member writes them back with the rest. */
const SETTINGS_OF_EVERY_MEMBER: ReadonlySet<string> = new Set([
  ...Object.keys(COMMON),
  ...['archive_command', 'archive_mode', 'archive_timeout'],
]);

/**
 * Settings that run or load code, open files, or name their place: those of parameters-owned, without those that every member must have.
 */
const FORBIDDEN_SETTINGS = [...ENGINES.postgresql.parameters.owned]
  .filter((name) => !SETTINGS_OF_EVERY_MEMBER.has(name))
  .sort();

const DATABASE = '{database}';
/** The archive_command of a Database, now and in version 0.1, as parts of the text of the configuration: CEL expressions. */
const ARCHIVE_COMMANDS = [
  archiveCommand(DATABASE),
  `pgbackrest --config=/etc/ballast/pgbackrest.conf --stanza=${DATABASE} archive-push %p`,
].map((command) => `"archive_command":"${command}"`.split(DATABASE).map(text).join(' + variables.database + '));

const WIDTH = 110;

/** Names in the text of a JSON object, as a list of several lines. */
function keys(settings: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const key of settings.map((name) => `${text(`"${name}":`)},`)) {
    if (line !== '' && line.length + key.length >= WIDTH) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? key : ` ${key}`;
  }
  return `[${[...lines, line].join('\n').slice(0, -1)}]`;
}

/**
 * Patterns for the parts of the dynamic configuration: RE2, in raw CEL strings. They match its text, because CEL cannot parse JSON;
 * Patroni writes it without blanks.
 */
export const CONFIGURATION_VARIABLES: Readonly<Record<string, string>> = {
  // The dynamic configuration as Patroni writes it, when it has changed.
  config: cel`
    'config' in variables.notes &&
    !('config' in variables.hadNotes && variables.hadNotes['config'] == variables.notes['config'])
    ? variables.notes['config'] : '{}'
  `,
  // Names contain no escape sequences, so that each name stands there literally.
  value: String.raw`r'(?:"(?:[^"\\]|\\u[0-9a-f]{4})*"|[A-Za-z0-9.+-]+)'`,
  postgresql: cel`
    r'"postgresql":\{(?:(?:"(?:use_pg_rewind|use_slots|remove_data_directory_on_rewind_failure)":[a-z]+|' +
    r'"remove_data_directory_on_diverged_timelines":false|"basebackup":\{"checkpoint":"(?:fast|spread)"\}|' +
    r'"parameters":\{(?:"[A-Za-z0-9_.]+":' + variables.value + r',?)*\}),?)*\}'
  `,
  slots: String.raw`r'"slots":\{(?:"[a-z0-9_]+":\{(?:"[a-z_]+":"[A-Za-z0-9_]*",?)*\},?)*\}'`,
  names: String.raw`variables.config.findAll(r'"[A-Za-z0-9_.]+":').map(name, name.lowerAscii())`,
};

/** The other members act on the dynamic configuration: it must not make them run a program. */
export const CONFIGURATION_VALIDATIONS: readonly Validation[] = [
  {
    expression: cel`
      variables.config.matches(
      r'^\{(?:(?:"[a-z_]+":' + variables.value + '|' + variables.slots + '|' + variables.postgresql + r'),?)*\}$')
    `,
    message:
      'a member may write a dynamic configuration with settings only, and no section that holds programs or access',
  },
  {
    expression: cel`
      variables.names.all(name, !(name in
      ${keys(FORBIDDEN_SETTINGS)}))
    `,
    message: 'a member may not write settings that Ballast owns',
  },
  {
    expression: cel`
      variables.config.findAll(r'"(?i:archive_command)":[^,}]*').all(one, one in
      [${ARCHIVE_COMMANDS.join(', ')}])
    `,
    message: 'a member may write no archive_command but that of its Database',
  },
  {
    expression: cel`
      variables.config.findAll(r'"(?i:${LIBRARY_PARAMETERS.join('|')})":(?:"[^"]*"|[^",}]*)').all(one,
      one.matches(r'^"[A-Za-z_]+":"?(?:[A-Za-z0-9_., -]|\$libdir/(?:plugins/)?|\$libdir"?$|\$system"?$)*"?$'))
    `,
    message: 'a member may name installed libraries only',
  },
];
