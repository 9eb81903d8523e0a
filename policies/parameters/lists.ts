import { quoteValue } from '../../database/finding.ts';
import { suggest } from '../../database/suggest.ts';

/** A problem of a value, with its remedy. */
export interface ValueProblem {
  readonly problem: string;
  readonly remedy: string;
}

/** Judges a value for a major version. */
export type Check = (value: string, major: number) => ValueProblem | undefined;

/** The items of a list as SplitIdentifierString reads them without quotes; undefined where it fails. */
export function items(value: string): string[] | undefined {
  if (value.trim() === '') return [];
  const found = value.split(',').map((item) => item.trim());
  return found.every((item) => item !== '' && !/\s/.test(item)) ? found : undefined;
}

const LIST: ValueProblem = {
  problem: 'must be a list of names with commas between them',
  remedy: 'write names with one comma between each two, and no spaces inside a name',
};

/** Checks a list of names. */
export const list: Check = (value) => (items(value) ? undefined : LIST);

/** Maximum number of words listed in a message. */
const MOST_TOLD = 8;

/** Checks a list of certain words, in any case. */
export function oneOf(words: readonly string[], form: string): Check {
  return (value) => {
    const found = items(value);
    if (!found) return LIST;
    const wrong = found.find((item) => !words.includes(item.toLowerCase()));
    if (wrong === undefined) return undefined;
    const meant = suggest(wrong.toLowerCase(), words);
    const remedy = meant ? `did you mean ${quoteValue(meant)}?` : 'remove it';
    if (words.length > MOST_TOLD)
      return { problem: `must not hold ${quoteValue(wrong)}, which it does not know`, remedy };
    return {
      problem: `must be ${form} of ${words.join(', ')}`,
      remedy: meant ? remedy : `choose among ${words.join(', ')}`,
    };
  };
}
