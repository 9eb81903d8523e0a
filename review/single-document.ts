import { cropped } from '../database/crop.ts';
import type { Finding } from '../database/finding.ts';
import { Places } from '../database/read/place.ts';
import { findTraps } from '../database/read/traps.ts';
import type { YamlText } from '../database/read/yaml.ts';
import { readYaml } from '../database/read/yaml.ts';
import { schemaFindings } from '../database/schema-findings.ts';
import { SCHEMAS } from '../database/schema/schemas.ts';
import { validatorOf } from '../database/validators.ts';
import type { LocatedFinding } from './located-finding.ts';
import { NO_OBJECT, fileFinding, placeFinding } from './located-finding.ts';
import type { SourceText } from './source.ts';

/** A file that holds one document of a fixed form, and no objects. */
export interface DocumentForm<T> {
  /** Name of its schema. */
  readonly schema: 'Settings' | 'Facts';
  /** Fills the defaults of what was written. */
  readonly fill: (written: object) => T;
  /** Checks a value that has passed the schema. */
  readonly check: (value: T) => readonly Finding[];
  /** What stands in it, as a word for messages. */
  readonly holds: string;
}

/** The value of a file, with findings; undefined when it is invalid. */
export interface ReviewedDocument<T> {
  readonly value: T | undefined;
  readonly findings: readonly LocatedFinding[];
}

type Wrong = Finding & { readonly document?: number };

function secondDocument(document: number, holds: string): Wrong {
  const problem = 'must not have a second document: only the first would count';
  const remedy = `put all ${holds} into one document`;
  return { rule: 'schema-limit', severity: 'error', path: [], problem, remedy, document };
}

/** Checks the documents of a file: the first holds the value, and there must be no other. */
function checkDocument<T>(
  yaml: YamlText,
  text: string,
  form: DocumentForm<T>,
): { readonly value?: T; readonly wrong: readonly Wrong[] } {
  const [first, ...more] = yaml.values;
  const extra = more.findIndex((document) => document !== null) + 1;
  const wrong: Wrong[] = extra > 0 ? [secondDocument(extra, form.holds)] : [];
  for (const { finding } of findTraps(text, yaml, (document) => document === 0)) wrong.push(finding);
  if (wrong.length > 0) return { wrong };
  const { value: small, unknownFields } = cropped(SCHEMAS[form.schema] ?? {}, first ?? {});
  const value = form.fill(small as object);
  const validate = validatorOf(form.schema);
  if (validate(value)) return { value, wrong: form.check(value) };
  return { wrong: schemaFindings(validate.errors ?? [], value, unknownFields) };
}

/** Parses the text of a file with one document. */
export function reviewDocument<T>(
  file: string,
  { text, findings }: SourceText,
  form: DocumentForm<T>,
): ReviewedDocument<T> {
  if (text === undefined) return { value: undefined, findings };
  const yaml = readYaml(text);
  if (!yaml.ok) return { value: undefined, findings: [...findings, fileFinding(file, yaml.problem)] };
  const { value, wrong } = checkDocument(yaml, text, form);
  const places = new Places(text, yaml.events);
  const placed = wrong.map(({ document = 0, ...finding }) =>
    placeFinding(finding, NO_OBJECT, { file, document, base: [] }, places),
  );
  return { value, findings: [...findings, ...placed] };
}
