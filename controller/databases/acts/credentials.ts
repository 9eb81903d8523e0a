import { names } from '../../../generator/names.ts';
import { backupKeyCreation } from '../../credentials/backup-key.ts';
import { decideCertificates } from '../../credentials/certificate.ts';
import { makePassword } from '../../credentials/password.ts';
import type { PasswordStep } from '../../credentials/rotation.ts';
import { creation, decidePasswords } from '../../credentials/rotation.ts';
import type { SecretWrite } from '../../credentials/secret.ts';
import type { Account } from '../../credentials/secret.ts';
import { ACCOUNTS, secretOf } from '../../credentials/secret.ts';
import { termOf } from '../state/members.ts';
import { hasCode } from '../../../kubernetes/api.ts';
import type { CredentialsSeen } from '../observation.ts';
import { withoutAbsent } from '../../cluster/json-path.ts';
import type { StepEffect } from '../../runtime/progress.ts';
import type { Action, ActionContext } from './action.ts';
import { identityOf } from './action.ts';
import type { Accounts } from '../../engines/acting.ts';
import { ACTING } from '../../engines/acting.ts';
import { ServerError } from '../../engines/servers.ts';
import type { Secrets } from './secrets.ts';
import { accountsIn, factsOf, targetIn, readAll, writeSecret } from './secrets.ts';

const FORBIDDEN = 403;
/** Milliseconds until the controller checks whether a user has resolved a problem. */
const PROBLEM_MS = 300_000;

/** The Secrets cannot be read until the Database's Role exists, whichever tool applies it. */
async function withSecrets(
  acting: ActionContext,
  work: (secrets: Secrets) => Promise<StepEffect>,
): Promise<StepEffect> {
  const { name } = identityOf(acting);
  let secrets: Secrets;
  try {
    secrets = await readAll(acting);
  } catch (error) {
    if (!hasCode(error, FORBIDDEN)) throw error;
    return { waitsFor: `the Role ${names.controllerRole(name)}, which allows to read the Secrets of ${name}` };
  }
  remember(acting, secrets);
  return work(secrets);
}

/** Facts beyond the Secrets themselves: about passwords, and about certificates. */
type KnownPasswords = Pick<CredentialsSeen, 'inForce' | 'problem' | 'askAgainAt'>;
type KnownCertificates = Pick<CredentialsSeen, 'renewAt' | 'certificateProblem'>;
type Known = Partial<KnownPasswords & KnownCertificates>;

/** Earlier facts remain valid while the Secrets that they describe are unchanged. */
function stillKnown(before: CredentialsSeen | undefined, now: CredentialsSeen, name: string): Known {
  if (!before) return {};
  const areSame = (secrets: readonly string[]): boolean =>
    secrets.every((one) => before.present.get(one)?.resourceVersion === now.present.get(one)?.resourceVersion);
  const { inForce, problem, askAgainAt, renewAt, certificateProblem } = before;
  return {
    ...(areSame(ACCOUNTS.map((account) => secretOf(account, name))) && {
      inForce,
      ...withoutAbsent({ problem, askAgainAt }),
    }),
    ...(areSame([names.authoritySecret(name), names.tlsSecret(name)]) &&
      withoutAbsent({ renewAt, certificateProblem })),
  };
}

/** Stores the facts that were read, with new facts about passwords, about certificates, or about neither. */
function remember(
  acting: ActionContext,
  secrets: Secrets,
  { passwords, certificates }: { passwords?: KnownPasswords; certificates?: KnownCertificates } = {},
): void {
  const { name } = identityOf(acting);
  const { remembered, seen } = acting;
  const facts = factsOf(secrets, name, acting.now());
  const { inForce, problem, askAgainAt, renewAt, certificateProblem } = stillKnown(remembered.credentials, facts, name);
  remembered.credentials = {
    ...facts,
    ...(passwords ?? withoutAbsent({ inForce, problem, askAgainAt })),
    ...(certificates ?? withoutAbsent({ renewAt, certificateProblem })),
  };
  if (passwords?.inForce) remembered.askedOf = termOf(seen.leader);
}

/** Before a write, the passwords no longer count as in force; a failing write may have been done. */
function doubtPasswords({ remembered }: ActionContext): void {
  if (remembered.credentials) remembered.credentials = { ...remembered.credentials, inForce: false };
}

async function write(acting: ActionContext, secrets: Secrets, next: SecretWrite): Promise<StepEffect> {
  const [name, secret] = await writeSecret(acting, next);
  remember(acting, new Map([...secrets, [name, secret]]));
  return {};
}

/** How the engine takes passwords; undefined where it does at its first start alone. */
function accountsOf({ seen }: Pick<ActionContext, 'seen'>): Accounts | undefined {
  return ACTING[seen.own.database.spec.engine].accounts;
}

/** Whether the primary, if it can be asked, is known to accept the present passwords. */
async function isInForce(acting: ActionContext, secrets: Secrets): Promise<boolean> {
  const target = targetIn(acting);
  const accounts = accountsOf(acting);
  if (!accounts) return true;
  try {
    const primary = await accounts.ask(acting, secrets);
    if (!primary) return false;
    const { annotations } = acting.seen.own;
    const seen = { target, annotations, secrets: accountsIn(secrets, target.name), primary };
    return decidePasswords(seen, acting.now(), makePassword).step === 'wait';
  } catch (error) {
    // The primary is asked again when passwords are put in force, which reports a failure.
    if (error instanceof ServerError) return false;
    throw error;
  }
}

/** Reads which Secrets exist, and the facts about them. */
export const readCredentials: Action<'read-credentials'> = (_, acting) =>
  withSecrets(acting, async (secrets) => {
    if (await isInForce(acting, secrets)) remember(acting, secrets, { passwords: { inForce: true } });
    return {};
  });

async function tendCertificates(acting: ActionContext, secrets: Secrets): Promise<StepEffect> {
  const { name } = identityOf(acting);
  const seen = { authority: secrets.get(names.authoritySecret(name)), pair: secrets.get(names.tlsSecret(name)) };
  const next = await decideCertificates(seen, {
    target: targetIn(acting),
    now: acting.now(),
    makeKeys: acting.makeKeys,
  });
  switch (next.step) {
    case 'wait':
      remember(acting, secrets, { certificates: { renewAt: next.until } });
      return { isIdle: true };
    case 'stuck': {
      const certificateProblem = `${next.problem}; ${next.remedy}`;
      remember(acting, secrets, { certificates: { renewAt: soon(acting), certificateProblem } });
      return { isIdle: true };
    }
    default:
      return write(acting, secrets, next.write);
  }
}

function soon({ now }: ActionContext): Date {
  return new Date(now().getTime() + PROBLEM_MS);
}

/** The effect of a `wait` decision. */
function rest(next: Extract<PasswordStep, { step: 'wait' }>): StepEffect {
  return next.until ? { waitsFor: 'the passwords before to be in force for a minute' } : { isIdle: true };
}

/** Does the next thing about the passwords, with the primary's word where the engine is asked. */
async function tendPasswords(acting: ActionContext, secrets: Secrets): Promise<StepEffect> {
  const target = targetIn(acting);
  const accounts = accountsOf(acting);
  const primary = await accounts?.ask(acting, secrets);
  const { annotations } = acting.seen.own;
  const there = accountsIn(secrets, target.name);
  const next = decidePasswords({ target, annotations, secrets: there, primary }, acting.now(), makePassword);
  switch (next.step) {
    case 'wait':
      if (primary || !accounts) remember(acting, secrets, { passwords: { inForce: true } });
      return rest(next);
    case 'stuck': {
      const problem = `${next.problem}; ${next.remedy}`;
      remember(acting, secrets, { passwords: { inForce: false, problem, askAgainAt: soon(acting) } });
      return { isIdle: true };
    }
    case 'run': {
      const ran = await accounts?.run(acting, secrets, next.statements);
      return ran === 'locked' ? { waitsFor: 'another controller that sets passwords' } : {};
    }
    default:
      doubtPasswords(acting);
      return write(acting, secrets, next.write);
  }
}

async function createAccount(acting: ActionContext, secrets: Secrets, account: Account): Promise<StepEffect> {
  const target = targetIn(acting);
  const { annotations } = acting.seen.own;
  const there = accountsIn(secrets, target.name);
  if (there[account] !== undefined) return { isIdle: true };
  doubtPasswords(acting);
  return write(acting, secrets, creation(account, { target, annotations }, makePassword));
}

async function createBackupKey(acting: ActionContext, secrets: Secrets): Promise<StepEffect> {
  const { name } = identityOf(acting);
  if (secrets.has(names.backupKeySecret(name))) return { isIdle: true };
  return write(acting, secrets, backupKeyCreation(name, makePassword));
}

/** Creates one Secret, unless it exists by now. */
export const createSecret: Action<'create-secret'> = ({ secret }, acting) =>
  withSecrets(acting, (secrets) => {
    if (secret === 'tls') return tendCertificates(acting, secrets);
    return secret === 'backup-key' ? createBackupKey(acting, secrets) : createAccount(acting, secrets, secret);
  });

/** Does the next step for the certificates. */
export const renewCertificate: Action<'renew-certificate'> = (_, acting) =>
  withSecrets(acting, (secrets) => tendCertificates(acting, secrets));

/** Asks the primary, and does the next step for the passwords. */
export const rotateCredentials: Action<'rotate-credentials'> = (_, acting) =>
  withSecrets(acting, (secrets) => tendPasswords(acting, secrets));

/** Creates the application's role and database, and puts the passwords in force. */
export const ensureApplicationRole: Action<'ensure-application-role'> = (_, acting) =>
  withSecrets(acting, (secrets) => tendPasswords(acting, secrets));
