import { ENGINES } from '../../database/engines/index.ts';
import type { Model } from '../../generator/model.ts';
import { names } from '../../generator/names.ts';
import { Confidential } from './confidential.ts';

/** Name of the application's role and of its database. */
export const APP = 'app';

/** How an engine is reached: its port, and what its clients write. */
interface Protocol {
  readonly uri: (authority: string) => string;
  readonly jdbcUri?: (address: string, username: string, password: string) => string;
  /** Files that its clients read, by the key of the Secret. */
  readonly files?: (address: string, password: string) => Readonly<Record<string, string>>;
}

const PROTOCOLS: Readonly<Record<Model['engine'], Protocol>> = {
  postgresql: {
    uri: (authority) => `postgresql://${authority}/${APP}?sslmode=require`,
    jdbcUri: (address, username, password) =>
      `jdbc:postgresql://${address}/${APP}?user=${username}&password=${password}&sslmode=require`,
    files: (address, password) => ({ pgpass: `${address}:${APP}:${APP}:${password.replace(/[\\:]/g, '\\$&')}\n` }),
  },
  mysql: {
    uri: (authority) => `mysql://${authority}/${APP}`,
    jdbcUri: (address, username, password) =>
      `jdbc:mysql://${address}/${APP}?user=${username}&password=${password}&sslMode=REQUIRED`,
  },
  mongodb: {
    uri: (authority) => `mongodb://${authority}/${APP}?tls=true`,
  },
};

/** The Database, and the account that connects. */
export type Target = Pick<Model, 'name' | 'namespace' | 'engine'>;

/**
 * The data that an application needs to connect, in the forms that clients read. The host omits the cluster's domain, so that a later
 * change of the settings cannot invalidate it. The password must consist of letters and digits, or it is escaped.
 */
export function connectionOf(target: Target, password: Confidential): Readonly<Record<string, Confidential>> {
  const { uri, jdbcUri, files } = PROTOCOLS[target.engine];
  const { port } = ENGINES[target.engine];
  const host = `${names.primaryService(target.name)}.${target.namespace}.svc`;
  const address = `${host}:${port}`;
  const secret = password.reveal();
  const escaped = encodeURIComponent(secret);
  const texts = {
    username: APP,
    password: secret,
    database: APP,
    host,
    port: String(port),
    uri: uri(`${APP}:${escaped}@${address}`),
    ...(jdbcUri && { 'jdbc-uri': jdbcUri(address, APP, escaped) }),
    ...files?.(address, secret),
  };
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, new Confidential(text)]));
}
