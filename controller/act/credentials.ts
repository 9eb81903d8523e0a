import { names } from '../../generator/names.ts';
import { decideCertificates } from '../credentials/certificate.ts';
import { makePassword } from '../credentials/password.ts';
import type { PasswordsSeen, PrimarySeen } from '../credentials/rotation.ts';
import { decidePasswords } from '../credentials/rotation.ts';
import type { Account, SecretWrite, SeenSecret } from '../credentials/secret.ts';
import { ACCOUNTS, secretOf } from '../credentials/secret.ts';
import { hasCode } from '../kubernetes/api.ts';
import type { CredentialsSeen } from '../observation.ts';
import { present } from '../observe/raw.ts';
import type { Act, Acting, Effect } from './acting.ts';
import { identityOf } from './acting.ts';
import { askPrimary, runOnPrimary } from './primary.ts';
import { ServerError } from './servers.ts';
import type { Secrets } from './secrets.ts';
import { factsOf, targetIn, readAll, writeSecret } from './secrets.ts';

const FORBIDDEN = 403;

/** Until the Database's Role is there, whoever applies it, its Secrets cannot be read. */
async function withSecrets(acting: Acting, work: (secrets: Secrets) => Promise<Effect>): Promise<Effect> {
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

/** What is known beyond the Secrets themselves. */
type Known = Partial<Pick<CredentialsSeen, 'inForce' | 'problem'>>;

/** What was known stays so while the Secrets of the accounts are as they were. */
function stillKnown(before: CredentialsSeen | undefined, now: CredentialsSeen, name: string): Known {
  const isSame = ACCOUNTS.map((account) => secretOf(account, name)).every(
    (secret) => before?.present.get(secret)?.resourceVersion === now.present.get(secret)?.resourceVersion,
  );
  return before && isSame ? present({ inForce: before.inForce, problem: before.problem }) : {};
}

function remember(acting: Acting, secrets: Secrets, known?: Known): void {
  const { name } = identityOf(acting);
  const facts = factsOf(secrets, name, acting.now());
  const { credentials } = acting.remembered;
  acting.remembered.credentials = { ...facts, ...(known ?? stillKnown(credentials, facts, name)) };
}

async function write(acting: Acting, secrets: Secrets, next: SecretWrite): Promise<Effect> {
  const [name, secret] = await writeSecret(acting, next);
  remember(acting, new Map([...secrets, [name, secret]]));
  return {};
}

function accountsIn(secrets: Secrets, name: string): PasswordsSeen['secrets'] {
  const accounts = ACCOUNTS.map((account): [Account, SeenSecret | undefined] => [
    account,
    secrets.get(secretOf(account, name)),
  ]);
  return Object.fromEntries(accounts.filter(([, secret]) => secret !== undefined));
}

/** Only a person can go on; decisions tell. */
function stuck(acting: Acting, secrets: Secrets, { problem, remedy }: { problem: string; remedy: string }): Effect {
  remember(acting, secrets, { inForce: false, problem: `${problem}; ${remedy}` });
  return {};
}

/** Whether the primary, if it can be asked, is known to take the passwords as they are. */
async function isInForce(acting: Acting, secrets: Secrets): Promise<boolean> {
  const target = targetIn(acting);
  if (target.engine !== 'postgresql') return true;
  try {
    const primary = await askPrimary(acting, secrets);
    if (!primary) return false;
    const { annotations } = acting.seen.own;
    const seen = { target, annotations, secrets: accountsIn(secrets, target.name), primary };
    return decidePasswords(seen, acting.now(), makePassword).step === 'wait';
  } catch (error) {
    // It is asked again when passwords are put in force; that it cannot be asked is told then.
    if (error instanceof ServerError) return false;
    throw error;
  }
}

/** Reads which Secrets there are, and what is to be remembered of them. */
export const readCredentials: Act<'read-credentials'> = (_, acting) =>
  withSecrets(acting, async (secrets) => {
    if (await isInForce(acting, secrets)) remember(acting, secrets, { inForce: true });
    return {};
  });

async function tendCertificates(acting: Acting, secrets: Secrets): Promise<Effect> {
  const { name } = identityOf(acting);
  const seen = { authority: secrets.get(names.authoritySecret(name)), pair: secrets.get(names.tlsSecret(name)) };
  const next = await decideCertificates(seen, {
    target: targetIn(acting),
    now: acting.now(),
    makeKeys: acting.makeKeys,
  });
  if (next.step === 'wait') return {};
  if (next.step === 'stuck') return stuck(acting, secrets, next);
  return write(acting, secrets, next.write);
}

async function tendPasswords(acting: Acting, secrets: Secrets, primary: PrimarySeen | undefined): Promise<Effect> {
  const target = targetIn(acting);
  const { annotations } = acting.seen.own;
  const there = accountsIn(secrets, target.name);
  const next = decidePasswords({ target, annotations, secrets: there, primary }, acting.now(), makePassword);
  switch (next.step) {
    case 'wait':
      if (primary || target.engine !== 'postgresql') remember(acting, secrets, { inForce: true });
      return {};
    case 'stuck':
      return stuck(acting, secrets, next);
    case 'run':
      await runOnPrimary(acting, secrets, next.statements);
      return {};
    default:
      return write(acting, secrets, next.write);
  }
}

/** Makes one Secret, unless it is there by now. */
export const createSecret: Act<'create-secret'> = ({ secret }, acting) =>
  withSecrets(acting, (secrets) =>
    secret === 'tls' ? tendCertificates(acting, secrets) : tendPasswords(acting, secrets, undefined),
  );

/** Does the next thing about the certificates. */
export const renewCertificate: Act<'renew-certificate'> = (_, acting) =>
  withSecrets(acting, (secrets) => tendCertificates(acting, secrets));

/** Does the next thing about the passwords, with the primary's word. */
export const rotateCredentials: Act<'rotate-credentials'> = (_, acting) =>
  withSecrets(acting, async (secrets) => tendPasswords(acting, secrets, await askPrimary(acting, secrets)));

/** Makes the application's role and database, and puts the passwords in force. */
export const ensureApplicationRole: Act<'ensure-application-role'> = (_, acting) =>
  withSecrets(acting, async (secrets) => tendPasswords(acting, secrets, await askPrimary(acting, secrets)));
