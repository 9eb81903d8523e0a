import { expect } from 'chai';
import type { Risk } from '../../generator/risks.ts';
import { risksOf } from '../../generator/risks.ts';
import { render } from '../../generator/render.ts';
import { admit } from './databases.ts';
import { NO_SETTINGS } from './golden-cases.ts';

type Spec = Readonly<Record<string, unknown>>;
type Side = NonNullable<Parameters<typeof risksOf>[0]>;

const THREE: Spec = { version: '16', replicas: 3, storage: { size: '10Gi' } };
const BACKUP: Spec = { ...THREE, backup: { destination: 's3://acme-backups/orders' } };

function side(spec: Spec): Side {
  const metadata = { name: 'orders', namespace: 'shop' };
  const database = admit({ apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata, spec });
  return { database, manifests: render(database, NO_SETTINGS) };
}

function told(was: Spec | undefined, now: Spec | undefined): string[] {
  return risksOf(was && side(was), now && side(now)).map(({ level, text }) => `${level}: ${text}`);
}

interface Case {
  readonly was?: Spec;
  readonly now?: Spec;
  readonly risks: readonly `${Risk['level']}: ${string}`[];
}

const POD = 'the pods change';
const ROLLING = 'standbys restart first, then a switchover interrupts writes for seconds';
const UPGRADE =
  'downtime: major upgrade from 16 to 17: the database is down while its files are upgraded; there is no way back but a backup';

/** For each risk a change that has it, and the nearest one that has not. */
const CASES: Readonly<Record<string, Case>> = {
  'a new Database': { now: THREE, risks: [] },
  'nothing changed': { was: THREE, now: THREE, risks: [] },
  'the same, written in another way': {
    was: { ...THREE, parameters: { max_connections: 200 } },
    now: { storage: { size: '10240Mi' }, version: 16, replicas: 3, parameters: { max_connections: '200' } },
    risks: [],
  },
  'a Database removed that keeps its data': {
    was: THREE,
    risks: ['downtime: the database is removed; its volumes and credentials stay'],
  },
  'a Database removed with its data': {
    was: { ...THREE, deletionPolicy: 'Delete' },
    risks: ['data loss: the database is deleted with its data'],
  },
  'the same nodes, in another order': {
    was: { ...THREE, nodeSelector: { disk: 'nvme', zone: 'a' } },
    now: { ...THREE, nodeSelector: { zone: 'a', disk: 'nvme' } },
    risks: [],
  },
  'other nodes': {
    was: { ...THREE, nodeSelector: { disk: 'nvme' } },
    now: { ...THREE, nodeSelector: { disk: 'ssd' } },
    risks: [`restart: ${POD}: ${ROLLING}`],
  },
  'a volume that grows': { was: THREE, now: { ...THREE, storage: { size: '20Gi' } }, risks: [] },
  'a major upgrade': {
    was: THREE,
    now: { ...THREE, version: '17' },
    risks: [UPGRADE, `restart: ${POD}: ${ROLLING}`],
  },
  'a minor upgrade': {
    was: { ...THREE, version: '16.3' },
    now: { ...THREE, version: '16.4' },
    risks: [`restart: ${POD}: ${ROLLING}`],
  },
  'a major upgrade of MySQL, whose series has two numbers': {
    was: { engine: 'mysql', version: '8.0', storage: { size: '10Gi' } },
    now: { engine: 'mysql', version: '8.4', storage: { size: '10Gi' } },
    risks: [UPGRADE.replace('16', '8.0').replace('17', '8.4') as never, `downtime: ${POD}: the only member restarts`],
  },
  'a minor upgrade of MySQL': {
    was: { engine: 'mysql', version: '8.4.1', storage: { size: '10Gi' } },
    now: { engine: 'mysql', version: '8.4.2', storage: { size: '10Gi' } },
    risks: [`downtime: ${POD}: the only member restarts`],
  },
  'backups removed': {
    was: BACKUP,
    now: THREE,
    risks: ['data loss: backups stop: from here on nothing can be restored', `restart: ${POD}: ${ROLLING}`],
  },
  'backups switched off': {
    was: BACKUP,
    now: { ...THREE, backup: { enabled: false, destination: 's3://acme-backups/orders' } },
    risks: ['data loss: backups stop: from here on nothing can be restored', `restart: ${POD}: ${ROLLING}`],
  },
  'backups moved': {
    was: BACKUP,
    now: { ...THREE, backup: { destination: 's3://acme-backups/elsewhere' } },
    risks: ['note: backups go to another place: point-in-time recovery starts anew there, with a full backup'],
  },
  'the same place for backups, written in another way': {
    was: BACKUP,
    now: { ...THREE, backup: { destination: { s3: { prefix: '/orders/', bucket: 'acme-backups' } } } },
    risks: [],
  },
  'backups at another hour': {
    was: BACKUP,
    now: { ...THREE, backup: { schedule: '0 3 * * *', destination: 's3://acme-backups/orders' } },
    risks: [],
  },
  'deletion that will take the data': {
    was: THREE,
    now: { ...THREE, deletionPolicy: 'Delete' },
    risks: ['data loss: deletionPolicy becomes Delete: a confirmed deletion takes the data with it'],
  },
  'deletion that will be refused': { was: THREE, now: { ...THREE, deletionPolicy: 'Protect' }, risks: [] },
  'one replica less': {
    was: THREE,
    now: { ...THREE, replicas: 2 },
    risks: ['note: from 3 to 2 replicas: the volumes of the leaving members stay'],
  },
  'one replica left': {
    was: THREE,
    now: { ...THREE, replicas: 1 },
    risks: [
      'note: from 3 to 1 replicas: the volumes of the leaving members stay; with one member there is no failover any more',
    ],
  },
  'more replicas': { was: THREE, now: { ...THREE, replicas: 5 }, risks: [] },
  'more memory': {
    was: THREE,
    now: { ...THREE, resources: { limits: { memory: '4Gi' } } },
    risks: [`restart: ${POD}: ${ROLLING}`],
  },
  'more memory for the only member': {
    was: { ...THREE, replicas: 1 },
    now: { ...THREE, replicas: 1, resources: { limits: { memory: '4Gi' } } },
    risks: [`downtime: ${POD}: the only member restarts`],
  },
  'parameters that take a restart': {
    was: THREE,
    now: { ...THREE, parameters: { max_connections: '200', shared_buffers: '64MB', work_mem: '8MB' } },
    risks: [`restart: max_connections, shared_buffers takes a restart: ${ROLLING}`],
  },
  'a parameter that takes a restart, removed': {
    was: { ...THREE, replicas: 1, parameters: { max_connections: '200' } },
    now: { ...THREE, replicas: 1 },
    risks: ['downtime: max_connections takes a restart: the only member restarts'],
  },
  'a parameter that takes a reload': { was: THREE, now: { ...THREE, parameters: { work_mem: '8MB' } }, risks: [] },
  'clients that may connect': {
    was: THREE,
    now: { ...THREE, networkPolicy: { from: [{ podSelector: {} }] } },
    risks: [],
  },
  'everything at once, worst first': {
    was: BACKUP,
    now: { ...THREE, version: '17', replicas: 2, deletionPolicy: 'Delete' },
    risks: [
      'data loss: backups stop: from here on nothing can be restored',
      'data loss: deletionPolicy becomes Delete: a confirmed deletion takes the data with it',
      UPGRADE,
      `restart: ${POD}: ${ROLLING}`,
      'note: from 3 to 2 replicas: the volumes of the leaving members stay',
    ],
  },
};

describe('The risks of a change', () => {
  for (const [name, { was, now, risks }] of Object.entries(CASES)) {
    it(`are named: ${name}`, () => {
      expect(told(was, now)).to.deep.equal(risks);
    });
  }
});
