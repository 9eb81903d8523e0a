import { isRecord } from '../../database/record.ts';
import { UsageError } from '../errors.ts';

/** The variable in which Argo CD hands over the parameters of an Application. */
export const PARAMETERS = 'ARGOCD_APP_PARAMETERS';

const EXCLUDE = 'exclude';
const MOST_PATTERNS = 50;
const MOST_CHARACTERS = 200;
/** Two wildcards at most: matching a pattern of many takes longer than an answer may. */
const PATTERN = /^[\w.@/-]{0,200}(?:\*{1,2}[\w.@/-]{0,200}){0,2}$/;

function refuse(problem: string): never {
  throw new UsageError(`a parameter of the Application (spec.source.plugin.parameters) is wrong: ${problem}`);
}

function listOf(text: string): readonly unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    refuse('they must be JSON');
  }
  // Argo CD writes null where an Application has none.
  if (value === null) return [];
  return Array.isArray(value) ? value : refuse('they must be a list');
}

function patternIn(value: unknown): string {
  const isPattern = typeof value === 'string' && value.length <= MOST_CHARACTERS && PATTERN.test(value);
  if (isPattern && value !== '' && !value.startsWith('/') && !value.split('/').includes('..')) return value;
  return refuse(
    `${JSON.stringify(value).slice(0, MOST_CHARACTERS)} in ${EXCLUDE} must be a path below that of the Application, ` +
      'of letters, digits and . _ - @ /, with at most two wildcards: * for a name, ** for folders',
  );
}

/** The patterns of files to leave out, as the Application's parameters say; throws when there is any other parameter, or it is not safe. */
export function excludedBy(parameters: string | undefined): string[] {
  return listOf(parameters || 'null').flatMap((one) => {
    const { name, array, string, map } = isRecord(one) ? one : {};
    if (name !== EXCLUDE) {
      const shown = typeof name === 'string' ? JSON.stringify(name.slice(0, MOST_CHARACTERS)) : 'one without a name';
      refuse(`${shown} is not known; the only parameter is ${EXCLUDE}`);
    }
    const isList = Array.isArray(array) && string === undefined && map === undefined;
    if (!isList || array.length > MOST_PATTERNS)
      refuse(`${EXCLUDE} must be an array of at most ${MOST_PATTERNS} paths`);
    return array.map(patternIn);
  });
}
