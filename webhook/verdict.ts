import type { Finding } from '../database/finding.ts';
import { describeProblem, formatPath } from '../database/finding.ts';
import { printableLine } from '../database/printable-line.ts';
import type { AdmissionRequest, AdmissionResponse, Status } from './admission.ts';

/** kubectl and the API server cut longer warnings; longer lines are also not read to the end. */
const LONGEST_WARNING = 240;
/** Enough for any honest mistake; more causes of one object are not read. */
const MOST_CAUSES = 100;

/** Maximum length of a line of a refusal: longer than any honest one, and short enough to send all of them at once. */
const LONGEST_LINE = 500;
const MOST_WARNINGS = 100;

/** The reasons of causes that the API server itself uses (meta/v1, CauseType). */
const REASONS: Readonly<Record<string, string>> = {
  'schema-required': 'FieldValueRequired',
  'schema-enum': 'FieldValueNotSupported',
  'name-unique': 'FieldValueDuplicate',
};

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function sentence(finding: Finding): string {
  const end = printableLine(`; ${finding.remedy} (${finding.rule})`);
  return cut(`${cut(printableLine(describeProblem(finding)), LONGEST_LINE)}${end}`, 2 * LONGEST_LINE);
}

function fieldOf({ path }: Finding): string {
  return cut(printableLine(formatPath(path)), LONGEST_LINE) || 'metadata';
}

/** Formats warnings for kubectl, one line each. */
function warningsOf(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ severity }) => severity === 'warning')
    .slice(0, MOST_WARNINGS)
    .map((finding) => cut(`${fieldOf(finding)}: ${sentence(finding)}`, LONGEST_WARNING));
}

/**
 * The status of a refusal. kubectl prints the causes of a single object; of several objects, and in Argo CD, only the message appears, so
 * the message lists all causes too.
 */
export function refusalOf(request: AdmissionRequest, errors: readonly Finding[]): Status {
  const kind = { group: cut(request.kind.group, LONGEST_LINE), kind: cut(request.kind.kind, LONGEST_LINE) };
  const name = cut(request.name, LONGEST_LINE);
  const told = errors.slice(0, MOST_CAUSES);
  const causes = told.map((finding) => ({
    reason: REASONS[finding.rule] ?? 'FieldValueInvalid',
    field: fieldOf(finding),
    message: sentence(finding),
  }));
  const rest = errors.length > told.length ? `\n* and ${errors.length - told.length} more` : '';
  const lines = causes.map(({ field, message }) => `\n* ${field}: ${message}`).join('');
  return {
    status: 'Failure',
    code: 422,
    reason: 'Invalid',
    message: `The ${kind.kind} "${printableLine(name)}" is invalid:${lines}${rest}`,
    details: { group: kind.group, kind: kind.kind, name, causes },
  };
}

/** Turns findings into an answer: refused when any is an error; warnings are sent either way. */
export function respond(request: AdmissionRequest, findings: readonly Finding[]): AdmissionResponse {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const warnings = warningsOf(findings);
  return {
    uid: request.uid,
    allowed: errors.length === 0,
    ...(errors.length > 0 && { status: refusalOf(request, errors) }),
    ...(warnings.length > 0 && { warnings }),
  };
}
