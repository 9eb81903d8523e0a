import { names } from '../../generator/names.ts';
import type { Kubectl } from '../../lab/failover/kubectl.ts';
import { until } from '../cluster/controller.ts';
import { POSTGRESQL } from './installation.ts';

/** A Database's address in the words of a client in its namespace. */
interface Named {
  readonly kubectl: Kubectl;
  readonly namespace: string;
  readonly name: string;
}

const POD = 'client';
const AUTHORITY = '/authority';
const PORT = '5432';
const REACHED_S = 10;

const hostOf = ({ name, namespace }: Named): string => `${names.primaryService(name)}.${namespace}.svc`;

/** A pod with psql, which starts as soon as the Database's authority is there. */
export function clientPod(database: string): object {
  const security = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  const ca = { secretName: names.tlsSecret(database), items: [{ key: 'ca.crt', path: 'ca.crt' }] };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: POD },
    spec: {
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 999, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          ...{ name: 'psql', image: POSTGRESQL.image, command: ['sleep', 'infinity'], securityContext: security },
          volumeMounts: [{ name: 'authority', mountPath: AUTHORITY, readOnly: true }],
        },
      ],
      volumes: [{ name: 'authority', secret: ca }],
    },
  };
}

/**
 * Waits until the client runs and its node leads to the primary. A node's kube-proxy takes up where a Service leads a second
 * or so after the API server knows it, which is all that a Database's conditions can speak of. Until then a connection is
 * refused; one that is begun in the midst of the change finds no host, and says so three seconds later.
 */
export async function untilReached(named: Named): Promise<void> {
  const { kubectl } = named;
  await kubectl.run(['wait', '--for=condition=Ready', `pod/${POD}`, '--timeout=60s'], { limitMs: 70_000 });
  const ask = `pg_isready --timeout=1 --host=${hostOf(named)} --port=${PORT}`;
  const retry = `timeout ${REACHED_S} sh -c 'until ${ask} --quiet; do sleep 0.1; done' || ${ask} >&2`;
  await kubectl.run(['exec', POD, '--', 'sh', '-c', retry]);
}

/** Waits until the client trusts an authority that was recreated: the kubelet brings it some seconds after its Secret is there. */
export async function untilTrusted({ kubectl }: Named, authority: string): Promise<void> {
  await until(
    () => kubectl.run(['exec', POD, '--', 'cat', `${AUTHORITY}/ca.crt`]),
    (known) => known === authority,
  );
}

/** Runs SQL as the application does, from the client's pod and through NAME-primary, with the server's certificate verified. */
export async function askPrimary(named: Named, sql: string, password: string): Promise<string> {
  const verified = `sslmode=verify-full sslrootcert=${AUTHORITY}/ca.crt`;
  const login = `host=${hostOf(named)} port=${PORT} user=app dbname=app ${verified} connect_timeout=5`;
  const psql = ['psql', '--no-psqlrc', '--tuples-only', '--no-align', '--quiet', '--set=ON_ERROR_STOP=1', login];
  const command = ['exec', '--stdin', POD, '--', 'env', `PGPASSWORD=${password}`, ...psql];
  return (await named.kubectl.run(command, { input: sql })).trim();
}
