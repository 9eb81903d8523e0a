/** The place of a field in an object: field names and list indices, outermost first. */
export type Path = readonly (string | number)[];

/** A problem at one place, with its remedy. */
export interface Problem {
  readonly path: Path;
  /** The value as the user wrote it; omitted when absent or possibly secret. */
  readonly value?: unknown;
  /** A clause without the field's name, for example `must be between 1 and 9`. */
  readonly problem: string;
  /** The remedy, as an imperative clause. */
  readonly remedy: string;
}

/** The severity of a finding: an error refuses the object, a warning does not. */
export type Severity = 'error' | 'warning';

/** A problem with the rule that found it. */
export interface Finding extends Problem {
  readonly rule: string;
  readonly severity: Severity;
}

/** A finding that counts the further findings at the same place. */
export function moreFindings(count: number, severity: Severity): Finding {
  const mistakes = severity === 'error' ? 'mistakes' : 'findings';
  const problem = `must have fewer ${mistakes}: ${count} more ${count === 1 ? 'is' : 'are'} not told here`;
  return { rule: 'more-findings', severity, path: [], problem, remedy: 'correct what is told, and run again' };
}

const PLAIN_NAME = /^[A-Za-z_][\w-]*$/;
const LONGEST_VALUE = 120;
/** The longest key of a label or an annotation. */
const LONGEST_NAME = 317;

/** A text of readable length, else its beginning and its full length. */
export function shortened(text: string, longest = LONGEST_VALUE): string {
  return text.length > longest ? `${text.slice(0, LONGEST_VALUE)}… (${text.length} characters)` : text;
}

/** Writes a path as Kubernetes does: `spec.tolerations[0].key`, `metadata.annotations[example.com/a]`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = shortened(part, LONGEST_NAME);
    if (!PLAIN_NAME.test(name)) return `${text}[${name}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

/** Parses a path with dots only, such as a rule's `spec.backup.schedule`. */
export function pathOf(text: string): Path {
  return text.split('.');
}

/** The login in a URL: users paste whole URLs into any field. */
const LOGIN = /:\/\/[^/@\s"]*@/g;

/** Quotes a value for a message, on one line, cut to a readable length, and without a URL's login. */
export function quoteValue(value: unknown): string {
  // Numbers that JSON cannot represent are shown as they are.
  const whole = value === undefined ? 'nothing' : typeof value === 'number' ? String(value) : JSON.stringify(value);
  return shortened(whole.replaceAll(LOGIN, '://…@'));
}

/**
 * The problem with its value, in the words of the API server: `Invalid value: 12: must be between 1 and 9`. A warning does not call the
 * value invalid.
 */
export function describeProblem({ value, problem, severity }: Problem & { readonly severity?: Severity }): string {
  if (value === undefined) return problem;
  return `${severity === 'warning' ? '' : 'Invalid value: '}${quoteValue(value)}: ${problem}`;
}

/** Maximum number of names in a message. */
const MOST_NAMED = 10;

/** A list of names for people, cut to the first ones. */
export function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return [...names.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}
