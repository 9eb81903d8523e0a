import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../kubernetes/log.ts';
import { makeKeys } from '../../certificates/keys.ts';
import type { Lifetimes, Subject } from '../../certificates/decide.ts';
import { rotate } from './rotate.ts';
import type { Store } from './rotate.ts';
import type { StoreOptions } from './secret-store.ts';
import { clusterStore } from './secret-store.ts';
import type { CertificateSource, Credentials } from './source.ts';

/** The names in the certificate, and the Secret that stores it. */
export interface SelfSignedOptions extends StoreOptions {
  /** Name of the Service in front of the webhook. */
  readonly service: string;
  readonly log: Log;
  /** Additional DNS names and IP addresses of the webhook. */
  readonly hosts?: readonly string[];
  readonly lifetimes?: Lifetimes;
  /** Milliseconds of retries before a failing start gives up. */
  readonly startMs?: number;
  /** Replaces the cluster in tests. */
  readonly store?: Store;
}

const DAY_MS = 86_400_000;
/** The long propagation costs nothing: only the next authority waits for it. */
const LIFETIMES: Lifetimes = { authorityMs: 365 * DAY_MS, serverMs: 30 * DAY_MS, propagationMs: 600_000 };
const SUBJECT: Subject = { authority: 'Ballast webhook authority', server: 'Ballast webhook' };
const LONGEST_INTERVAL_MS = 60_000;
const FIRST_RETRY_MS = 500;
const START_MS = 60_000;

/** Varies a delay by up to a quarter, so that replicas do not act at the same moment. */
function jittered(milliseconds: number): number {
  return milliseconds * (0.75 + Math.random() / 2);
}

function hostsOf({ service, namespace, hosts = [] }: SelfSignedOptions): string[] {
  return [`${service}.${namespace}.svc`, `${service}.${namespace}.svc.cluster.local`, ...hosts];
}

/** Makes the webhook's certificate and renews it in time, together with all replicas that share the Secret. */
class SelfSigned implements CertificateSource {
  readonly #options: SelfSignedOptions;
  readonly #lifetimes: Lifetimes;
  readonly #store: Store;
  readonly #end = new AbortController();
  #onChange: (credentials: Credentials) => void = () => undefined;
  #serving: Credentials | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(options: SelfSignedOptions) {
    this.#options = options;
    this.#lifetimes = options.lifetimes ?? LIFETIMES;
    this.#store = options.store ?? clusterStore(options);
  }

  async start(onChange: (credentials: Credentials) => void): Promise<Credentials> {
    const end = performance.now() + (this.#options.startMs ?? START_MS);
    for (let failures = 0; ;) {
      const failure = await this.#pass();
      const first = this.#serving;
      if (first && !failure) {
        this.#onChange = onChange;
        this.#loop = this.#keep();
        return first;
      }
      failures += 1;
      if (performance.now() > end || this.#end.signal.aborted) {
        throw new Error(`no certificate: ${failure?.message ?? 'none can be served yet'}`);
      }
      await this.#sleep(this.#afterFailures(failures));
    }
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#loop;
  }

  /** Runs passes until the end; failures are logged and have no other effect. */
  async #keep(): Promise<void> {
    const shortest = Math.min(this.#lifetimes.authorityMs, this.#lifetimes.serverMs);
    const interval = Math.min(LONGEST_INTERVAL_MS, shortest / 12);
    let failures = 0;
    for (;;) {
      await this.#sleep(failures === 0 ? interval : Math.min(interval, this.#afterFailures(failures)));
      if (this.#end.signal.aborted) return;
      failures = (await this.#pass()) ? failures + 1 : 0;
    }
  }

  /** Runs one pass; returns the failure. */
  async #pass(): Promise<Error | undefined> {
    const { log, secret, configuration } = this.#options;
    try {
      await rotate({
        store: this.#store,
        wanted: { subject: SUBJECT, hosts: hostsOf(this.#options), lifetimes: this.#lifetimes },
        clock: () => new Date(),
        makeKeys,
        onStep: (step) => {
          log.info({ step, secret, configuration }, 'certificate rotation');
        },
        onServable: (credentials) => {
          this.#serve(credentials);
        },
      });
      return undefined;
    } catch (error) {
      const failure = error instanceof Error ? error : new Error('unknown failure');
      log.error({ secret, configuration, reason: failure.message }, 'certificate rotation failed, will be tried again');
      return failure;
    }
  }

  #serve(credentials: Credentials): void {
    if (this.#serving?.certificate === credentials.certificate && this.#serving.key === credentials.key) return;
    this.#onChange(credentials);
    this.#serving = credentials;
  }

  #afterFailures(failures: number): number {
    return Math.min(LONGEST_INTERVAL_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10));
  }

  async #sleep(milliseconds: number): Promise<void> {
    await sleep(jittered(milliseconds), undefined, { signal: this.#end.signal }).catch(() => undefined);
  }
}

/** Certificates that Ballast makes itself, for clusters without cert-manager. */
export function selfSigned(options: SelfSignedOptions): CertificateSource {
  return new SelfSigned(options);
}
