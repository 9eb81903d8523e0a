import { expect } from 'chai';
import type { Shown } from '../../../cli/kubectl/status/screen.ts';
import { statusScreen } from '../../../cli/kubectl/status/screen.ts';
import { distance, span } from '../../../cli/kubectl/status/screen-text.ts';
import { golden } from './fake-kubectl.ts';
import { NOW, minutesAgo, storedBackup, storedDatabase, storedEvent, storedPod, storedRestore } from './stored.ts';

const NOTHING: Omit<Shown, 'database'> = { pods: [], backups: [], restores: [], events: [] };
const BACKUP = { schedule: '15 2 * * *', timeZone: 'Europe/Berlin', destination: 's3://acme/orders' };

function condition(type: string, status: 'True' | 'False' | 'Unknown', reason: string, message: string) {
  return { type, status, reason, message, lastTransitionTime: minutesAgo(130) };
}

const member = (role: string, position: number, more: object = {}): object => ({
  role,
  state: 'running',
  xlog_location: position,
  timeline: 3,
  ...(role === 'replica' && { replication_state: 'streaming' }),
  ...more,
});

const SCREENS: Readonly<Record<string, Shown>> = {
  'a healthy Database with backups': {
    database: storedDatabase(
      {
        phase: 'Running',
        ready: '3/3',
        version: '17.6',
        primary: 'orders-1',
        endpoints: { primary: 'orders-primary.shop.svc:5432', readOnly: 'orders-replica.shop.svc:5432' },
        lastBackup: { name: '20261128-011500F', time: minutesAgo(600), size: '156.6Ki', result: 'Succeeded' },
        nextBackup: '2026-11-29T01:15:00Z',
        backupCount: 5,
        restorable: { from: '2026-11-21T01:16:00Z' },
        lastVerified: { name: '20261127-011500F', time: minutesAgo(1500), result: 'Succeeded' },
        conditions: [
          condition('Ready', 'True', 'Serving', 'all 3 members serve, orders-1 leads'),
          condition('Reconciling', 'False', 'Done', 'everything is as the Database asks for'),
          condition('BackupHealthy', 'True', 'Succeeded', 'the last backup succeeded'),
        ],
      },
      { backup: BACKUP },
    ),
    pods: [
      storedPod('orders-0', member('replica', 50_000_000)),
      storedPod('orders-1', member('primary', 51_000_000, { pending_restart: true })),
      storedPod('orders-2', member('replica', 51_000_000)),
    ],
    backups: Array.from({ length: 7 }, (_, day) =>
      storedBackup(`orders-2026112${7 - day}-011500i`, 600 + day * 1440, {
        phase: 'Succeeded',
        type: day === 6 ? 'full' : 'incremental',
        size: '69.4Ki',
        completionTime: minutesAgo(600 + day * 1440),
      }),
    ),
    restores: [],
    events: [
      storedEvent('SwitchedOver', 'orders-1 took over from orders-0', 130),
      storedEvent('Rolled', 'orders-2 is new', 140),
    ],
  },
  'a Database in trouble': {
    database: storedDatabase({
      phase: 'FailingOver',
      ready: '1/3',
      conditions: [
        condition('Ready', 'False', 'NoPrimary', 'nobody leads'),
        condition('Stalled', 'True', 'VolumeFull', 'the volume of orders-0 is full; let storage.size grow'),
        condition('Reconciling', 'True', 'Waits', 'a standby takes over'),
      ],
    }),
    pods: [
      storedPod('orders-0', undefined),
      storedPod('orders-1', member('replica', 10, { replication_state: 'in archive recovery' })),
      storedPod('orders-2', { role: 'replica', state: 'starting' }, { deletionTimestamp: minutesAgo(0) }),
    ],
    backups: [],
    restores: [],
    events: [storedEvent('BackOff', 'Back-off restarting failed container', 1, 'Warning')],
  },
  'a Database that is restored': {
    database: storedDatabase(
      {
        phase: 'Restoring',
        ready: '0/3',
        operation: {
          name: 'restore',
          startTime: minutesAgo(5),
          step: 'orders-0 restores, 40 of 100 files',
          since: minutesAgo(3),
        },
      },
      { backup: { ...BACKUP, enabled: false } },
    ),
    pods: [storedPod('orders-0', undefined)],
    backups: [storedBackup('to-the-moment-before', 5, { phase: 'Running' })],
    restores: [
      storedRestore('to-the-moment', { phase: 'Restoring', message: 'orders-0 restores', startTime: minutesAgo(4) }),
    ],
    events: [],
  },
  'a Database that nobody has seen yet': { database: storedDatabase(undefined, { replicas: 1 }), ...NOTHING },
  'a Database for someone with few rights': {
    database: storedDatabase({ phase: 'Running', ready: '3/3' }),
    pods: { unreadable: 'pods is forbidden: User "jane" cannot list resource "pods"' },
    backups: [],
    restores: { unreadable: 'forbidden' },
    events: { unreadable: 'forbidden' },
  },
};

describe('The screen of kubectl ballast status', () => {
  for (const [what, shown] of Object.entries(SCREENS)) {
    it(`shows ${what}`, () => {
      const text = statusScreen(shown, NOW);
      expect(text).to.equal(golden(what.replaceAll(' ', '-'), text));
    });
  }

  it('shows nothing that a terminal would execute', () => {
    const evil = '\u001b[2J\u001b]0;title\u0007\nReady True';
    const text = statusScreen(
      {
        database: storedDatabase({
          phase: 'Running',
          primary: evil,
          conditions: [condition('Ready', 'True', evil, evil)],
        }),
        pods: [storedPod('orders-0', undefined, { name: evil, labels: { 'db.example.com/role': evil } })],
        backups: [storedBackup(evil, 1, { phase: evil as 'Running', size: evil })],
        restores: { unreadable: evil },
        events: [storedEvent(evil, evil, 1)],
      },
      NOW,
    );
    // eslint-disable-next-line no-control-regex -- exactly these must not be there
    expect(text).to.not.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(text).to.not.match(/^Ready True/m);
  });
});

describe('A span of time', () => {
  const spans: readonly (readonly [seconds: number, text: string])[] = [
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [3599, '59m'],
    [3600, '1h'],
    [7_500, '2h5m'],
    [172_799, '47h59m'],
    [172_800, '2d'],
    [-5, '0s'],
  ];
  for (const [seconds, text] of spans) {
    it(`of ${seconds} seconds is ${text}`, () => {
      expect(span(seconds * 1000)).to.equal(text);
    });
  }

  it('from now on is one ahead, and no moment is nothing', () => {
    expect(distance('2026-11-28T13:00:00Z', NOW)).to.equal('in 1h');
    expect(distance(minutesAgo(3), NOW)).to.equal('3m ago');
    expect(distance('yesterday', NOW)).to.equal('');
    expect(distance(null, NOW)).to.equal('');
  });
});
