import { bashCompletion, zshCompletion } from './bash.ts';
import type { ProgramWords } from './command-words.ts';
import { fishCompletion } from './fish.ts';

/** A shell that has a completion. */
export type Shell = 'bash' | 'zsh' | 'fish';

/** The completion script of a program, for each shell. */
export const COMPLETIONS: Readonly<Record<Shell, (program: ProgramWords) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** Their names. */
export const SHELLS = Object.keys(COMPLETIONS) as readonly Shell[];
