import type { CommandWords, OptionWords, ProgramWords } from './command-words.ts';

const quoted = (words: readonly string[]): string => `'${words.join(' ').replaceAll("'", "'\\''")}'`;

function valueCases(command: CommandWords): string[] {
  const patterns = ({ names }: OptionWords): string => names.map((name) => `'${command.name} ${name}'`).join(' | ');
  return command.options
    .filter(({ takesValue }) => takesValue)
    .map((option) => `    ${patterns(option)}) words=${quoted(option.values)} ;;`);
}

function wordCase({ name, options, values }: CommandWords): string {
  const flags = options.flatMap(({ names }) => names);
  return `      ${name}) if [[ $current == -* ]]; then words=${quoted(flags)}; else words=${quoted(values)}; fi ;;`;
}

/** The completion for bash. It fills in files where no words are known. */
export function bashCompletion({ name, commands }: ProgramWords): string {
  const names = commands.map((command) => command.name);
  return `# Completion of ${name}: source <(${name} completion bash)
_${name.replaceAll('-', '_')}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="" words="" index
  for ((index = 1; index < COMP_CWORD; index++)); do
    if [[ \${COMP_WORDS[index]} != -* ]]; then command="\${COMP_WORDS[index]}"; break; fi
  done
  case "$command $previous" in
${commands.flatMap(valueCases).join('\n')}
    *)
      case "$command" in
      '') words=${quoted(names)} ;;
${commands.map(wordCase).join('\n')}
      esac
      ;;
  esac
  COMPREPLY=()
  if [[ -n $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}
complete -o bashdefault -o default -F _${name.replaceAll('-', '_')} ${name}
`;
}

/** The completion for zsh, which takes that of bash. */
export function zshCompletion(program: ProgramWords): string {
  const [first = '', ...rest] = bashCompletion(program).split('\n');
  const load = [
    '(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }',
    'autoload -Uz bashcompinit && bashcompinit',
  ];
  return [first.replace('completion bash', 'completion zsh'), ...load, ...rest].join('\n');
}
