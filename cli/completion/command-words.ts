import type { Command } from 'commander';

/** An option of a command: its names, and the values that it takes. */
export interface OptionWords {
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** The allowed values; empty when any is. */
  readonly values: readonly string[];
}

/** A command with the words that may follow it. */
export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionWords[];
  /** The allowed first arguments; files are completed when there are none. */
  readonly values: readonly string[];
}

/** The words of a whole program. */
export interface ProgramWords {
  readonly name: string;
  readonly commands: readonly CommandWords[];
}

function optionsOf(command: Command): OptionWords[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ short, long, description, required, optional, argChoices }) => ({
      names: [long, short].flatMap((name) => name ?? []),
      description,
      takesValue: required || optional,
      values: argChoices ?? [],
    }));
}

/** The words of a program, read from its command tree; `values` has the first arguments of commands whose values the tree does not know. */
export function programWords(program: Command, values: Readonly<Record<string, readonly string[]>>): ProgramWords {
  const commands = program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({
      name: command.name(),
      description: command.description(),
      options: optionsOf(command),
      values: values[command.name()] ?? command.registeredArguments[0]?.argChoices ?? [],
    }));
  return { name: program.name(), commands };
}
