import { expect } from 'chai';
import { containersOf, labelsOf, podsOf } from './manifests.ts';
import type { Pod } from './manifests.ts';
import type { End } from './network-policies.ts';
import { letsIn } from './network-policies.ts';
import type { Written } from './network-scene.ts';
import { NAMESPACE, kindOf, ownEnds, rendered } from './network-scene.ts';

const OUTSIDE = {
  'an application beside it': { namespace: NAMESPACE, labels: { app: 'web' } },
  'an application elsewhere': { namespace: 'blog', labels: { app: 'web' } },
  'a pod elsewhere with its label': { namespace: 'blog', labels: { 'db.example.com/database': 'orders' } },
  'another Database beside it': { namespace: NAMESPACE, labels: { 'db.example.com/database': 'orders-2' } },
  'the controller': { namespace: 'ballast-system', labels: {} },
} as const satisfies Record<string, End>;

function portsOf(pod: Pod): number[] {
  return containersOf(pod).flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort));
}

/** The clients that may connect to each open port, `pod port`. */
function reach(written: Written): Record<string, string[]> {
  const manifests = rendered(written);
  const callers = Object.entries<End>({ ...ownEnds(manifests), ...OUTSIDE });
  const targets = podsOf(manifests).flatMap((pod) => portsOf(pod).map((port) => ({ pod, port })));
  return Object.fromEntries(
    targets.map(({ pod, port }) => {
      const target = { namespace: NAMESPACE, labels: labelsOf(pod), port };
      const allowed = callers.filter(([, caller]) => letsIn(manifests, caller, target)).map(([name]) => name);
      return [`${kindOf(pod)} ${port}`, allowed];
    }),
  );
}

const MEMBERS = ['a member'];
const JOBS = ['a member', 'a backup job'];
const ALL_OWN = ['a member', 'the repository host', 'a backup job'];
const BESIDE = ['an application beside it', 'another Database beside it'];
const CONTROLLER = ['the controller'];
const EVERYBODY = Object.keys(OUTSIDE);
const backup = { enabled: true, schedule: '0 2 * * *' };

interface Case extends Written {
  readonly title: string;
  readonly reach: Record<string, string[]>;
}

const CASES: readonly Case[] = [
  {
    title: 'lets in its namespace as clients, and members and the controller everywhere',
    spec: {},
    reach: {
      'a member 5432': [...MEMBERS, ...BESIDE, ...CONTROLLER],
      'a member 8008': [...MEMBERS, ...CONTROLLER],
    },
  },
  {
    title: 'with backups, lets the jobs reach the members',
    spec: { backup: { ...backup, destination: 's3://bucket/orders' } },
    reach: {
      'a member 5432': [...JOBS, ...BESIDE, ...CONTROLLER],
      'a member 8008': [...JOBS, ...CONTROLLER],
      'a member 8432': [...JOBS, ...CONTROLLER],
    },
  },
  {
    title: 'keeps the repository to members and jobs',
    spec: { backup: { ...backup, destination: 'pvc://' } },
    reach: {
      'a member 5432': [...ALL_OWN, ...BESIDE, ...CONTROLLER],
      'a member 8008': [...ALL_OWN, ...CONTROLLER],
      'a member 8432': [...ALL_OWN, ...CONTROLLER],
      'the repository host 8432': ALL_OWN,
    },
  },
  {
    title: 'keeps the repository to members and jobs, also under the account of an earlier version',
    spec: { backup: { ...backup, destination: 'pvc://' } },
    account: 'orders',
    reach: {
      'a member 5432': [...ALL_OWN, ...BESIDE, ...CONTROLLER],
      'a member 8008': [...ALL_OWN, ...CONTROLLER],
      'a member 8432': [...ALL_OWN, ...CONTROLLER],
      'the repository host 8432': ALL_OWN,
    },
  },
  {
    title: 'lets in only the clients that the user names, once he names any',
    spec: {
      networkPolicy: { from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'blog' } } }] },
    },
    reach: {
      'a member 5432': [...MEMBERS, 'an application elsewhere', 'a pod elsewhere with its label', ...CONTROLLER],
      'a member 8008': [...MEMBERS, ...CONTROLLER],
    },
  },
  {
    title: 'lets scrapers of any namespace read the metrics, and the others nothing more',
    spec: { monitoring: { enabled: true } },
    reach: {
      'a member 5432': [...MEMBERS, ...BESIDE, ...CONTROLLER],
      'a member 8008': [...MEMBERS, ...EVERYBODY],
      'a member 9187': [...MEMBERS, ...EVERYBODY],
    },
  },
  {
    title: 'lets everybody in when it is switched off',
    spec: { networkPolicy: { enabled: false } },
    reach: { 'a member 5432': [...MEMBERS, ...EVERYBODY], 'a member 8008': [...MEMBERS, ...EVERYBODY] },
  },
  {
    title: 'of another engine lets clients at its own port',
    spec: { engine: 'mysql', version: '8.4', replicas: 1 },
    reach: { 'a member 3306': [...MEMBERS, ...BESIDE, ...CONTROLLER] },
  },
];

describe('The network of a Database, as its policies say it', () => {
  for (const { title, reach: expected, ...written } of CASES) {
    it(title, () => {
      const sorted = (all: Record<string, string[]>): Record<string, string[]> =>
        Object.fromEntries(Object.entries(all).map(([port, callers]) => [port, callers.toSorted()]));
      expect(sorted(reach(written))).to.deep.equal(sorted(expected));
    });
  }
});
