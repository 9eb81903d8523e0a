import type { Problem } from '../database/finding.ts';
import { isLabelValue, isQualifiedName } from '../database/values/labels.ts';

type Found = Omit<Problem, 'remedy'>;
type Texts = Readonly<Record<string, string>>;

const WRONG_KEY = 'must have a key of letters, digits, -, _ and ., with at most one / after a domain name';
const WRONG_VALUE = 'must be at most 63 letters, digits, -, _ and ., beginning and ending with a letter or digit';

/** The findings of the API server's own checks of labels; paths contain the key only. */
export function wrongLabels(labels: Texts = {}): Found[] {
  return Object.entries(labels).flatMap(([key, value]): Found[] => [
    ...(isQualifiedName(key) ? [] : [{ path: [key], problem: WRONG_KEY }]),
    ...(isLabelValue(value) ? [] : [{ path: [key], value, problem: WRONG_VALUE }]),
  ]);
}

/** The findings of the API server's own checks of annotations, whose values are any text; paths contain the key only. */
export function wrongAnnotations(annotations: Texts = {}): Found[] {
  const wrong = Object.keys(annotations).filter((key) => !isQualifiedName(key.toLowerCase()));
  return wrong.map((key) => ({ path: [key], problem: WRONG_KEY }));
}

/** The same findings below another path. */
export function below(path: readonly string[], found: readonly Found[]): Found[] {
  return found.map((one) => ({ ...one, path: [...path, ...one.path] }));
}
