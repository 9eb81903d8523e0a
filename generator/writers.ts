/**
 * Writers for values in text that is neither YAML nor JSON. The program that reads the text gets back exactly the value; a value that the
 * format cannot hold throws, because a rule that let it through has a fault, and a fault must not become a line of a configuration.
 */

/** What ends a line for some reader, and what no configuration holds; the rule parameters-value refuses the same. */
// eslint-disable-next-line no-control-regex -- the characters that are refused
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;

function refused(what: string, value: string): Error {
  return new Error(`${what} cannot hold ${JSON.stringify(value)}: it came past the rules`);
}

const INI_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** A section of pgBackRest's configuration: names and values to the end of the line, without quotes or escapes. */
export function iniSection(title: string, entries: Readonly<Record<string, string>>): string {
  if (!INI_NAME.test(title)) throw refused('the title of a section', title);
  const lines = Object.entries(entries).map(([name, value]) => {
    if (!INI_NAME.test(name)) throw refused('the name of an option', name);
    if (CONTROL.test(value) || value.trim() !== value || value === '') throw refused(`the option ${name}`, value);
    return `${name}=${value}\n`;
  });
  return `[${title}]\n${lines.join('')}`;
}

const SETTING_NAME = /^[A-Za-z_][A-Za-z0-9_.]*$/;

/** One setting of postgresql.conf; quotes and backslashes in a value are doubled (guc-file.l). */
export function postgresqlSetting(name: string, value: string): string {
  if (!SETTING_NAME.test(name)) throw refused('the name of a setting', name);
  if (CONTROL.test(value)) throw refused(`the setting ${name}`, value);
  return `${name} = '${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'\n`;
}

/** One option of my.cnf, between quotes, with the escapes of an option file (dev.mysql.com, option-files). */
export function mysqlOption(name: string, value: string): string {
  if (!SETTING_NAME.test(name)) throw refused('the name of an option', name);
  if (CONTROL.test(value)) throw refused(`the option ${name}`, value);
  return `${name} = "${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"\n`;
}

/** A word without special meaning for a shell and for Python's shlex. */
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;
/** Characters that double quotes keep unchanged in both. */
const QUOTED = /^[A-Za-z0-9_@%+=:,./ -]*$/;
const OPTION = /^(--[a-z0-9-]+=)(.*)$/s;

function word(text: string): string {
  if (PLAIN.test(text)) return text;
  const [, option = '', value = text] = OPTION.exec(text) ?? [];
  return `${option}${QUOTED.test(value) ? `"${value}"` : `'${value.replaceAll("'", `'"'"'`)}'`}`;
}

/** A command as one line for programs that split it like a shell: Patroni, and PostgreSQL's shell. */
export function commandLine(words: readonly string[]): string {
  return words
    .map((text) => {
      if (CONTROL.test(text)) throw refused('a command', text);
      return word(text);
    })
    .join(' ');
}

/** An argument of a container: escapes `$(NAME)`, which Kubernetes would replace by a variable. */
export function argument(name: string, value: string): string {
  return `--${name}=${value.replaceAll('$', '$$$$')}`;
}

/** The matchers of a Prometheus query: labels that equal a text. */
export function matchers(labels: Readonly<Record<string, string>>): string {
  // JSON strings are valid in Prometheus (prometheus.io, querying/basics, string literals).
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(',');
}
