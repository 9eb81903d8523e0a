/** A refusal in the API server's words. */
export class Refused extends Error {
  readonly code: number;
  readonly reason: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: number, reason: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The Status object. */
  get status(): object {
    const { code, reason, message, retryAfterSeconds } = this;
    const details = retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } };
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code, ...details };
  }
}

/** Refusals of a real API server. */
export const REFUSALS = {
  notFound: (what: string): Refused => new Refused(404, 'NotFound', `${what} not found`),
  exists: (what: string): Refused => new Refused(409, 'AlreadyExists', `${what} already exists`),
  conflict: (why: string): Refused => new Refused(409, 'Conflict', `the object has been modified: ${why}`),
  forbidden: (why: string): Refused => new Refused(403, 'Forbidden', why),
  invalid: (why: string): Refused => new Refused(422, 'Invalid', why),
  bad: (why: string): Refused => new Refused(400, 'BadRequest', why),
  expired: (): Refused => new Refused(410, 'Expired', 'The resourceVersion is too old'),
};
