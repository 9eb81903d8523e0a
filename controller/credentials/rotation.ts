import { ENGINES } from '../../database/engines/index.ts';
import { IN_FORCE, ROTATED } from '../../database/vocabulary.ts';
import { ROTATE, ROTATE_SYSTEM } from '../../database/vocabulary.ts';
import type { Confidential } from './confidential.ts';
import type { Target } from './connection.ts';
import type { Account, SecretWrite, SecretContents } from './secret.ts';
import { ACCOUNTS, dataOf, secretOf } from './secret.ts';
import type { RoleState, Statement } from './statements.ts';
import { ROLES, roleStatements } from './statements.ts';

/** Key of the superuser's and the replication Secret that holds the previous password. */
export const PREVIOUS = 'previous-password';

const MINUTE_MS = 60_000;

/** The primary's roles, and which of the superuser's two passwords the primary accepted. */
export type PrimaryRoles =
  { readonly login: 'password' | typeof PREVIOUS; readonly roles: RoleState } | { readonly login: 'refused' };

/** Everything that decisions about the passwords of one Database depend on. */
export interface PasswordState {
  readonly target: Target;
  readonly annotations: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Partial<Record<Account, SecretContents>>>;
  /** Undefined while there is no primary, or while it was not asked. */
  readonly primary: PrimaryRoles | undefined;
}

/** The single next step for the passwords. */
export type PasswordStep =
  | { readonly step: 'create' | 'rotate' | 'settle'; readonly account: Account; readonly write: SecretWrite }
  | { readonly step: 'run'; readonly statements: readonly Statement[] }
  /** Only a user can resolve the problem. */
  | { readonly step: 'stuck'; readonly problem: string; readonly remedy: string }
  /** Nothing to do; until this time, where known. */
  | { readonly step: 'wait'; readonly until?: Date };

const SYSTEM: readonly Account[] = ['superuser', 'replication'];
const isSystem = (account: Account): boolean => SYSTEM.includes(account);

function tokenFor(account: Account, annotations: PasswordState['annotations']): string | undefined {
  return annotations[isSystem(account) ? ROTATE_SYSTEM : ROTATE] || undefined;
}

/** Creates a Secret under the requested token, which counts as done with it. */
export function creation(
  account: Account,
  { target, annotations }: Pick<PasswordState, 'target' | 'annotations'>,
  makePassword: () => Confidential,
): SecretWrite {
  const token = tokenFor(account, annotations);
  return {
    verb: 'create',
    secret: {
      name: secretOf(account, target.name),
      type: 'kubernetes.io/basic-auth',
      data: dataOf(account, target, makePassword()),
      ...(token !== undefined && { annotations: { [ROTATED]: token } }),
    },
  };
}

/** The new password, the previous one and the token, in one write, so that a crash cannot separate them. */
function rotation(
  account: Account,
  secret: SecretContents,
  { target, annotations }: PasswordState,
  password: Confidential,
): SecretWrite {
  return {
    verb: 'patch',
    resourceVersion: secret.resourceVersion,
    change: {
      name: secretOf(account, target.name),
      data: {
        ...dataOf(account, target, password),
        ...(isSystem(account) && { [PREVIOUS]: secret.data['password'] }),
      },
      annotations: {
        [ROTATED]: tokenFor(account, annotations),
        ...(isSystem(account) && { [IN_FORCE]: undefined }),
      },
    },
  };
}

function settlement(account: Account, { resourceVersion }: SecretContents, name: string, now: Date): SecretWrite {
  const change = { name: secretOf(account, name), data: {}, annotations: { [IN_FORCE]: now.toISOString() } };
  return { verb: 'patch', resourceVersion, change };
}

/** Since when the password of a system account is in force; NaN for the first password, and while that is unknown. */
const inForceSince = ({ annotations }: SecretContents): number => Date.parse(annotations[IN_FORCE] ?? '');

/** Whether the password of a system account was changed and is not known to be in force; a time in the future does not count. */
function isPending(secret: SecretContents, now: Date): boolean {
  return secret.data[PREVIOUS] !== undefined && !(inForceSince(secret) <= now.getTime());
}

function isDue(account: Account, { annotations }: SecretContents, asked: PasswordState['annotations']): boolean {
  const token = tokenFor(account, asked);
  return token !== undefined && token !== annotations[ROTATED];
}

type ExistingSecrets = readonly (readonly [Account, SecretContents])[];

function stuck(problem: string, remedy: string): PasswordStep {
  return { step: 'stuck', problem, remedy };
}

/** A problem of the Secrets themselves, which a user may have created. */
function faultOf(there: ExistingSecrets, { target }: PasswordState): PasswordStep | undefined {
  for (const [account, { data }] of there) {
    const name = secretOf(account, target.name);
    if (!data['password']?.reveal()) return stuck(`the Secret ${name} has no password`, 'put it back under that key');
    const username = data['username']?.reveal() ?? ROLES[account];
    if (username !== ROLES[account]) {
      return stuck(`the username in the Secret ${name} is not ${ROLES[account]}`, `make it ${ROLES[account]}`);
    }
  }
  return undefined;
}

function refused({ target }: PasswordState): PasswordStep {
  const name = secretOf('superuser', target.name);
  return stuck(
    `the primary takes no password of the Secret ${name}`,
    `put the one that it takes into the Secret as ${PREVIOUS}, or set the Secret's own as the role postgres in a member's container`,
  );
}

/** The earliest time of another rotation: a standby that takes over slightly behind must know the previous password. */
const ripeAt = (secret: SecretContents): number => (inForceSince(secret) || 0) + MINUTE_MS;

function rotationStep(
  there: ExistingSecrets,
  seen: PasswordState,
  now: Date,
  makePassword: () => Confidential,
): PasswordStep {
  const due = there.filter(([account, secret]) => isDue(account, secret, seen.annotations));
  const own = due.filter(([, { ours }]) => ours);
  const next = own.find(([, secret]) => ripeAt(secret) <= now.getTime());
  if (next) {
    const [account, secret] = next;
    return { step: 'rotate', account, write: rotation(account, secret, seen, makePassword()) };
  }
  if (own.length > 0) return { step: 'wait', until: new Date(Math.min(...own.map(([, secret]) => ripeAt(secret)))) };
  const [foreign] = due;
  if (!foreign) return { step: 'wait' };
  const name = secretOf(foreign[0], seen.target.name);
  return stuck(`the Secret ${name} was made by somebody else`, 'change its password there, which is then put in force');
}

/** The statements that PostgreSQL still needs so that the Secrets' passwords are in force; undefined when none. */
function enforcement(there: ExistingSecrets, seen: PasswordState, now: Date): PasswordStep | undefined {
  const { primary, target } = seen;
  if (!primary) return { step: 'wait' };
  if (primary.login === 'refused') return refused(seen);
  const fault = faultOf(there, seen);
  if (fault) return fault;
  const passwords = new Map(
    there.flatMap(([account, { data }]) => (data['password'] ? [[account, data['password']]] : [])),
  );
  const statements = roleStatements(passwords, primary.roles);
  if (statements.length > 0) return { step: 'run', statements };
  const pending = there.find(([, secret]) => secret.ours && isPending(secret, now));
  if (!pending) return undefined;
  const [account, secret] = pending;
  return { step: 'settle', account, write: settlement(account, secret, target.name, now) };
}

/**
 * Chooses the next step for the passwords of a Database. Pure except for the new password that it may need. The Secrets hold the wanted
 * state, and the roles follow; a rotation begins only while every password is in force, so that no two rotations overlap.
 */
export function decidePasswords(seen: PasswordState, now: Date, makePassword: () => Confidential): PasswordStep {
  const missing = ACCOUNTS.find((account) => seen.secrets[account] === undefined);
  if (missing) return { step: 'create', account: missing, write: creation(missing, seen, makePassword) };
  const there = ACCOUNTS.flatMap((account) => {
    const secret = seen.secrets[account];
    return secret ? [[account, secret] as const] : [];
  });
  const { can, title } = ENGINES[seen.target.engine];
  if (!can.setsPasswords) {
    const isAsked = there.some(([account, secret]) => isDue(account, secret, seen.annotations));
    return isAsked
      ? stuck(`passwords of ${title} cannot be rotated yet`, 'take the annotation away')
      : { step: 'wait' };
  }
  return enforcement(there, seen, now) ?? rotationStep(there, seen, now, makePassword);
}

/**
 * Since when all present system passwords are in force; undefined while none was ever changed, and while one is about to be: a reader
 * would have to read that one again.
 */
export function systemPasswordsSince(secrets: PasswordState['secrets'], now: Date): Date | undefined {
  const system = SYSTEM.flatMap((account) => secrets[account] ?? []);
  if (system.some((secret) => secret.ours && isPending(secret, now))) return undefined;
  const since = system.map(inForceSince).filter((moment) => !Number.isNaN(moment));
  return since.length > 0 ? new Date(Math.max(...since)) : undefined;
}

/**
 * From when on start times show which members hold passwords from before `since`: clocks of nodes may differ from the controller's by a
 * minute.
 */
export function oldPasswordsShowAt(since: Date): Date {
  return new Date(since.getTime() + MINUTE_MS);
}

/**
 * Whether a member holds passwords from before `since`: a member reads them from its environment once, at its start. During the first
 * minute no member is restarted, so that none is restarted twice.
 */
export function holdsOldPassword(startedAt: Date, since: Date | undefined, now: Date): boolean {
  const certain = since && oldPasswordsShowAt(since);
  return certain !== undefined && now >= certain && startedAt < certain;
}
