import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../database/finding.ts';
import type { BallastObject } from '../database/object.ts';
import { parseObject } from '../database/parse.ts';
import { isRecord } from '../database/record.ts';
import { checkValue } from '../policies/check.ts';
import { evaluate } from '../policies/evaluate.ts';
import type { AdmissionRequest, AdmissionResponse } from './admission.ts';
import { patchOf } from './patch.ts';
import { respond } from './verdict.ts';

/** The answer of a review, with its findings. */
export interface Reviewed {
  readonly response: AdmissionResponse;
  readonly findings: readonly Finding[];
}

/**
 * The stored object; its valid parts only, when older rules admitted an object that the present ones refuse. One without a status is
 * known to have none: the controller has observed nothing of it.
 */
function storedObject(value: unknown): BallastObject | undefined {
  const parsed = parseObject(value);
  if (parsed.is === 'foreign') return undefined;
  const object = parsed.is === 'ours' ? parsed.object : parsed.sound;
  return object && { status: {}, ...object };
}

function deletionFindings({ oldObject }: AdmissionRequest, now: Date): readonly Finding[] {
  const object = storedObject(oldObject);
  return object ? evaluate({ object, deleted: true }, { now }) : [];
}

function leavesSpecAlone({ object, oldObject }: AdmissionRequest): boolean {
  return isRecord(object) && isRecord(oldObject) && isDeepStrictEqual(object['spec'], oldObject['spec']);
}

/** Identifies a finding when the findings of two objects are compared. */
const keyOf = ({ rule, path, problem }: Finding): string => JSON.stringify([rule, path, problem]);

/**
 * A change that leaves the spec alone is refused only for findings that it introduces itself: finalizers, labels and the confirmation of
 * a deletion must stay possible on an object that newer rules would refuse.
 */
function writeFindings(request: AdmissionRequest, now: Date): readonly Finding[] {
  const { object, oldObject, namespace } = request;
  const checked = checkValue(object, { namespace, now, before: () => storedObject(oldObject) });
  if (checked.is !== 'ours') return [];
  if (checked.findings.length === 0 || !leavesSpecAlone(request)) return checked.findings;
  const stored = checkValue(oldObject, { namespace, now });
  const known = new Set(stored.is === 'ours' ? stored.findings.map(keyOf) : []);
  return checked.findings.filter((finding) => !known.has(keyOf(finding)));
}

/** Reviews a write or a deletion. Pure. */
export function validateReview(request: AdmissionRequest, now: Date): Reviewed {
  const findings = request.operation === 'DELETE' ? deletionFindings(request, now) : writeFindings(request, now);
  return { response: respond(request, findings), findings };
}

/** Fills the static defaults of an object that is written. Pure; an object with defaults gets no patch. */
export function mutateReview(request: AdmissionRequest): AdmissionResponse {
  const { uid, object } = request;
  const parsed = parseObject(object);
  const steps = parsed.is === 'ours' ? patchOf(object, parsed.object) : [];
  if (steps.length === 0) return { uid, allowed: true };
  return { uid, allowed: true, patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(steps)).toString('base64') };
}
