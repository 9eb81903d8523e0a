import type { CommandWords, OptionWords, ProgramWords } from './command-words.ts';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function optionLine(begin: string, { names, description, takesValue, values }: OptionWords): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
  const value = values.length > 0 ? ` -x -a ${quoted(values.join(' '))}` : takesValue ? ' -r' : '';
  return `${begin} ${flags}${value} -d ${quoted(description)}`;
}

function commandLines(program: string, { name, description, options, values }: CommandWords): string[] {
  const begin = `complete -c ${program} -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c ${program} -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
    ...(values.length > 0 ? [`${begin} -f -a ${quoted(values.join(' '))}`] : []),
    ...options.map((option) => optionLine(begin, option)),
  ];
}

/** The completion for fish. It fills in files where no words are known. */
export function fishCompletion({ name, commands }: ProgramWords): string {
  const lines = commands.flatMap((command) => commandLines(name, command));
  return `# Completion of ${name}: ${name} completion fish | source\n${lines.join('\n')}\n`;
}
