import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { SCHEMAS } from './schema/schemas.ts';

/** Checks a value against a schema and stores the errors in `errors`. */
export type Validator = ValidateFunction;
/** One error of ajv's. */
export type SchemaError = ErrorObject;

/** An ajv with all formats that reports every error, with the values in question. */
export function createAjv(options: object = {}): Ajv {
  const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strictTypes: false, ...options });
  addFormats.default(ajv, { mode: 'fast', formats: ['date-time', 'int32', 'int64'] });
  return ajv;
}

let ajv: Ajv | undefined;
const compiled = new Map<string, Validator>();

/** The validator of a schema by its name, compiled on first use. */
export function validatorOf(name: string): Validator {
  const known = compiled.get(name);
  if (known) return known;
  const schema = SCHEMAS[name];
  if (!schema) throw new Error(`there is no schema named ${name}`);
  ajv ??= createAjv();
  const validator = ajv.compile(schema);
  compiled.set(name, validator);
  return validator;
}
