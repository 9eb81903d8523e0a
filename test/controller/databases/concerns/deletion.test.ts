import type { ManagedObject, Observation, SecretSeen } from '../../../../controller/databases/observation.ts';
import { NOW, claim, healthy, lock, without, UID } from '../../observations.ts';
import type { Case } from './cases.ts';
import { itDecides } from './cases.ts';

function child(kind: string, name: string, changes: Partial<ManagedObject> = {}): ManagedObject {
  const uid = `uid-of-${kind}-${name}`;
  return {
    apiVersion: 'v1',
    kind,
    name,
    uid,
    resourceVersion: '9',
    revision: '',
    deleting: false,
    mark: '',
    ...changes,
  };
}

/** An object that carries the Database's label, and none of Ballast's. */
function unmarked(kind: string, name: string): ManagedObject {
  const { apiVersion, uid, resourceVersion, revision, deleting } = child(kind, name);
  return { apiVersion, kind, name, uid, resourceVersion, revision, deleting };
}

const ROLE = child('Role', 'orders-controller');
const BINDING = child('RoleBinding', 'orders-controller');
const CLAIMS = [child('PersistentVolumeClaim', 'data-orders-0'), child('PersistentVolumeClaim', 'orders-backup')];
const REPOSITORY = child('Deployment', 'orders-backup');
const RUN = { apiVersion: 'batch/v1', kind: 'Job', name: 'last-run', uid: 'j1', resourceVersion: '7' };
const PATRONIS = child('ConfigMap', 'orders-leader');
const SERVICE = child('Service', 'orders-primary');

/** Foreign objects with the Database's label, or its names. */
const FOREIGN: readonly (readonly [string, ManagedObject])[] = [
  ['a CronJob of another name', child('CronJob', 'nightly-report')],
  ['a CronJob of its name without the labels of Ballast', unmarked('CronJob', 'orders-backup')],
  ['a Deployment that has the name of the StatefulSet', child('Deployment', 'orders')],
  ['a ConfigMap that has the name of a Service', child('ConfigMap', 'orders-primary')],
  ['a Service without the labels of Ballast', unmarked('Service', 'orders-primary')],
  ['a Service of an earlier Database', child('Service', 'orders-primary', { mark: 'uid-of-another' })],
  ['a ConfigMap that has the name of Patroni’s, without its labels', unmarked('ConfigMap', 'orders-leader')],
  ['a Role that has the name of the controller’s, without the labels', unmarked('Role', 'orders-controller')],
  [
    'the backup volume of an earlier Database',
    child('PersistentVolumeClaim', 'orders-backup', { mark: 'uid-of-another' }),
  ],
];

const CONFIRM = { 'db.example.com/confirm-delete': 'orders' };

/** A Database of one member that is being deleted. */
function going(changes: Partial<Observation> = {}, spec: object = {}, annotations = {}): Observation {
  const own = { deletionRequestedAt: NOW, annotations };
  return { ...healthy(1, { spec, own }), ...changes };
}

/** The same with nothing running any more, and the data to go too. */
function stopped(changes: Partial<Observation> = {}): Observation {
  return without(going({ pods: [], ...changes }, { deletionPolicy: 'Delete' }, CONFIRM), 'workload');
}

/** A step that deletes this. */
function deleting({ apiVersion, kind, name, uid, resourceVersion }: ManagedObject): NonNullable<Case['step']> {
  return { do: 'delete', object: { apiVersion, kind, name, uid, resourceVersion } };
}

/** Secrets by the end of their name, with the mark that each bears. */
function secrets(marks: Readonly<Record<string, string | undefined>>): NonNullable<Observation['credentials']> {
  const present = Object.entries(marks).map(([end, mark]): [string, SecretSeen] => [
    `orders-${end}`,
    { uid: 's', resourceVersion: '5', ...(mark !== undefined && { mark }) },
  ]);
  return { ...healthy(1).credentials!, present: new Map(present) };
}

const noSecrets = { credentials: { ...healthy(1).credentials!, present: new Map() } };

describe('A deletion', () => {
  itDecides([
    {
      name: 'first notes whose data it is',
      seen: going({ claims: [claim(0, { owner: 'another' })] }, { bootstrap: { adopt: true } }),
      step: { do: 'mark-claim', claim: 'data-orders-0' },
    },
    {
      name: 'then stops backups',
      seen: going({ children: [SERVICE, child('CronJob', 'orders-backup')] }),
      step: { do: 'delete', object: { kind: 'CronJob', name: 'orders-backup' } },
    },
    { name: 'and their runs', seen: going({ backupJobs: [RUN] }), step: { do: 'delete', object: RUN } },
    { name: 'then stops the members', seen: going(), step: { do: 'scale', replicas: 0, resourceVersion: '400' } },
    {
      name: 'waits until they have stopped',
      seen: going({ workload: { ...healthy(1).workload!, replicas: 0 } }),
      waits: 'orders-0 stop',
    },
    {
      name: 'then takes the StatefulSet away, and that alone',
      seen: going({ workload: { ...healthy(1).workload!, replicas: 0 }, pods: [], children: [SERVICE] }),
      step: { do: 'orphan', object: { kind: 'StatefulSet', name: 'orders' } },
    },
    {
      name: 'then takes away what holds the volume of the backups',
      seen: stopped({ children: [...CLAIMS, SERVICE, REPOSITORY] }),
      step: deleting(REPOSITORY),
    },
    {
      name: 'waits until it has gone',
      seen: going({ workload: { ...healthy(1).workload!, replicas: 0, deleting: true }, pods: [] }),
      waits: 'the StatefulSet goes',
    },
    {
      name: 'frees no lock of members that it stops',
      seen: going({ workload: { ...healthy(1).workload!, replicas: 0 }, leader: lock('orders-0') }),
      waits: 'orders-0 stop',
    },
  ]);

  const steps: readonly (Omit<Case, 'seen'> & {
    children: readonly ManagedObject[];
    goes?: ManagedObject;
    more?: Partial<Observation>;
  })[] = [
    {
      name: 'takes claims before anything that it still needs',
      children: [SERVICE, ROLE, ...CLAIMS],
      goes: CLAIMS[0]!,
    },
    { name: 'takes the claim of the backups too', children: [SERVICE, ROLE, CLAIMS[1]!], goes: CLAIMS[1]! },
    {
      name: 'waits for claims that go',
      children: [ROLE, { ...CLAIMS[0]!, deleting: true }],
      waits: 'data-orders-0 go',
    },
    {
      name: 'takes its right to the Secrets away when they are gone',
      children: [SERVICE, BINDING, ROLE],
      goes: ROLE,
      more: noSecrets,
    },
    { name: 'takes the rest away after it', children: [PATRONIS, SERVICE, BINDING], goes: SERVICE },
    { name: 'takes what is Patroni’s away last', children: [PATRONIS], goes: PATRONIS },
    { name: 'waits for what goes', children: [{ ...SERVICE, deleting: true }], waits: 'orders-primary go' },
    ...FOREIGN.map(([what, foreign]) => ({
      name: `leaves ${what}`,
      children: [foreign, SERVICE],
      goes: SERVICE,
      more: noSecrets,
    })),
    ...FOREIGN.map(([what, foreign]) => ({
      name: `leaves ${what}, and ends all the same`,
      children: [foreign],
      more: noSecrets,
      step: { do: 'remove-finalizer' } as const,
    })),
    {
      name: 'leaves a claim that somebody else gave the label',
      children: [child('PersistentVolumeClaim', 'exports'), SERVICE],
      goes: SERVICE,
      more: noSecrets,
    },
  ];
  itDecides(
    steps.map(({ children, goes, more = {}, ...rest }) => {
      const seen = stopped({ children, ...more });
      if ('step' in rest) return { ...rest, seen };
      return goes ? { ...rest, seen, step: deleting(goes) } : { ...rest, seen };
    }),
  );

  itDecides([
    {
      name: 'reads the Secrets that are to go',
      seen: without(stopped({ children: [ROLE] }), 'credentials'),
      step: { do: 'read-credentials' },
    },
    {
      name: 'takes Secrets while it has the right to',
      seen: stopped({ children: [ROLE] }),
      step: {
        do: 'delete',
        object: { apiVersion: 'v1', kind: 'Secret', name: 'orders-superuser', uid: 's-0', resourceVersion: '500' },
      },
    },
    {
      name: 'keeps Secrets that somebody else brought, those of an earlier Database, and the passphrase of backups',
      seen: stopped({
        children: [ROLE],
        credentials: secrets({ app: undefined, tls: 'uid-of-another', 'backup-key': UID }),
      }),
      step: deleting(ROLE),
    },
    {
      name: 'takes the Secrets of an earlier Database when it has taken it over',
      seen: without(
        going(
          { pods: [], children: [ROLE], credentials: secrets({ app: undefined, tls: 'uid-of-another' }) },
          { deletionPolicy: 'Delete', bootstrap: { adopt: true } },
          CONFIRM,
        ),
        'workload',
      ),
      step: {
        do: 'delete',
        object: { apiVersion: 'v1', kind: 'Secret', name: 'orders-tls', uid: 's', resourceVersion: '5' },
      },
    },
    { name: 'lets the Database go at the end', seen: stopped(), step: { do: 'remove-finalizer' } },
    {
      name: 'keeps data and credentials with Retain, whoever confirmed',
      seen: without(going({ pods: [], children: [...CLAIMS] }, { deletionPolicy: 'Retain' }, CONFIRM), 'workload'),
      step: { do: 'remove-finalizer' },
    },
    {
      name: 'keeps what belongs to an earlier Database',
      seen: stopped({ claims: [claim(0, { owner: 'another' })], children: [...CLAIMS] }),
      step: { do: 'remove-finalizer' },
    },
    {
      name: 'keeps the Secrets while volumes of an earlier Database are there',
      seen: stopped({ claims: [claim(0), claim(1, { owner: 'another' })], children: [ROLE] }),
      step: deleting(ROLE),
    },
    { name: 'with Protect changes nothing', seen: going({}, { deletionPolicy: 'Protect' }) },
    { name: 'with Delete changes nothing before it is confirmed', seen: going({}, { deletionPolicy: 'Delete' }) },
    {
      name: 'with Delete changes nothing when another name confirms it',
      seen: going({}, { deletionPolicy: 'Delete' }, { 'db.example.com/confirm-delete': 'yes' }),
    },
  ]);
});
