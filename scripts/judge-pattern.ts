import { checkSync } from 'recheck';
import type { Pattern } from './find-patterns.ts';

// The checker's own JavaScript: it needs no Java and no program for this machine.
process.env['RECHECK_SYNC_BACKEND'] = 'pure';

const TIMEOUT_MS = 60_000;
/** The checker looks at the same patterns in the same order every time. */
const SEED = 11;

/** What is known of the time that a pattern takes: proven linear, no attack found, or the reason to refuse it. */
export interface Verdict {
  readonly linear: boolean;
  readonly how: string;
}

/** Judges whether a pattern takes time in proportion to the text that it is held against, whatever that is. */
export function judgePattern({ source, flags }: Pick<Pattern, 'source' | 'flags'>): Verdict {
  const result = checkSync(source, flags, { timeout: TIMEOUT_MS, randomSeed: SEED });
  if (result.status === 'safe') {
    return { linear: true, how: result.checker === 'automaton' ? 'proven' : 'tried' };
  }
  if (result.status === 'unknown') return { linear: false, how: `no verdict (${result.error.kind})` };
  return { linear: false, how: `${result.complexity.summary}, for example on ${result.attack.pattern}` };
}
