import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../kubernetes/log.ts';
import type { CertificateSource, Credentials } from './source.ts';

/** The folder of the pair, and how often to read it. */
export interface FilesOptions {
  /** Folder with tls.crt and tls.key, as a Secret is mounted. */
  readonly folder: string;
  readonly intervalMs: number;
  readonly log: Pick<Log, 'warn'>;
}

type Listener = (credentials: Credentials) => void;

/** Reads the pair; throws when a file is unreadable or the two do not belong together. */
async function readPair(folder: string): Promise<Credentials> {
  const [certificate = '', key = ''] = await Promise.all(
    ['tls.crt', 'tls.key'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  const parsed = new X509Certificate(certificate);
  if (!parsed.checkPrivateKey(createPrivateKey(key))) throw new Error('tls.key does not belong to tls.crt');
  return { certificate, key, notAfter: parsed.validToDate };
}

/**
 * Polls until the signal aborts, because the kubelet replaces the folder through symbolic links, which file watches miss. An incomplete
 * pair is skipped and logged once.
 */
async function watch(
  options: FilesOptions,
  first: Credentials,
  signal: AbortSignal,
  onChange: Listener,
): Promise<void> {
  const { folder, intervalMs, log } = options;
  let current = first;
  let told = '';
  for (;;) {
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const next = await readPair(folder);
      if (next.certificate !== current.certificate || next.key !== current.key) onChange(next);
      current = next;
      told = '';
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      if (reason !== told) log.warn({ folder, reason }, 'the certificate cannot be read; the one before is kept');
      told = reason;
    }
  }
}

/** Serves the pair that another program, such as cert-manager, keeps in a folder. */
export function certificatesFromFiles(options: FilesOptions): CertificateSource {
  const end = new AbortController();
  let watching: Promise<void> = Promise.resolve();
  return {
    start: async (onChange) => {
      const first = await readPair(options.folder);
      watching = watch(options, first, end.signal, onChange);
      return first;
    },
    stop: async () => {
      end.abort();
      await watching;
    },
  };
}
