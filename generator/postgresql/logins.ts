import { ENGINES } from '../../database/engines/index.ts';
import { REPLICATION_ROLE } from '../../database/engines/postgresql.ts';
import type { Json } from '../../database/json.ts';
import { memberAccountOf } from '../accounts.ts';
import type { Model } from '../model.ts';
import { MONITOR } from './exporter.ts';
import { PATHS } from './paths-and-ports.ts';

const { superuser: SUPERUSER } = ENGINES.postgresql;

const COLUMNS = '# type  database     user        address  method';

/** Inside the container: a process of the user postgres has all rights anyway, and pgBackRest connects this way. */
const LOCAL = [
  `local   all          ${SUPERUSER}             peer`,
  'local   all          all                  scram-sha-256',
  // Patroni asks its own server for its timeline this way.
  `local   replication  ${REPLICATION_ROLE}           scram-sha-256`,
];

/** The exporter in the same pod, by its system account; it reads statistics, and no database but this. */
const MEASURING = [`local   postgres     ${MONITOR.role.padEnd(21)}peer`];

/** Over the network while members without a certificate may run. */
const PASSWORD_ONLY = [
  `hostssl replication  ${REPLICATION_ROLE}  all      scram-sha-256`,
  'hostssl all          all         all      scram-sha-256',
];

/** Over the network. The first line that matches a login decides: a client without a certificate is not tried on a later line. */
const WITH_CERTIFICATE = [
  `hostssl all          ${SUPERUSER}    all      scram-sha-256  clientcert=verify-ca`,
  `hostssl replication  ${REPLICATION_ROLE}  all      scram-sha-256  clientcert=verify-ca`,
  `host    all          ${SUPERUSER}    all      reject`,
  `host    all          ${REPLICATION_ROLE}  all      reject`,
  'host    replication  all         all      reject',
  'hostssl all          all         all      scram-sha-256',
  'host    all          all         all      reject',
];

/** pg_hba.conf while it was part of a member's start configuration. */
const BEFORE = [COLUMNS, ...LOCAL, ...PASSWORD_ONLY, ''].join('\n');

type Logins = Pick<Model, 'name' | 'accounts'>;

/**
 * pg_hba.conf: TLS and SCRAM for all logins. The superuser and the replication account also present a certificate of the Database's own
 * authority, as members and the controller can. A running member reloads the file.
 */
export function hbaConf(model: Logins): string {
  const network = memberAccountOf(model) === 'own' ? WITH_CERTIFICATE : PASSWORD_ONLY;
  return [COLUMNS, ...MEASURING, ...LOCAL, ...network, ''].join('\n');
}

const VERIFIED = { sslmode: 'verify-ca', sslrootcert: `${PATHS.tls}/ca.crt` } as const;
const SHOWN = { sslcert: `${PATHS.tls}/tls.crt`, sslkey: `${PATHS.tls}/tls.key` } as const;

const bothAccounts = (tls: Readonly<Record<string, string>>): Json => ({
  replication: { ...tls, username: REPLICATION_ROLE },
  superuser: { ...tls, username: SUPERUSER },
});

/** The login of a member at another: over verified TLS, presenting the Database's own certificate. */
export const AUTHENTICATION: Json = bothAccounts({ ...SHOWN, ...VERIFIED });

/**
 * The part of the logins that a member reads only at its start. A member under an account of an earlier version is not recreated for a
 * certificate that no server requires.
 */
export function loginsAtStart(model: Logins): { readonly authentication: Json; readonly hba: string } {
  const isEarlier = memberAccountOf(model) === 'earlier';
  return isEarlier
    ? { authentication: bothAccounts(VERIFIED), hba: BEFORE }
    : { authentication: AUTHENTICATION, hba: '' };
}
