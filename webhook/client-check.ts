import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import type { Log } from '../kubernetes/log.ts';

/** The clients that may call the webhook. */
export interface ClientOptions {
  /** The certificates, in PEM, of the authorities that sign clients. */
  readonly file: string;
  /** Accepted common names; empty accepts all. */
  readonly names: readonly string[];
  readonly intervalMs: number;
  readonly log: Pick<Log, 'warn' | 'info'>;
}

const BEGIN = '-----BEGIN CERTIFICATE-----';

/** Reads authorities; throws when there are none, or one is damaged. */
async function readAuthority(file: string): Promise<string> {
  const found = (await readFile(file, 'utf8')).split(BEGIN).slice(1);
  if (found.length === 0) throw new Error(`${file} must hold a certificate in PEM`);
  return found.map((text) => new X509Certificate(`${BEGIN}${text}`).toString()).join('');
}

/** Requires a client certificate on connections, such as the API server's when an AdmissionConfiguration provides one. */
export class ClientCheck {
  readonly #options: ClientOptions;
  readonly #end = new AbortController();
  #authority: string;
  #changed: () => void = () => undefined;

  private constructor(options: ClientOptions, authority: string) {
    this.#options = options;
    this.#authority = authority;
  }

  /** Reads the file, and again whenever it changes; throws when the first read fails. */
  static async start(options: ClientOptions): Promise<ClientCheck> {
    const check = new ClientCheck(options, await readAuthority(options.file));
    void check.#watch();
    return check;
  }

  /** The authorities that must sign client certificates. */
  authority(): string {
    return this.#authority;
  }

  /** Calls back when the authorities change, from the next connection on. */
  onChange(changed: () => void): void {
    this.#changed = changed;
  }

  /** Whether a client whose certificate TLS has verified has an accepted name. */
  isKnown(socket: TLSSocket): boolean {
    const { names } = this.#options;
    // Without a certificate this is an empty object, whatever its type says.
    const subject = socket.getPeerCertificate().subject as { CN?: unknown } | undefined;
    return socket.authorized && (names.length === 0 || names.some((name) => name === subject?.CN));
  }

  stop(): void {
    this.#end.abort();
  }

  async #watch(): Promise<void> {
    const { file, intervalMs, log } = this.#options;
    const { signal } = this.#end;
    let told = '';
    for (;;) {
      await sleep(intervalMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        const next = await readAuthority(file);
        told = '';
        if (next === this.#authority) continue;
        this.#authority = next;
        this.#changed();
        log.info({ file }, 'another authority for clients');
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'unknown';
        if (reason !== told)
          log.warn({ file, reason }, 'the authority for clients cannot be read; the one before is kept');
        told = reason;
      }
    }
  }
}
