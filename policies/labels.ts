import type { Problem } from '../database/finding.ts';
import { isLabelValue, isQualifiedName } from '../database/values/labels.ts';

type Found = Omit<Problem, 'remedy'>;
type Texts = Readonly<Record<string, string>> | undefined;

const WRONG_KEY = 'must have a key of letters, digits, -, _ and ., with at most one / after a domain name';
const WRONG_VALUE = 'must be at most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit';

/** What the API server would refuse in labels and annotations, with paths below the object that holds both. */
export function wrongLabels({ labels = {}, annotations = {} }: { labels?: Texts; annotations?: Texts }): Found[] {
  const keys: Found[] = [
    ...Object.keys(labels).map((key) => ({ path: ['labels', key], key })),
    ...Object.keys(annotations).map((key) => ({ path: ['annotations', key], key: key.toLowerCase() })),
  ]
    .filter(({ key }) => !isQualifiedName(key))
    .map(({ path }) => ({ path, problem: WRONG_KEY }));
  const values = Object.entries(labels).filter(([, value]) => !isLabelValue(value));
  return [...keys, ...values.map(([key, value]) => ({ path: ['labels', key], value, problem: WRONG_VALUE }))];
}
