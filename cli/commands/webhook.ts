import pino from 'pino';
import type { CertificateSource } from '../../webhook/certificates/source.ts';
import { ClientCheck } from '../../webhook/client-check.ts';
import type { Log } from '../../kubernetes/log.ts';
import { NoCertificate, serve } from '../../webhook/serve.ts';
import { UsageError, errorCode, ioReason } from '../errors.ts';
import type { Address } from '../options.ts';

/** Options of `ballast webhook`. */
export interface WebhookOptions {
  readonly host: string;
  readonly port: number;
  readonly drain: number;
  readonly metricsAddress: Address;
  /** File with the authorities that sign client certificates; absent when any client may call. */
  readonly clientCa?: string;
  readonly clientName: readonly string[];
  /** Folder with tls.crt and tls.key; absent when Ballast makes its own certificate. */
  readonly certificates?: string;
  readonly namespace: string;
  readonly service: string;
  readonly alsoFor: readonly string[];
  readonly secret: string;
  readonly configuration: string;
  readonly logLevel: string;
}

const INTERVAL_MS = 10_000;

/** The check of client certificates; undefined when any client may call. */
async function clientsOf({ clientCa, clientName }: WebhookOptions, log: Log): Promise<ClientCheck | undefined> {
  if (clientCa === undefined && clientName.length > 0)
    throw new UsageError('--client-name must come with --client-ca, the file with the authorities that sign clients');
  if (clientCa === undefined) return undefined;
  try {
    return await ClientCheck.start({ file: clientCa, names: clientName, intervalMs: INTERVAL_MS, log });
  } catch (error) {
    const reason = errorCode(error) === '' ? (error as Error).message : ioReason(error);
    throw new UsageError(`--client-ca cannot be used: ${reason}`, { cause: error });
  }
}

async function sourceOf(options: WebhookOptions, log: Log): Promise<CertificateSource> {
  const { certificates } = options;
  if (certificates !== undefined) {
    const { certificatesFromFiles } = await import('../../webhook/certificates/files.ts');
    return certificatesFromFiles({ folder: certificates, intervalMs: INTERVAL_MS, log });
  }
  const { selfSigned } = await import('../../webhook/certificates/self-signed.ts');
  const { namespace, service, secret, configuration, alsoFor: hosts } = options;
  return selfSigned({ namespace, service, secret, configuration, hosts, log });
}

/** Runs the admission webhook until SIGTERM or SIGINT. Returns the exit code. */
export async function webhook(options: WebhookOptions): Promise<number> {
  // Node creates an error with a full stack for every request whose connection ends: under a flood of them this would cost more than
  // all other work. One line suffices to locate a fault.
  Error.stackTraceLimit = 1;
  const log = pino({ level: options.logLevel, base: { part: 'webhook' }, timestamp: pino.stdTimeFunctions.isoTime });
  const end = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      end.abort();
    });
  }
  const { host, port, drain, metricsAddress: health } = options;
  const clients = await clientsOf(options, log);
  const source = await sourceOf(options, log);
  try {
    const drainMs = drain * 1000;
    const where = { host, port, health, ...(clients && { clients }) };
    await serve({ ...where, drainMs, source, log, signal: end.signal, clock: () => new Date() });
  } catch (error) {
    if (error instanceof NoCertificate)
      throw new UsageError(`the webhook could not start: ${error.message}`, { cause: error });
    if (errorCode(error) === '') throw error;
    throw new UsageError(`the webhook could not start: ${ioReason(error)}`, { cause: error });
  } finally {
    clients?.stop();
  }
  return 0;
}
