import pino from 'pino';
import type { CertificateSource } from '../../webhook/certificates/source.ts';
import type { Log } from '../../webhook/app.ts';
import { NoCertificate, serve } from '../../webhook/serve.ts';
import { UsageError, errorCode, ioReason } from '../errors.ts';

/** Options of `ballast webhook`. */
export interface WebhookOptions {
  readonly host: string;
  readonly port: number;
  readonly drain: number;
  /** Folder with tls.crt and tls.key; absent when Ballast makes its own. */
  readonly certificates?: string;
  readonly namespace: string;
  readonly service: string;
  readonly alsoFor: readonly string[];
  readonly secret: string;
  readonly configuration: string;
  readonly logLevel: string;
}

async function sourceOf(options: WebhookOptions, log: Log): Promise<CertificateSource> {
  const { certificates } = options;
  if (certificates !== undefined) {
    const { certificatesFromFiles } = await import('../../webhook/certificates/files.ts');
    return certificatesFromFiles({ folder: certificates, intervalMs: 10_000, log });
  }
  const { selfSigned } = await import('../../webhook/certificates/self-signed.ts');
  const { namespace, service, secret, configuration, alsoFor: hosts } = options;
  return selfSigned({ namespace, service, secret, configuration, hosts, log });
}

/** Runs the admission webhook until SIGTERM or SIGINT. Gives the exit code. */
export async function webhook(options: WebhookOptions): Promise<number> {
  const log = pino({ level: options.logLevel, base: { part: 'webhook' }, timestamp: pino.stdTimeFunctions.isoTime });
  const end = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      end.abort();
    });
  }
  const { host, port, drain } = options;
  const source = await sourceOf(options, log);
  try {
    const drainMs = drain * 1000;
    await serve({ host, port, drainMs, source, log, signal: end.signal, clock: () => new Date() });
  } catch (error) {
    if (error instanceof NoCertificate)
      throw new UsageError(`the webhook could not start: ${error.message}`, { cause: error });
    if (errorCode(error) === '') throw error;
    throw new UsageError(`the webhook could not start: ${ioReason(error)}`, { cause: error });
  }
  return 0;
}
