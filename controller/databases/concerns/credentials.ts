import { ROTATE, ROTATE_SYSTEM } from '../../../database/vocabulary.ts';
import { names } from '../../../generator/names.ts';
import { nameOf } from '../state/database.ts';
import { canWrite } from '../state/members.ts';
import { secretsRecheckAt } from '../state/secrets-recheck.ts';
import { hasBackupKey } from '../../credentials/backup-key.ts';
import type { SecretKind } from '../decision.ts';
import type { CredentialsSeen, Observation } from '../observation.ts';
import type { Choice } from './concern.ts';
import { firstOf } from './concern.ts';

type NamedSecret = readonly [SecretKind, (name: string) => string];

/** In the order in which they are created. */
const SECRETS: readonly NamedSecret[] = [
  ['superuser', names.superuserSecret],
  ['replication', names.replicationSecret],
  ['app', names.appSecret],
  ['tls', names.tlsSecret],
];
const BACKUP_KEY: NamedSecret = ['backup-key', names.backupKeySecret];

/** The absent Secrets, with their names. */
function missingSecrets(seen: Observation): (readonly [SecretKind, string])[] {
  const all = hasBackupKey(seen.own.database) ? [...SECRETS, BACKUP_KEY] : SECRETS;
  const named = all.map(([secret, make]) => [secret, make(nameOf(seen))] as const);
  return named.filter(([, name]) => seen.credentials?.present.has(name) === false);
}

/** Reads the Secrets, which cannot be watched, and renews the servers' certificate in time. */
export function keepCertificate(seen: Observation, now: Date): Choice | undefined {
  const { credentials } = seen;
  if (!credentials) return { step: { do: 'read-credentials' }, because: 'the Secrets have not been read yet' };
  const again = secretsRecheckAt(seen);
  if (again && again <= now) {
    return { step: { do: 'read-credentials' }, because: 'a member does not start, for which it may lack a Secret' };
  }
  if (!credentials.renewAt || credentials.renewAt > now || missingSecrets(seen)[0]?.[0] === 'tls') return undefined;
  return { step: { do: 'renew-certificate' }, because: 'the certificate of the servers is to be looked at' };
}

/** Creates each absent Secret; never touches an existing one. */
export function createSecrets(seen: Observation): Choice | undefined {
  return firstOf(
    seen,
    missingSecrets(seen).map(([secret, name]) => ({
      step: { do: 'create-secret', secret },
      because: `there is no Secret ${name}`,
    })),
  );
}

/** A problem that only a user can resolve, until the next check. */
function problemIn({ problem, askAgainAt }: CredentialsSeen, now: Date): string | undefined {
  return askAgainAt && askAgainAt <= now ? undefined : problem;
}

/** Makes new passwords on request of an annotation, and puts the Secrets' passwords in force on the servers. */
export function keepPasswords(seen: Observation, now: Date): Choice | undefined {
  const { credentials, own } = seen;
  if (!credentials || !seen.control.facts.can.setsPasswords || !canWrite(seen)) return undefined;
  const problem = problemIn(credentials, now);
  if (problem !== undefined) return { because: problem };
  if (!credentials.inForce) {
    const because = 'the passwords of the Secrets are not known to be in force';
    return { step: { do: 'ensure-application-role' }, because };
  }
  const requests = [
    { of: 'application', request: own.annotations[ROTATE], done: credentials.rotation },
    { of: 'system', request: own.annotations[ROTATE_SYSTEM], done: credentials.systemRotation },
  ] as const;
  const asked = requests.find(({ request, done }) => request !== undefined && request !== '' && request !== done);
  if (asked?.request === undefined) return undefined;
  const { of, request } = asked;
  return { step: { do: 'rotate-credentials', of, request }, because: `new passwords of the ${of} are asked for` };
}
