import type { Confidential } from '../../controller/credentials/confidential.ts';
import type { IsVerifierOf } from '../../controller/credentials/scram.ts';
import { verifierOf } from '../../controller/credentials/scram.ts';

const VERIFIER = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/;

const known = new Map<string, boolean>();

function isOf(verifier: string, password: Confidential): boolean {
  const [, iterations, salt = ''] = VERIFIER.exec(verifier) ?? [];
  const options = { salt: Buffer.from(salt, 'base64'), iterations: Number(iterations) };
  return iterations !== undefined && verifierOf(password, options).reveal() === verifier;
}

/** Whether PostgreSQL takes a password where it stored this verifier; worked out once, because that is made to take long. */
export function takes(verifier: string, password: Confidential): boolean {
  const asked = `${verifier} ${password.reveal()}`;
  const answer = known.get(asked) ?? isOf(verifier, password);
  known.set(asked, answer);
  return answer;
}

/** The same for a controller in simulated time, which knows nothing of the real time that it takes. */
export const isVerifierAtOnce: IsVerifierOf = (verifier, password) =>
  Promise.resolve(takes(verifier.reveal(), password));
