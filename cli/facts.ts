import type { FactsReview } from '../review/facts.ts';
import { reviewFacts } from '../review/facts.ts';
import { UsageError } from './errors.ts';
import { namedInput } from './named-file.ts';
import { textIn } from './sources/read.ts';

/** Reads the file of `--facts`; without one there are none. */
export function loadFacts(
  { facts, against }: { readonly facts?: string; readonly against?: string },
  now: Date,
): FactsReview {
  if (facts === undefined) return { findings: [] };
  if (against === undefined) throw new UsageError('--facts needs --against: facts are about what a change may not do');
  const { name, bytes } = namedInput(facts);
  return reviewFacts(name, textIn(name, bytes), now);
}
