import { expect } from 'chai';
import { databaseEffects } from '../../../generator/effects/database.ts';
import type { Level } from '../../../generator/effects/effect.ts';
import { worstFirst } from '../../../generator/effects/effect.ts';
import type { Side } from '../../../generator/effects/members.ts';
import { sideOf } from '../../../generator/effects/members.ts';
import { familyOf } from '../../../database/family.ts';
import { render } from '../../../generator/render.ts';
import { admit } from '../databases.ts';
import { NO_SETTINGS } from '../../../database/settings.ts';

type Spec = Readonly<Record<string, unknown>>;

const THREE: Spec = { version: '16', replicas: 3, storage: { size: '10Gi' } };
const ONE: Spec = { ...THREE, replicas: 1 };
const BACKUP: Spec = { ...THREE, backup: { destination: 's3://acme-backups/orders' } };

function side(spec: Spec, annotations: object): Side | undefined {
  const metadata = { name: 'orders', namespace: 'shop', annotations };
  const database = admit({ apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata, spec });
  return sideOf(database, render(familyOf(database), NO_SETTINGS));
}

interface Case {
  readonly was?: Spec;
  readonly now?: Spec;
  /** Annotations before and after. */
  readonly annotations?: readonly [was: object, now: object];
  readonly effects: readonly `${Level}: ${string}`[];
}

function told({ was, now, annotations: [before, after] = [{}, {}] }: Case): string[] {
  const effects = databaseEffects(was && side(was, before), now && side(now, after));
  return worstFirst(effects).map(({ level, text }) => `${level}: ${text}`);
}

/** A request in an annotation, and no other change. */
const asking = (name: string, value: string): Omit<Case, 'effects'> => ({
  ...{ was: THREE, now: THREE },
  annotations: [{}, { [`db.example.com/${name}`]: value }],
});

const ROLLING = 'standbys restart first, then a switchover interrupts writes for seconds';
const ALONE = 'the only member restarts';
const PODS = `switchover: the pods change: ${ROLLING}` as const;
const FROM_APP = { from: [{ podSelector: { matchLabels: { app: 'shop' } } }] };
const APP = '{"podSelector":{"matchLabels":{"app":"shop"}}}';
const SLEEP = { 'db.example.com/hibernate': 'true' };
const NO_STANDBY = 'data-loss: no standby is left: with the volume of the only member the data are lost' as const;
const leaving = (from: number, to: number, more = ''): `switchover: ${string}` =>
  `switchover: from ${from} to ${to} replicas: if the primary is one of those that leave, another takes over first; their volumes stay${more}`;
const waiting = (synchronous: string): Spec => ({ ...THREE, highAvailability: { synchronous } });
const taking = (from: string, to: string): `reload: ${string}` =>
  `reload: highAvailability.synchronous from "${from}" to "${to}"`;

/** For each effect a change that has it, and the nearest one that has not. */
const CASES: Readonly<Record<string, Case>> = {
  'a new Database': { now: THREE, effects: [] },
  'nothing changed': { was: THREE, now: THREE, effects: [] },
  'the same, written in another way': {
    was: { ...THREE, parameters: { max_connections: 200 } },
    now: { storage: { size: '10240Mi' }, version: 16, replicas: 3, parameters: { Max_Connections: '200' } },
    effects: [],
  },
  'a Database removed that keeps its data': {
    was: THREE,
    effects: ['downtime: the database is removed; its volumes and credentials stay'],
  },
  'a Database removed with its data': {
    was: { ...THREE, deletionPolicy: 'Delete' },
    effects: ['data-loss: the database is deleted with its data'],
  },
  'the same nodes, in another order': {
    was: { ...THREE, nodeSelector: { disk: 'nvme', zone: 'a' } },
    now: { ...THREE, nodeSelector: { zone: 'a', disk: 'nvme' } },
    effects: [],
  },
  'other nodes': {
    was: { ...THREE, nodeSelector: { disk: 'nvme' } },
    now: { ...THREE, nodeSelector: { disk: 'ssd' } },
    effects: [PODS],
  },
  'a restart that is asked for': {
    ...asking('restart', 'monday'),
    effects: [`switchover: a restart of all members is asked for: ${ROLLING}`],
  },
  'a volume that grows': { was: THREE, now: { ...THREE, storage: { size: '20Gi' } }, effects: [] },
  'a minor upgrade': { was: { ...THREE, version: '16.3' }, now: { ...THREE, version: '16.4' }, effects: [PODS] },
  'a minor upgrade of MySQL, which has one member': {
    was: { engine: 'mysql', version: '8.4.1', storage: { size: '10Gi' } },
    now: { engine: 'mysql', version: '8.4.2', storage: { size: '10Gi' } },
    effects: [`downtime: the pods change: ${ALONE}`],
  },
  'more memory': { was: THREE, now: { ...THREE, resources: { limits: { memory: '4Gi' } } }, effects: [PODS] },
  'more memory for the only member': {
    was: ONE,
    now: { ...ONE, resources: { limits: { memory: '4Gi' } } },
    effects: [`downtime: the pods change: ${ALONE}`],
  },

  'deletion that will take the data': {
    was: THREE,
    now: { ...THREE, deletionPolicy: 'Delete' },
    effects: ['data-loss: deletionPolicy becomes Delete: a confirmed deletion takes the data with it'],
  },
  'deletion that will be refused': { was: THREE, now: { ...THREE, deletionPolicy: 'Protect' }, effects: [] },
  'protection lifted': {
    was: { ...THREE, deletionPolicy: 'Protect' },
    now: THREE,
    effects: ['none: deletionPolicy is no longer Protect: a removed file stops the database'],
  },
  'a deletion confirmed': {
    was: { ...THREE, deletionPolicy: 'Delete' },
    now: { ...THREE, deletionPolicy: 'Delete' },
    annotations: [{}, { 'db.example.com/confirm-delete': 'orders' }],
    effects: ['data-loss: the deletion is confirmed: whoever removes the Database now destroys the data'],
  },
  'a confirmation that means nothing': {
    ...asking('confirm-delete', 'orders'),
    effects: [],
  },

  'one replica less': { was: THREE, now: { ...THREE, replicas: 2 }, effects: [leaving(3, 2)] },
  'one replica left': {
    was: THREE,
    now: ONE,
    effects: [NO_STANDBY, leaving(3, 1, '; with one member there is no failover any more')],
  },
  'more replicas': { was: THREE, now: { ...THREE, replicas: 5 }, effects: [] },

  'commits that wait for nobody': {
    was: THREE,
    now: waiting('off'),
    effects: [
      'data-loss: commits wait for no standby any more: a failover loses the last of them',
      taking('preferred', 'off'),
    ],
  },
  'commits that wait for nobody when nobody is there': {
    was: waiting('required'),
    now: waiting('preferred'),
    effects: [
      'data-loss: commits no longer wait when no standby is there: a failover can lose those of that time',
      taking('required', 'preferred'),
    ],
  },
  'commits that always wait': {
    was: waiting('preferred'),
    now: waiting('required'),
    effects: [taking('preferred', 'required'), 'none: writes wait from now on while no standby is there'],
  },
  'commits of one member': {
    was: { ...ONE, highAvailability: { synchronous: 'preferred' } },
    now: { ...ONE, highAvailability: { synchronous: 'off' } },
    effects: [taking('preferred', 'off')],
  },
  'commits that are not flushed': {
    was: THREE,
    now: { ...THREE, parameters: { Synchronous_Commit: 'off' } },
    effects: [
      'data-loss: synchronous_commit from the default to "off": a crash can lose the last commits',
      'reload: synchronous_commit (from the default to "off")',
    ],
  },
  'commits that only this member flushes': {
    was: { ...THREE, parameters: { synchronous_commit: 'true' } },
    now: { ...THREE, parameters: { synchronous_commit: 'local' } },
    effects: [
      'data-loss: synchronous_commit from "true" to "local": a failover can lose the last commits',
      'reload: synchronous_commit (from "true" to "local")',
    ],
  },
  'commits that are visible on standbys': {
    was: THREE,
    now: { ...THREE, parameters: { synchronous_commit: 'remote_apply' } },
    effects: ['reload: synchronous_commit (from the default to "remote_apply")'],
  },
  'a standby that may be further behind': {
    was: waiting('off'),
    now: { ...THREE, highAvailability: { synchronous: 'off', maximumLagBytes: 2_097_152 } },
    effects: [
      'data-loss: a failover may lose 2097152 bytes of the write-ahead log, 1048576 before',
      'reload: highAvailability.maximumLagBytes from 1048576 to 2097152',
    ],
  },
  'a standby that may be further behind, but is not, since commits wait for it': {
    was: THREE,
    now: { ...THREE, highAvailability: { maximumLagBytes: 2_097_152 } },
    effects: ['reload: highAvailability.maximumLagBytes from 1048576 to 2097152'],
  },

  'parameters that take a restart': {
    was: THREE,
    now: { ...THREE, parameters: { max_connections: '200', shared_buffers: '64MB', work_mem: '8MB' } },
    effects: [
      `switchover: max_connections (from the default to "200"), shared_buffers (from the default to "64MB") take a restart: ${ROLLING}`,
      'reload: work_mem (from the default to "8MB")',
    ],
  },
  'a parameter of which standbys may not have less, lowered': {
    was: { ...THREE, parameters: { max_connections: '200' } },
    now: THREE,
    effects: [
      'restart: max_connections (from "200" to the default) takes a restart: the primary restarts in place, which interrupts writes for seconds, then the standbys',
    ],
  },
  'a parameter of the only member that takes a restart': {
    was: { ...ONE, parameters: { max_connections: '200' } },
    now: ONE,
    effects: [`downtime: max_connections (from "200" to the default) takes a restart: ${ALONE}`],
  },
  'a parameter that takes a reload': {
    was: THREE,
    now: { ...THREE, parameters: { work_mem: '8MB' } },
    effects: ['reload: work_mem (from the default to "8MB")'],
  },
  'a parameter beside new pods, which start with it': {
    was: ONE,
    now: { ...ONE, parameters: { max_connections: '200' }, resources: { limits: { memory: '4Gi' } } },
    effects: [`downtime: the pods change: ${ALONE}`],
  },

  'clients named for the first time': {
    was: THREE,
    now: { ...THREE, networkPolicy: FROM_APP },
    effects: [
      'downtime: networkPolicy: these can no longer connect to the database: every pod of the namespace',
      `none: networkPolicy is opened: these may connect now: ${APP}`,
    ],
  },
  'clients that may connect, the same as before': {
    was: THREE,
    now: { ...THREE, networkPolicy: { from: [{ podSelector: {} }] } },
    effects: [],
  },
  'one group of clients more': {
    was: { ...THREE, networkPolicy: FROM_APP },
    now: { ...THREE, networkPolicy: { from: [...FROM_APP.from, { ipBlock: { cidr: '10.0.0.0/8' } }] } },
    effects: ['none: networkPolicy is opened: these may connect now: {"ipBlock":{"cidr":"10.0.0.0/8"}}'],
  },
  'the network opened': {
    was: { ...THREE, networkPolicy: FROM_APP },
    now: { ...THREE, networkPolicy: { enabled: false } },
    effects: [
      'none: networkPolicy is opened: these may connect now: anybody in the cluster',
      'none: networkPolicy is opened: the members may now connect to anybody in the cluster',
    ],
  },
  'servers that members reach no more': {
    was: { ...THREE, networkPolicy: { to: FROM_APP.from } },
    now: THREE,
    effects: [`downtime: networkPolicy: the members can no longer connect to ${APP}`],
  },

  hibernation: {
    was: THREE,
    now: { ...THREE, resources: { limits: { memory: '4Gi' } } },
    annotations: [{}, SLEEP],
    effects: ['downtime: the database is hibernated: all members stop, and the data stay'],
  },
  'waking with more memory': {
    was: THREE,
    now: { ...THREE, resources: { limits: { memory: '4Gi' } } },
    annotations: [SLEEP, {}],
    effects: ['none: the database wakes: its members start again'],
  },
  'more memory for members that sleep': {
    was: THREE,
    now: { ...THREE, resources: { limits: { memory: '4Gi' } } },
    annotations: [SLEEP, SLEEP],
    effects: [],
  },
  'a switchover': {
    ...asking('switchover', 'orders-1'),
    effects: ['switchover: another member becomes primary: "orders-1"'],
  },
  'a switchover of old': {
    was: THREE,
    now: THREE,
    annotations: [{ 'db.example.com/switchover': 'any@1' }, {}],
    effects: [],
  },
  'a new password of the application': {
    ...asking('rotate-credentials', '1'),
    effects: ['none: the application gets a new password: clients read it again from its Secret'],
  },
  'new passwords of the system': {
    ...asking('rotate-system-credentials', '1'),
    effects: [`switchover: the superuser and replication get new passwords: ${ROLLING}`],
  },

  'alerts switched off': {
    was: { ...THREE, monitoring: { enabled: true } },
    now: { ...THREE, monitoring: { enabled: true, alerting: false } },
    effects: ['none: alerts stop: nobody is told of trouble'],
  },

  'everything at once, worst first': {
    was: { ...BACKUP, highAvailability: { synchronous: 'required' } },
    now: { ...THREE, replicas: 2, deletionPolicy: 'Delete' },
    effects: [
      'data-loss: commits no longer wait when no standby is there: a failover can lose those of that time',
      'data-loss: deletionPolicy becomes Delete: a confirmed deletion takes the data with it',
      'data-loss: backups stop: from here on nothing can be restored',
      leaving(3, 2),
      PODS,
      taking('required', 'preferred'),
    ],
  },
};

describe('What a change does to a Database', () => {
  for (const [name, change] of Object.entries(CASES)) {
    it(`is told: ${name}`, () => {
      expect(told(change)).to.deep.equal(change.effects);
    });
  }
});
