import type { ManagedObject, Observation, RenderedObject } from '../../../../controller/databases/observation.ts';
import { NOW, UID, claim, healthy, lock, member, without } from '../../observations.ts';
import { itDecides } from './cases.ts';

const OBJECTS: readonly (readonly [string, string, string])[] = [
  ['rbac.authorization.k8s.io/v1', 'Role', 'orders-controller'],
  ['v1', 'ConfigMap', 'orders-settings'],
  ['v1', 'PersistentVolumeClaim', 'data-orders-0'],
  ['apps/v1', 'StatefulSet', 'orders'],
];

/** The rendered objects, all up to date except some kinds. */
function rendered(...stale: readonly string[]): RenderedObject[] {
  return OBJECTS.map(([apiVersion, kind, name]) => ({ apiVersion, kind, name, upToDate: !stale.includes(kind) }));
}

/** The same with a foreign object under one kind's name; other kinds may be stale. */
function taken(kind: string, ...stale: readonly string[]): RenderedObject[] {
  return rendered(kind, ...stale).map((object) =>
    object.kind === kind ? { ...object, takenBy: 'legacy', askAgainAt: NOW } : object,
  );
}

function child(kind: string, name: string, changes: Partial<ManagedObject> = {}): ManagedObject {
  return {
    apiVersion: 'v1',
    kind,
    name,
    uid: `uid-of-${name}`,
    resourceVersion: '9',
    revision: '',
    deleting: false,
    mark: UID,
    ...changes,
  };
}

const GIB = 2n ** 30n;

describe('Direct mode', () => {
  const direct = (changes: Partial<Observation> = {}, ...stale: readonly string[]): Observation => ({
    ...healthy(1),
    rendered: rendered(...stale),
    ...changes,
  });
  const noSecrets = { credentials: { ...healthy(1).credentials!, present: new Map() } };
  const grown = (requested: bigint, expandable: boolean): Partial<Observation> => ({
    claims: [claim(0, { requested })],
    storageClass: { expandable },
  });
  const leads = (leader: string | undefined): Partial<Observation> => {
    const { own, workload, patroni } = healthy(3, { spec: { replicas: 1 } });
    const pods = [0, 1, 2].map((n) => member(n, `orders-${n}` === leader ? 'primary' : 'replica'));
    return {
      own,
      workload: workload!,
      patroni: patroni!,
      pods,
      leader: lock(leader),
      claims: [0, 1, 2].map((n) => claim(n)),
    };
  };

  itDecides([
    { name: 'does nothing when all stands as it was applied', seen: direct() },
    {
      name: 'applies in the order in which things are rendered',
      seen: direct({}, 'ConfigMap', 'StatefulSet'),
      step: { do: 'apply', kind: 'ConfigMap', name: 'orders-settings' },
    },
    {
      name: 'applies its own rights before it makes the Secrets',
      seen: direct(noSecrets, 'Role', 'ConfigMap'),
      step: { do: 'apply', kind: 'Role', name: 'orders-controller' },
    },
    {
      name: 'makes the Secrets before the workload',
      seen: direct(noSecrets, 'StatefulSet'),
      step: { do: 'create-secret', secret: 'superuser' },
    },
    {
      name: 'always says how many members there are to be',
      seen: direct({}, 'StatefulSet'),
      step: { do: 'apply', kind: 'StatefulSet', name: 'orders', replicas: 1 },
    },
    {
      name: 'grows a claim',
      seen: direct(grown(GIB, true), 'PersistentVolumeClaim'),
      step: { do: 'apply', kind: 'PersistentVolumeClaim', name: 'data-orders-0' },
    },
    {
      name: 'leaves a claim that cannot grow',
      seen: direct(grown(GIB, false), 'PersistentVolumeClaim', 'StatefulSet'),
      step: { do: 'apply', kind: 'StatefulSet', name: 'orders' },
    },
    {
      name: 'leaves a claim that is larger',
      seen: direct(grown(20n * GIB, true), 'PersistentVolumeClaim', 'StatefulSet'),
      step: { do: 'apply', kind: 'StatefulSet', name: 'orders' },
    },
    {
      name: 'applies nothing of what breaks rules',
      seen: direct({ problems: ['one'] }, 'Role', 'StatefulSet'),
      waits: 'breaks rules',
    },
    {
      name: 'applies nothing on the volumes of another',
      seen: direct({ claims: [claim(0, { owner: 'another' })] }, 'Role'),
      waits: 'another Database',
    },
    {
      name: 'lets members go when the primary stays',
      seen: direct(leads('orders-0')),
      step: { do: 'apply', kind: 'StatefulSet', name: 'orders', replicas: 1 },
    },
    {
      name: 'lets the primary switch over before it goes',
      seen: direct(leads('orders-2')),
      step: { do: 'switchover', from: 'orders-2', to: 'orders-0' },
    },
    {
      name: 'lets nobody go while the primary changes',
      seen: direct({ ...leads('orders-0'), switchover: { resourceVersion: '1', from: 'orders-0', to: 'orders-1' } }),
      waits: 'switches over from orders-0',
    },
    { name: 'lets nobody go while nobody leads', seen: direct(leads(undefined)) },
    {
      name: 'brings back a member when only that may lead',
      seen: direct({ ...leads(undefined), ...healthyOne(), synchronous: ['orders-2', 'orders-1'] }),
      step: { do: 'apply', kind: 'StatefulSet', name: 'orders', replicas: 2 },
    },
    {
      name: 'removes what is rendered no more',
      seen: direct({ children: [child('CronJob', 'orders-backup')] }),
      step: { do: 'delete', object: { kind: 'CronJob', name: 'orders-backup' } },
    },
    {
      name: 'keeps what somebody else gave the label',
      seen: direct({ children: [child('Service', 'orders-public')] }),
    },
    {
      name: 'keeps what has a name of its own and is another kind',
      seen: direct({ children: [child('CronJob', 'orders-primary')] }),
    },
    {
      name: 'keeps what has its name and is an earlier Database’s',
      seen: direct({ children: [child('CronJob', 'orders-backup', { mark: 'uid-of-another' })] }),
    },
    {
      name: 'applies over the very object that is its own',
      seen: direct({ rendered: rendered('ConfigMap').map((one) => ({ ...one, uid: `uid-of-${one.name}` })) }),
      step: { do: 'apply', kind: 'ConfigMap', name: 'orders-settings', uid: 'uid-of-orders-settings' },
    },
    {
      name: 'makes nothing while a name is taken and nothing of it stands',
      seen: without(direct({ ...noSecrets, rendered: taken('ConfigMap', 'Role', 'StatefulSet') }), 'workload'),
      waits: 'names of its objects are taken',
    },
    {
      name: 'goes on with the rest when a name is taken later',
      seen: direct({ rendered: taken('ConfigMap', 'StatefulSet') }),
      step: { do: 'apply', kind: 'StatefulSet', name: 'orders' },
    },
    { name: 'leaves alone what stands under its name', seen: direct({ rendered: taken('ConfigMap') }) },
    { name: 'keeps every claim', seen: direct({ children: [child('PersistentVolumeClaim', 'orders-backup')] }) },
    { name: 'keeps what is Patroni’s', seen: direct({ children: [child('ConfigMap', 'orders-leader')] }) },
    {
      name: 'removes only when all is applied',
      seen: direct({ children: [child('CronJob', 'orders-backup')] }, 'ConfigMap'),
      step: { do: 'apply', kind: 'ConfigMap', name: 'orders-settings' },
    },
  ]);
});

/** One member that is not in step; orders-2 led last, and orders-1 was in step with it. */
function healthyOne(): Partial<Observation> {
  const seen = healthy(1, { own: { status: { handled: { primary: 'orders-2' } } } });
  return { own: seen.own, workload: seen.workload!, pods: [member(0, 'replica')] };
}
