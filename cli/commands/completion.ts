import type { Command } from 'commander';
import { editorSchemas } from '../../database/schema/editor.ts';
import { ALL_RULES } from '../../policies/rules/index.ts';
import { programWords } from '../completion/command-words.ts';
import type { Shell } from '../completion/shells.ts';
import { COMPLETIONS } from '../completion/shells.ts';

/** Prints the completion script of the program for a shell. */
export function completion(program: Command, shell: Shell): number {
  const values = { explain: ALL_RULES.map(({ id }) => id), schema: [...editorSchemas().keys()] };
  process.stdout.write(COMPLETIONS[shell](programWords(program, values)));
  return 0;
}
