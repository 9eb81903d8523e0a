import type { Finding, Path } from './finding.ts';
import { moreFindings, quoteValue } from './finding.ts';
import { suggest } from './suggest.ts';
import type { SchemaError } from './validators.ts';

type Told = Omit<Finding, 'severity' | 'path'> & { readonly below?: string };

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  boolean: 'true or false',
};

function typeRemedy(wanted: string, value: unknown): string {
  if (wanted === 'string' && typeof value === 'boolean')
    return 'quote it; YAML reads the unquoted words yes, no, on, off, true and false as booleans';
  if (wanted === 'string' && typeof value === 'number') return `quote it: "${value}"`;
  if (wanted === 'integer' && typeof value === 'string' && /^\d+$/.test(value)) return `remove the quotes: ${value}`;
  if (wanted === 'integer' && Number.isFinite(value))
    return `write a whole number, such as ${Math.round(Number(value))}`;
  if (wanted === 'boolean') return 'write true or false, without quotes';
  return `write ${TYPE_WORDS[wanted] ?? wanted} here`;
}

function required({ params, parentSchema }: SchemaError): Told {
  const name = String(params['missingProperty']);
  const properties = (parentSchema?.['properties'] ?? {}) as Record<string, { description?: string }>;
  const description = properties[name]?.description?.split(/[;:.] |\.$/)[0];
  return {
    rule: 'schema-required',
    below: name,
    problem: 'must be set',
    remedy: description ? `add ${name} (${description.charAt(0).toLowerCase()}${description.slice(1)})` : `add ${name}`,
  };
}

function unknownField({ params, parentSchema }: SchemaError): Told {
  const name = String(params['additionalProperty']);
  const known = Object.keys((parentSchema?.['properties'] ?? {}) as object);
  const meant = suggest(name, known);
  const choices = known.length > 0 && known.length <= 25 ? `use one of ${known.join(', ')}` : 'remove it';
  return {
    rule: 'schema-unknown-field',
    below: name,
    problem: 'must not be set: there is no such field',
    remedy: meant ? `did you mean ${quoteValue(meant)}?` : choices,
  };
}

function oneOf({ params, data }: SchemaError): Told {
  const allowed = params['allowedValues'] as string[];
  const meant = typeof data === 'string' ? suggest(data, allowed) : undefined;
  const choices = `choose one of ${allowed.map(quoteValue).join(', ')}`;
  const negated = data === false && allowed.includes('off') ? 'quote it: "off"' : '';
  return {
    rule: 'schema-enum',
    value: data,
    problem: `must be one of ${allowed.map(quoteValue).join(', ')}`,
    remedy: negated || (meant ? `did you mean ${quoteValue(meant)}?` : choices),
  };
}

const LIMITS: Readonly<Record<string, (limit: number) => [string, string]>> = {
  minimum: (limit) => [`must be at least ${limit}`, `write a number from ${limit} up`],
  maximum: (limit) => [`must be at most ${limit}`, `write a number up to ${limit}`],
  minLength: () => ['must not be empty', 'write a value, or remove the field'],
  maxLength: (limit) => [`must have at most ${limit} characters`, 'shorten it'],
  minItems: (limit) => [`must have at least ${limit} entries`, 'add entries'],
  maxItems: (limit) => [`must have at most ${limit} entries`, 'remove entries'],
  maxProperties: (limit) => [`must have at most ${limit} entries`, 'remove entries'],
};

const UNSAFE: [string, string] = [
  'must be quoted: many programs read a whole number of this size as another one',
  'put it between double quotes',
];

function isUnsafe({ keyword, params }: SchemaError): boolean {
  const limit = Math.abs(Number(params['limit']));
  return (keyword === 'minimum' || keyword === 'maximum') && limit === Number.MAX_SAFE_INTEGER;
}

function numberOrText({ data: value }: SchemaError): Told {
  const remedy = typeof value === 'number' ? `quote it: "${value}"` : typeRemedy('string', value);
  return { rule: 'schema-type', value, problem: 'must be a whole number or text', remedy };
}

/** Lists and mappings are not printed, whatever their length. */
function outOfBounds({ data }: SchemaError, [problem, remedy]: [string, string]): Told {
  const shown = typeof data === 'object' ? {} : { value: data };
  return { rule: 'schema-limit', ...shown, problem, remedy };
}

function wrongForm({ params, data }: SchemaError): Told {
  const problem = `must match ${String(params['pattern'])}`;
  return { rule: 'schema-type', value: data, problem, remedy: 'write it in this form' };
}

function tooLarge(value: number): Told {
  const [least, most] = [-(2 ** 31), 2 ** 31 - 1];
  return {
    rule: 'schema-limit',
    value,
    problem: `must be from ${least} to ${most}`,
    remedy: 'write a number that is nearer to zero',
  };
}

function wrongType({ keyword, params, data }: SchemaError): Told {
  const wanted = String(params['type'] ?? params['format'] ?? keyword);
  return {
    rule: 'schema-type',
    value: typeof data === 'object' && data !== null ? (Array.isArray(data) ? 'a list' : 'an object') : data,
    problem: `must be ${TYPE_WORDS[wanted] ?? wanted}`,
    remedy: typeRemedy(wanted, data),
  };
}

const TELLERS: Readonly<Record<string, (error: SchemaError) => Told>> = {
  required,
  additionalProperties: unknownField,
  enum: oneOf,
  anyOf: numberOrText,
  pattern: wrongForm,
};

function tell(error: SchemaError): Told {
  const { keyword, params, data } = error;
  const limit = isUnsafe(error) ? () => UNSAFE : LIMITS[keyword];
  if (limit) return outOfBounds(error, limit(Number(params['limit'])));
  if (keyword === 'format' && typeof data === 'number') return tooLarge(data);
  return (TELLERS[keyword] ?? wrongType)(error);
}

/** Turns a JSON pointer into a path; list indices become numbers. */
function pointerToPath(pointer: string, root: unknown): Path {
  let at = root;
  const parts = pointer === '' ? [] : pointer.slice(1).split('/');
  return parts.map((part) => {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(at) ? Number(name) : name;
    at = (at as Record<string | number, unknown>)[step];
    return step;
  });
}

function isTypeAt({ keyword, instancePath }: SchemaError, path: string): boolean {
  return keyword === 'type' && instancePath === path;
}

/** Errors that only repeat another one: branches of anyOf, and the `if` that chose a form. */
function isEcho(error: SchemaError, errors: readonly SchemaError[]): boolean {
  if (error.keyword === 'if') return true;
  const inBranch = error.schemaPath.includes('/anyOf/');
  if (inBranch) return error.keyword === 'type';
  // A fraction is outside every range of whole numbers.
  if (error.keyword === 'format') return errors.some((other) => isTypeAt(other, error.instancePath));
  const branchSaysMore = ({ instancePath, schemaPath, keyword }: SchemaError): boolean =>
    instancePath === error.instancePath && schemaPath.includes('/anyOf/') && keyword !== 'type';
  return error.keyword === 'anyOf' && errors.some(branchSaysMore);
}

/** Maximum number of errors reported per object; only an attack has more. */
const MOST_ERRORS = 200;

/** The place of an error, as one text. */
function placeOf({ instancePath, params }: SchemaError): string {
  return JSON.stringify([instancePath, params['missingProperty'], params['additionalProperty']]);
}

/** The finding that counts the unreported errors: branches of one `anyOf` count once. */
function untold(errors: readonly SchemaError[], cut: number, root: unknown): Finding[] {
  const count = new Set(errors.map(placeOf)).size + cut;
  if (count === 0) return [];
  return [{ ...moreFindings(count, 'error'), path: pointerToPath(errors[0]?.instancePath ?? '', root) }];
}

/**
 * Turns ajv's errors about an object into Ballast's findings: one per problem, with its path. `cut` is the number of unknown fields that
 * ajv did not see.
 */
export function schemaFindings(all: readonly SchemaError[], root: unknown, cut = 0): Finding[] {
  const errors = all.slice(0, MOST_ERRORS);
  const findings = errors
    .filter((error) => !isEcho(error, errors))
    .map((error) => {
      const { below, ...told } = tell(error);
      const path = pointerToPath(error.instancePath, root);
      return { severity: 'error', path: below === undefined ? path : [...path, below], ...told } as const;
    })
    .filter((finding, _, all) => !all.some((other) => isBetter(other, finding)));
  return [...findings, ...untold(all.slice(MOST_ERRORS), cut, root)];
}

/** A list of allowed words says more than the type and the length that it has beside it. */
function isBetter(other: Finding, finding: Finding): boolean {
  if (finding.rule !== 'schema-type' && finding.rule !== 'schema-limit') return false;
  return other.rule === 'schema-enum' && other.path.join('/') === finding.path.join('/');
}
