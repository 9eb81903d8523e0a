import { checkSync } from 'recheck';
import type { Pattern } from './find-patterns.ts';

// The checker's JavaScript implementation: it needs no Java and no native program.
process.env['RECHECK_SYNC_BACKEND'] = 'pure';

const TIMEOUT_MS = 60_000;
/** Makes the checker search in the same order every time. */
const SEED = 11;

/** The verdict on a pattern's run time: proven linear, no attack found, or the reason to refuse it. */
export interface Verdict {
  readonly linear: boolean;
  readonly how: string;
}

/** Judges whether a pattern's run time is linear in the length of any text. */
export function judgePattern({ source, flags }: Pick<Pattern, 'source' | 'flags'>): Verdict {
  const result = checkSync(source, flags, { timeout: TIMEOUT_MS, randomSeed: SEED });
  if (result.status === 'safe') {
    return { linear: true, how: result.checker === 'automaton' ? 'proven' : 'tried' };
  }
  if (result.status === 'unknown') return { linear: false, how: `no verdict (${result.error.kind})` };
  return { linear: false, how: `${result.complexity.summary}, for example on ${result.attack.pattern}` };
}
