import { names } from '../../../generator/names.ts';
import type { Confidential } from '../../credentials/confidential.ts';
import type { SecretContents } from '../../credentials/secret.ts';
import type { ActionContext } from './action.ts';
import { identityOf } from './action.ts';
import { ordinalOf } from '../../cluster/values.ts';
import { readOne } from './secrets.ts';
import type { Member, Pair } from '../../engines/servers.ts';
import { ServerError } from '../../engines/servers.ts';

/** A pair, and the certificates that it is trusted by. */
type KnownPair = Pair & { readonly authority: string };

function textOf(text: Confidential | undefined): string {
  return text?.reveal() ?? '';
}

/** The Database's certificate, with the authority behind it, as its Secret holds them; undefined when there is none yet. */
export function pairIn(secret: Pick<SecretContents, 'data'> | undefined): KnownPair | undefined {
  const { 'ca.crt': authority, 'tls.crt': certificate, 'tls.key': key } = secret?.data ?? {};
  return key && { authority: textOf(authority), certificate: textOf(certificate), key };
}

/** Reads the Database's certificate, with the authority behind it; undefined when there is none yet. */
export async function readPair(acting: ActionContext): Promise<KnownPair | undefined> {
  return pairIn(await readOne(acting, names.tlsSecret(identityOf(acting).name)));
}

/** How a member is reached: by its own name, which its certificate is made for. Throws a ServerError for who is none. */
export function memberOf(acting: ActionContext, pod: string, authority: string): Member {
  const { name, namespace } = identityOf(acting);
  // Nothing else comes from the projections; this is the last place before the text becomes an address.
  if (ordinalOf(pod, name) === undefined) throw new ServerError(`${name} has no such member`, '');
  const domain = acting.looking.settings.clusterDomain;
  return { host: `${pod}.${names.podsService(name)}.${namespace}.svc.${domain}`, authority };
}
