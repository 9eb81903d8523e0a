import type { Observation } from '../../../../controller/databases/observation.ts';
import { CREDENTIALS, NOW, SYSTEM, claim, healthy, lock, member, secondsAgo, without } from '../../observations.ts';
import { itDecides } from './cases.ts';

describe('The Database itself', () => {
  itDecides([
    { name: 'is left alone when all is as it should be', seen: healthy(3) },
    { name: 'gets its finalizer', seen: healthy(1, { own: { finalizers: [] } }), step: { do: 'add-finalizer' } },
    {
      name: 'gets its finalizer when it breaks rules',
      seen: healthy(1, { own: { finalizers: [] }, problems: ['one'] }),
      step: { do: 'add-finalizer' },
    },
    {
      name: 'gets no finalizer when it is being deleted: the API server would refuse it',
      seen: healthy(1, { own: { finalizers: [], deletionRequestedAt: NOW } }),
      waits: 'others hold the Database',
    },
  ]);
});

describe('The namespace', () => {
  const protect = { spec: { deletionPolicy: 'Protect' } } as const;
  itDecides([
    {
      name: 'is protected with the first Database that is',
      seen: healthy(1, { ...protect, namespaceGuard: 'data' }),
      step: { do: 'guard-namespace', guard: 'true' },
    },
    { name: 'stays protected', seen: healthy(1, { ...protect, namespaceGuard: 'true' }) },
    {
      name: 'stays protected while another Database is',
      seen: healthy(1, { namespaceGuard: 'true', namespaceHasOtherProtected: true }),
    },
    {
      name: 'is protected no more when no Database is, and holds data all the same',
      seen: healthy(1, { namespaceGuard: 'true' }),
      step: { do: 'guard-namespace', guard: 'data' },
    },
    {
      name: 'is guarded once it may hold data',
      seen: healthy(1, { namespaceGuard: 'none' }),
      step: { do: 'guard-namespace', guard: 'data' },
    },
    {
      name: 'is guarded for a Database whose data go with it, which nobody has confirmed',
      seen: healthy(1, { spec: { deletionPolicy: 'Delete' }, namespaceGuard: 'none' }),
      step: { do: 'guard-namespace', guard: 'data' },
    },
    {
      name: 'is not guarded for a Database whose loss is confirmed',
      seen: healthy(1, {
        spec: { deletionPolicy: 'Delete' },
        own: { annotations: { 'db.example.com/confirm-delete': 'orders' } },
        namespaceGuard: 'none',
      }),
    },
    {
      name: 'is guarded for a Database that breaks rules',
      seen: healthy(1, { namespaceGuard: 'none', problems: ['one'] }),
      step: { do: 'guard-namespace', guard: 'data' },
    },
    { name: 'stays guarded', seen: healthy(1, { namespaceGuard: 'data' }) },
    { name: 'is nobody’s concern in an installation that may not see it', seen: healthy(1, protect) },
  ]);
});

describe('A claim', () => {
  const alone = (changes: Parameters<typeof claim>[1], seen: Parameters<typeof healthy>[1] = {}): Observation =>
    healthy(1, { claims: [unmarked(changes)], ...seen });

  itDecides([
    {
      name: 'is marked before there is a cluster',
      seen: without(alone({}, { pods: [], leader: lock(undefined) }), 'patroni'),
      step: { do: 'mark-claim', claim: 'data-orders-0' },
    },
    {
      name: 'is marked with the cluster once its member serves',
      seen: alone({ owner: 'uid-of-orders' }),
      step: { do: 'mark-claim', claim: 'data-orders-0', systemIdentifier: SYSTEM },
    },
    {
      name: 'is not marked with the cluster before its member follows',
      seen: healthy(2, {
        claims: [claim(0), unmarked({ owner: 'uid-of-orders' }, 1)],
        pods: [member(0, 'primary'), member(1, 'replica', { ready: false })],
      }),
    },
    {
      name: 'keeps the cluster that it was marked with',
      seen: healthy(1, { claims: [claim(0, { systemIdentifier: '42' })] }),
    },
    {
      name: 'of an earlier Database holds everything up',
      seen: alone({ owner: 'another' }, { spec: { parameters: { max_connections: '200' } } }),
      waits: 'data-orders-0 holds the data of another Database',
    },
    {
      name: 'of an earlier Database is taken over when it is told to be',
      seen: alone({ owner: 'another' }, { spec: { bootstrap: { adopt: true, recover: false } } }),
      step: { do: 'mark-claim', claim: 'data-orders-0' },
    },
    {
      name: 'of an earlier Database is taken over by one that begins with what it left behind',
      seen: alone({ owner: 'another' }, { spec: { bootstrap: { adopt: false, recover: true } } }),
      step: { do: 'mark-claim', claim: 'data-orders-0' },
    },
    {
      name: 'of an earlier Database is of no account while no member is to use it',
      seen: healthy(1, { claims: [claim(0), claim(1, { owner: 'another' })] }),
    },
    { name: 'that goes is not marked', seen: alone({ deleting: true }) },
  ]);

  const GIGA = 2n ** 30n;
  const sized = (requested: bigint, changes: Parameters<typeof healthy>[1] = {}): Observation =>
    healthy(2, { claims: [claim(0), claim(1, { requested: requested * GIGA })], ...changes });
  itDecides([
    {
      name: 'that is smaller than asked for grows',
      seen: sized(9n),
      step: { do: 'grow-claim', claim: 'data-orders-1', storage: '10Gi' },
    },
    { name: 'that somebody has grown further is left alone', seen: sized(11n) },
    {
      name: 'of a class that cannot grow is left alone',
      seen: sized(9n, { storageClass: { expandable: false } }),
    },
    {
      name: 'of a departed member is left alone',
      seen: healthy(1, { claims: [claim(0), claim(1, { requested: 9n * GIGA })] }),
    },
    {
      name: 'that goes does not grow',
      seen: healthy(1, { claims: [claim(0, { requested: 9n * GIGA, deleting: true })] }),
    },
    {
      name: 'does not grow for a Database that breaks rules',
      seen: sized(9n, { problems: ['one'] }),
      waits: 'the Database breaks rules',
    },
  ]);
});

function unmarked(changes: Parameters<typeof claim>[1] = {}, ordinal = 0): ReturnType<typeof claim> {
  const marks = ['owner', 'systemIdentifier'];
  const entries = Object.entries(claim(ordinal)).filter(([name]) => !marks.includes(name));
  return { ...(Object.fromEntries(entries) as unknown as ReturnType<typeof claim>), ...changes };
}

describe('The Secrets', () => {
  const lacking = (name: string): Observation['credentials'] => ({
    ...CREDENTIALS,
    present: new Map([...CREDENTIALS.present].filter(([one]) => one !== name)),
  });
  const credentials = (changes: Partial<NonNullable<Observation['credentials']>>, own: object = {}): Observation =>
    healthy(1, { credentials: { ...CREDENTIALS, ...changes }, own });
  const asking = (annotation: string, request: string): object => ({
    annotations: { [`db.example.com/${annotation}`]: request },
  });

  const ENCRYPTED = {
    backup: {
      ...{ enabled: true, schedule: '0 2 * * *', timeZone: 'Etc/UTC', destination: 's3://acme/orders' },
      encryption: { enabled: true },
    },
  };

  const starting = ({ secondsOld = 0, readAgo = 0, reason = 'ContainerCreating' }): Observation =>
    healthy(2, {
      credentials: { ...CREDENTIALS, readAt: secondsAgo(readAgo) },
      pods: [
        member(0, 'primary'),
        member(1, 'replica', {
          ...{ ready: false, createdAt: secondsAgo(secondsOld), readyChangedAt: secondsAgo(secondsOld) },
          server: { state: 'waiting', restarts: 0, reason },
        }),
      ],
    });

  itDecides([
    { name: 'are read', seen: without(healthy(1), 'credentials'), step: { do: 'read-credentials' } },
    {
      name: 'are read again for a member that does not start',
      seen: starting({ secondsOld: 31, readAgo: 60 }),
      step: { do: 'read-credentials' },
    },
    {
      name: 'are not read again for a member that has just been made',
      seen: starting({ secondsOld: 29, readAgo: 60 }),
    },
    { name: 'are read again once a minute', seen: starting({ secondsOld: 3600, readAgo: 59 }) },
    {
      name: 'are not read again for a member whose server failed',
      seen: starting({ secondsOld: 3600, readAgo: 3600, reason: 'CrashLoopBackOff' }),
    },
    {
      name: 'are made when they are absent',
      seen: healthy(1, { credentials: lacking('orders-app')! }),
      step: { do: 'create-secret', secret: 'app' },
    },
    {
      name: 'have the passphrase of backups among them, where they are encrypted',
      seen: healthy(1, { spec: ENCRYPTED }),
      step: { do: 'create-secret', secret: 'backup-key' },
    },
    {
      name: 'are not made for a Database that breaks rules',
      seen: healthy(1, { credentials: lacking('orders-app')!, problems: ['one'] }),
      waits: 'the Database breaks rules',
    },
    {
      name: 'have their certificate renewed, also for a Database that breaks rules',
      seen: { ...credentials({ renewAt: secondsAgo(1) }), problems: ['one'] },
      step: { do: 'renew-certificate' },
    },
    { name: 'keep a certificate that is not due', seen: credentials({ renewAt: new Date('2027-01-01') }) },
    {
      name: 'are put in force on the primary',
      seen: credentials({ inForce: false }),
      step: { do: 'ensure-application-role' },
    },
    {
      name: 'are not put in force while nobody leads',
      seen: { ...credentials({ inForce: false }), leader: lock(undefined) },
    },
    {
      name: 'are renewed for a new request',
      seen: credentials({ rotation: '1' }, asking('rotate-credentials', '2')),
      step: { do: 'rotate-credentials', of: 'application', request: '2' },
    },
    {
      name: 'are not renewed twice for one request',
      seen: credentials({ rotation: '2' }, asking('rotate-credentials', '2')),
    },
    {
      name: 'of the system are renewed for a request of their own',
      seen: credentials({}, asking('rotate-system-credentials', '1')),
      step: { do: 'rotate-credentials', of: 'system', request: '1' },
    },
    {
      name: 'are renewed only when the present ones are in force',
      seen: credentials({ inForce: false }, asking('rotate-credentials', '2')),
      step: { do: 'ensure-application-role' },
    },
    {
      name: 'wait for a person when only a person can help',
      seen: credentials({ inForce: false, problem: 'the Secret orders-app has no password' }),
      waits: 'the Secret orders-app has no password',
    },
    {
      name: 'are looked at again after a while when only a person could help',
      seen: credentials({
        inForce: false,
        problem: 'the Secret orders-app has no password',
        askAgainAt: secondsAgo(1),
      }),
      step: { do: 'ensure-application-role' },
    },
    {
      name: 'are put in force although only a person can put the certificate right',
      seen: credentials({ inForce: false, certificateProblem: 'the Secret orders-tls holds no certificate' }),
      step: { do: 'ensure-application-role' },
    },
    {
      name: 'are no business of a primary of another engine',
      seen: healthy(1, { spec: { engine: 'mysql', version: '8.4' }, credentials: { ...CREDENTIALS, inForce: false } }),
    },
  ]);
});
