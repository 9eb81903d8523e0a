import { makeKeys } from '../../../certificates/keys.ts';
import type { CertificateOptions, CertificateState } from '../../../controller/credentials/certificate.ts';
import { decideCertificates } from '../../../controller/credentials/certificate.ts';
import { names } from '../../../generator/names.ts';
import { StoredSecrets, modelFor } from '../../../lab/credentials/stored-secrets.ts';
import type { Files } from './postgresql.ts';

/** The existing certificates of a Database. */
export function certificatesIn(stored: StoredSecrets, name: string): CertificateState {
  return { authority: stored.get(names.authoritySecret(name)), pair: stored.get(names.tlsSecret(name)) };
}

/** Takes all steps that are due; gives their names. */
export async function takeSteps(stored: StoredSecrets, options: CertificateOptions): Promise<string[]> {
  const steps: string[] = [];
  for (;;) {
    const decision = await decideCertificates(certificatesIn(stored, options.target.name), options);
    if (!('write' in decision)) return steps;
    stored.write(decision.write);
    steps.push(decision.step);
  }
}

/** The files that the members of a Database mount. */
export function filesIn(stored: StoredSecrets, name: string): Files {
  const data = stored.get(names.tlsSecret(name))?.data ?? {};
  const text = (key: string): string => data[key]?.reveal() ?? '';
  return { 'ca.crt': text('ca.crt'), 'tls.crt': text('tls.crt'), 'tls.key': text('tls.key') };
}

/** The files that the members of a new Database mount. */
export async function membersFiles(name: string, namespace: string): Promise<Files> {
  const target = modelFor(name, namespace);
  const stored = new StoredSecrets(target);
  await takeSteps(stored, { target, now: new Date(), makeKeys });
  return filesIn(stored, name);
}
