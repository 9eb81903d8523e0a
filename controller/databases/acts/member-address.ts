import { names } from '../../../generator/names.ts';
import type { Confidential } from '../../credentials/confidential.ts';
import type { SecretContents } from '../../credentials/secret.ts';
import type { ActionContext } from './action.ts';
import { identityOf } from './action.ts';
import { ordinalOf } from '../../cluster/values.ts';
import { readOne } from './secrets.ts';
import type { Member, Pair } from '../../engines/servers.ts';
import { ServerError } from '../../engines/servers.ts';

/** A certificate pair and the authorities that it is trusted by. */
type KnownPair = Pair & { readonly authority: string };

function textOf(text: Confidential | undefined): string {
  return text?.reveal() ?? '';
}

/** The Database's certificate with its authority from its Secret; undefined while absent. */
export function pairIn(secret: Pick<SecretContents, 'data'> | undefined): KnownPair | undefined {
  const { 'ca.crt': authority, 'tls.crt': certificate, 'tls.key': key } = secret?.data ?? {};
  return key && { authority: textOf(authority), certificate: textOf(certificate), key };
}

/** Reads the Database's certificate with its authority; undefined while absent. */
export async function readPair(acting: ActionContext): Promise<KnownPair | undefined> {
  return pairIn(await readOne(acting, names.tlsSecret(identityOf(acting).name)));
}

/** The address of a member: its own name, which its certificate covers. Throws a ServerError for a pod that is no member. */
export function memberOf(acting: ActionContext, pod: string, authority: string): Member {
  const { name, namespace } = identityOf(acting);
  // The projections contain members only; this is the last check before the text becomes an address.
  if (ordinalOf(pod, name) === undefined) throw new ServerError(`${name} has no such member`, '');
  const domain = acting.looking.settings.clusterDomain;
  return { host: `${pod}.${names.podsService(name)}.${namespace}.svc.${domain}`, authority };
}
