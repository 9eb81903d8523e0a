import { ENGINES } from '../../database/engines/index.ts';
import { REPLICATION_ROLE } from '../../database/engines/postgresql.ts';
import type { Json } from '../../database/json.ts';
import { KEPT_BY_ARGO, MANAGED_BY_LABEL, labelsOf } from '../../generator/metadata.ts';
import type { Labels, Manifest } from '../../generator/metadata.ts';
import type { Model } from '../../generator/model.ts';
import { names } from '../../generator/names.ts';
import { Confidential } from './confidential.ts';
import { connectionOf } from './connection.ts';

/** An account whose password Ballast manages. */
export type Account = 'superuser' | 'replication' | 'app';

/** All accounts, in the order in which their Secrets are created. */
export const ACCOUNTS: readonly Account[] = ['superuser', 'replication', 'app'];

/** The decoded data of a Secret: key to text. */
export type SecretData = Readonly<Record<string, Confidential>>;

const NAMES: Readonly<Record<Account, (name: string) => string>> = {
  superuser: names.superuserSecret,
  replication: names.replicationSecret,
  app: names.appSecret,
};

/** Name of the Secret of an account. */
export function secretOf(account: Account, name: string): string {
  return NAMES[account](name);
}

/** Names of the Secrets that Ballast creates for every Database; a confirmed deletion removes them. */
export function secretNames(name: string): string[] {
  const all = [...ACCOUNTS.map((account) => NAMES[account]), names.tlsSecret, names.authoritySecret];
  return all.map((make) => make(name));
}

/** The data of an account's Secret for this password. */
export function dataOf(
  account: Account,
  model: Pick<Model, 'name' | 'namespace' | 'engine'>,
  password: Confidential,
): SecretData {
  switch (account) {
    case 'superuser':
      return { username: new Confidential(ENGINES[model.engine].superuser), password };
    case 'replication':
      return { username: new Confidential(REPLICATION_ROLE), password };
    case 'app':
      return connectionOf(model, password);
  }
}

/** A Secret to create. */
export interface NewSecret {
  readonly name: string;
  readonly type: 'kubernetes.io/basic-auth' | 'kubernetes.io/tls' | 'Opaque';
  readonly data: SecretData;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A change of an existing Secret; undefined removes a key or an annotation, all others stay. */
export interface SecretChange {
  readonly name: string;
  readonly data: Readonly<Record<string, Confidential | undefined>>;
  readonly annotations?: Readonly<Record<string, string | undefined>>;
}

/** A write of one Secret: a creation, or a change at the version that was read. */
export type SecretWrite =
  | { readonly verb: 'create'; readonly secret: NewSecret }
  | { readonly verb: 'patch'; readonly change: SecretChange; readonly resourceVersion: string };

/** A Secret as the API server returns it. */
export interface StoredSecret {
  readonly metadata: {
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
}

/** The contents of a Secret that was read. */
export interface SecretContents {
  readonly resourceVersion: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: SecretData;
  /** Whether Ballast created it; a user-supplied Secret is used and never written. */
  readonly ours: boolean;
}

/** Decodes a Secret of the API server. */
export function readSecret({ metadata, data = {} }: StoredSecret): SecretContents {
  const { resourceVersion = '', annotations = {}, labels = {} } = metadata;
  const texts = Object.entries(data).map(([key, value]): [string, Confidential] => [
    key,
    new Confidential(Buffer.from(value, 'base64').toString('utf8')),
  ]);
  return {
    resourceVersion,
    annotations,
    data: Object.fromEntries(texts),
    ours: labels[MANAGED_BY_LABEL] === 'ballast',
  };
}

const encoded = (text: Confidential): string => Buffer.from(text.reveal()).toString('base64');

/** The labels of the rendered objects without the version, which would become outdated. */
function labelsOfSecret(model: Model): Labels {
  return Object.fromEntries(Object.entries(labelsOf(model)).filter(([label]) => label !== 'app.kubernetes.io/version'));
}

/** The object to create. It has no owner reference: a Secret outlives its Database unless the deletion policy says otherwise. */
export function manifestOf(model: Model, { name, type, data, annotations }: NewSecret): Manifest {
  const { namespace } = model;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: labelsOfSecret(model), annotations: { ...KEPT_BY_ARGO, ...annotations } },
    type,
    data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, encoded(text)])),
  };
}

/** The merge patch of a change; it applies to the version that was read only. */
export function patchOf({ data, annotations }: SecretChange, resourceVersion: string): Record<string, Json> {
  const texts = Object.entries(data).map(([key, text]) => [key, text ? encoded(text) : null]);
  const notes = Object.entries(annotations ?? {}).map(([key, text]) => [key, text ?? null]);
  return {
    metadata: { resourceVersion, annotations: Object.fromEntries(notes) as Record<string, Json> },
    data: Object.fromEntries(texts) as Record<string, Json>,
  };
}
