import { X509Certificate } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Keys } from '../../../certificates/keys.ts';
import type { CertificateRequest } from '../../../certificates/decide.ts';
import type { Configuration, SecretVersion, Store } from '../../../webhook/certificates/rotate.ts';
import { rotate } from '../../../webhook/certificates/rotate.ts';
import type { Credentials } from '../../../webhook/certificates/source.ts';
import { readAuthorities } from '../../../certificates/secret.ts';

/** A cluster in memory in which replicas run slowly, in any order, and die between any two calls. */
export class World {
  now = new Date('2026-11-21T00:00:00Z');
  secret: SecretVersion = { resourceVersion: '1', data: {} };
  configurations: readonly Configuration[] = [
    { kind: 'ValidatingWebhookConfiguration', resourceVersion: '2', bundles: ['', ''] },
    { kind: 'MutatingWebhookConfiguration', resourceVersion: '3', bundles: [''] },
  ];
  /** Each bundle that stood in a configuration, and until when. */
  readonly past: { readonly bundle: string; until: Date }[] = [];
  readonly steps: string[] = [];
  readonly #trust = new Map<string, Map<string, number>>();
  #version = 10;
  readonly wanted: CertificateRequest;
  readonly makeKeys: () => Promise<Keys>;

  constructor(wanted: CertificateRequest, makeKeys: () => Promise<Keys>) {
    this.wanted = wanted;
    this.makeKeys = makeKeys;
  }

  advance(milliseconds: number): void {
    this.now = new Date(this.now.getTime() + milliseconds);
  }

  /** Calls of one replica, each of which waits at the gate before it happens, and once more before it returns. */
  storeOf(gate: () => Promise<void>): Store {
    const call = async <Result>(action: () => Result): Promise<Result> => {
      await gate();
      const result = action();
      await gate();
      return result;
    };
    return {
      readConfigurations: () => call(() => this.configurations),
      readSecret: () => call(() => this.secret),
      changeSecret: (seen, change) =>
        call(() => {
          if (seen.resourceVersion !== this.secret.resourceVersion) return false;
          this.write({ ...this.secret.data, ...change });
          return true;
        }),
      publish: (seen, bundle) =>
        call(() => {
          const there = this.configurations.find(({ kind }) => kind === seen.kind);
          if (there?.resourceVersion !== seen.resourceVersion) return false;
          this.configure(seen.kind, bundle);
          return true;
        }),
    };
  }

  write(data: Readonly<Record<string, string | undefined>>): void {
    const kept = Object.entries(data).filter((entry): entry is [string, string] => entry[1] !== undefined);
    this.secret = { resourceVersion: String((this.#version += 1)), data: Object.fromEntries(kept) };
  }

  configure(kind: Configuration['kind'], bundle: string): void {
    const resourceVersion = String((this.#version += 1));
    this.configurations = this.configurations.map((one) => {
      if (one.kind !== kind) return one;
      for (const old of new Set(one.bundles)) this.past.push({ bundle: old, until: this.now });
      return { ...one, resourceVersion, bundles: one.bundles.map(() => bundle) };
    });
  }

  /** The problem for a client with the configurations of that time, or of any moment since; empty without one. */
  faultOf({ certificate, notAfter }: Credentials, lagMs: number): string {
    if (notAfter <= this.now) return 'expired';
    const from = this.now.getTime() - lagMs;
    while (this.past[0] && this.past[0].until.getTime() <= from) this.past.shift();
    const remembered = this.past.filter(({ bundle }) => bundle !== '');
    const bundles = [...this.configurations.flatMap((one) => one.bundles), ...remembered.map(({ bundle }) => bundle)];
    const trusted = [...new Set(bundles)].every(
      (bundle) => this.#trustedUntil(certificate, bundle) > this.now.getTime(),
    );
    return trusted ? '' : 'not trusted';
  }

  /** Until when the authority lives that signed the certificate; 0 when it is not in the bundle. */
  #trustedUntil(certificate: string, bundle: string): number {
    const known = this.#trust.get(certificate) ?? new Map<string, number>();
    this.#trust.set(certificate, known);
    const there = known.get(bundle);
    if (there !== undefined) return there;
    const parsed = new X509Certificate(certificate);
    const signs = (one: X509Certificate): boolean => parsed.checkIssued(one) && parsed.verify(one.publicKey);
    const until = readAuthorities(bundle).find(signs)?.validToDate.getTime() ?? 0;
    known.set(bundle, until);
    return until;
  }
}

/** One replica of the webhook: at most one pass at a time, which can be held, let go on, or killed. */
export class Replica {
  serving: Credentials | undefined;
  lastPass: Date;
  failure: unknown;
  #world: World;
  #open: (() => void) | undefined;
  #running = false;

  constructor(world: World) {
    this.#world = world;
    this.lastPass = world.now;
  }

  get isIdle(): boolean {
    return !this.#running;
  }

  startPass(): void {
    const { wanted, makeKeys, steps } = this.#world;
    this.#running = true;
    const store = this.#world.storeOf(() => new Promise((resolve) => (this.#open = resolve)));
    const onServable = (credentials: Credentials): void => void (this.serving = credentials);
    rotate({ store, wanted, makeKeys, clock: () => this.#world.now, onStep: (step) => steps.push(step), onServable })
      .catch((error: unknown) => (this.failure = error))
      .finally(() => {
        this.#running = false;
        this.lastPass = this.#world.now;
      });
  }

  /** Lets the call that waits happen, or return; then the replica runs up to its next one. */
  async goOn(): Promise<void> {
    this.#open?.();
    await turn();
  }

  /** Runs the pass to its end without concurrent writers. */
  async pass(): Promise<void> {
    if (this.isIdle) this.startPass();
    while (!this.isIdle) await this.goOn();
  }
}
