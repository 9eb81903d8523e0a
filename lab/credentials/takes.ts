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

/** Whether PostgreSQL accepts a password against this stored verifier; memoized, because the computation is slow by design. */
export function takes(verifier: string, password: Confidential): boolean {
  const asked = `${verifier} ${password.reveal()}`;
  const answer = known.get(asked) ?? isOf(verifier, password);
  known.set(asked, answer);
  return answer;
}

/** The same for a controller in simulated time, where the real duration does not count. */
export const isVerifierAtOnce: IsVerifierOf = (verifier, password) =>
  Promise.resolve(takes(verifier.reveal(), password));
