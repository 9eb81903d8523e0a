import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../app.ts';
import type { CertificateSource, Credentials } from './source.ts';

/** Where the pair is, and how often it is looked at. */
export interface FilesOptions {
  /** Folder with tls.crt and tls.key, as a Secret is mounted. */
  readonly folder: string;
  readonly intervalMs: number;
  readonly log: Pick<Log, 'warn'>;
}

/** Reads the pair; throws when it cannot be read, or the two do not belong together. */
async function readPair(folder: string): Promise<Credentials> {
  const [certificate, key] = await Promise.all(
    ['tls.crt', 'tls.key'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  const parsed = new X509Certificate(certificate ?? '');
  if (!parsed.checkPrivateKey(createPrivateKey(key ?? ''))) {
    throw new Error('tls.key does not belong to tls.crt');
  }
  return { certificate: certificate ?? '', key: key ?? '', notAfter: new Date(parsed.validTo) };
}

/** Takes the pair that somebody else, such as cert-manager, keeps in a folder; a pair that is only half there is passed over. */
export function certificatesFromFiles({ folder, intervalMs, log }: FilesOptions): CertificateSource {
  let timer: NodeJS.Timeout | undefined;
  return {
    start: async (onChange) => {
      const first = await readPair(folder);
      let current = first.certificate;
      const look = async (): Promise<void> => {
        try {
          const next = await readPair(folder);
          if (next.certificate !== current) onChange(next);
          current = next.certificate;
        } catch (error) {
          log.warn({ folder, reason: error instanceof Error ? error.message : 'unknown' }, 'no new certificate');
        }
      };
      timer = setInterval(() => void look(), intervalMs);
      return first;
    },
    stop: () => {
      clearInterval(timer);
      return Promise.resolve();
    },
  };
}
