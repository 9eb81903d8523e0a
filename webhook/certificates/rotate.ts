import type { Keys } from '../../certificates/keys.ts';
import type { SecretDataChange } from '../../certificates/issue.ts';
import { changeOf } from '../../certificates/issue.ts';
import type { CertificateDecision, CertificatesState, CertificateRequest } from '../../certificates/decide.ts';
import { decide, isServable } from '../../certificates/decide.ts';
import type { Credentials } from './source.ts';
import type { Data } from '../../certificates/secret.ts';
import { readStored } from '../../certificates/secret.ts';

/** One webhook configuration at the version that was read. */
export interface Configuration {
  readonly kind: 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration';
  readonly resourceVersion: string;
  /** The bundle of each of its webhooks, PEM; empty where absent. */
  readonly bundles: readonly string[];
}

/** The Secret at the version that was read. */
export interface SecretVersion {
  readonly resourceVersion: string;
  readonly data: Data;
}

/** The stored state. A write applies to the version that was read only, and returns false when another writer was faster. */
export interface Store {
  /** The configurations that exist. */
  readonly readConfigurations: () => Promise<readonly Configuration[]>;
  readonly readSecret: () => Promise<SecretVersion>;
  readonly changeSecret: (seen: SecretVersion, change: SecretDataChange) => Promise<boolean>;
  readonly publish: (seen: Configuration, bundle: string) => Promise<boolean>;
}

/** Dependencies of a pass. */
export interface RotateOptions {
  readonly store: Store;
  readonly wanted: CertificateRequest;
  readonly clock: () => Date;
  readonly makeKeys: () => Promise<Keys>;
  /** Called after each step. */
  readonly onStep: (step: CertificateDecision['step']) => void;
  /** Called with each pair that may be served, as soon as it is read. */
  readonly onServable: (credentials: Credentials) => void;
}

/** A rotation has six steps; more steps come from concurrent writers. */
const MOST_STEPS = 20;

async function act(
  decision: CertificateDecision,
  secret: SecretVersion,
  seen: CertificatesState,
  options: RotateOptions,
): Promise<boolean> {
  const { wanted, clock, makeKeys, store } = options;
  const change = await changeOf(decision, seen, { now: clock(), wanted, makeKeys });
  return store.changeSecret(secret, change);
}

async function publish(configurations: readonly Configuration[], bundle: string, store: Store): Promise<boolean> {
  const behind = configurations.filter(({ bundles }) => bundles.some((one) => one !== bundle));
  for (const configuration of behind) {
    if (!(await store.publish(configuration, bundle))) return false;
  }
  return true;
}

/** Observes, decides and acts once. Returns whether nothing is left to do now. */
async function takeStep(options: RotateOptions): Promise<boolean> {
  const { store, wanted, clock, onStep, onServable } = options;
  // In this order: a bundle is published only over the configuration that was read before the Secret, so a slow replica cannot
  // overwrite a newer bundle with an older one.
  const configurations = await store.readConfigurations();
  const secret = await store.readSecret();
  const stored = readStored(secret.data);
  const seen = { stored, published: configurations.flatMap(({ bundles }) => bundles) };
  if (stored.server && isServable(seen, clock(), wanted.hosts)) {
    const { certificate, key, parsed } = stored.server;
    onServable({ certificate, key, notAfter: parsed.validToDate });
  }
  const decision = decide(seen, clock(), wanted);
  if (decision.step === 'wait') return true;
  const done =
    decision.step === 'publish'
      ? await publish(configurations, stored.bundle, store)
      : await act(decision, secret, seen, options);
  if (done) onStep(decision.step);
  return false;
}

/** Takes steps until nothing is left to do now. Throws when the API server does not answer or refuses. */
export async function rotate(options: RotateOptions): Promise<void> {
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    if (await takeStep(options)) return;
  }
  throw new Error('the Secret or the configurations were changed by somebody else again and again');
}
