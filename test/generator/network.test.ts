import { expect } from 'chai';
import type { Database } from '../../database/object.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { render } from '../../generator/render.ts';
import { NO_SETTINGS } from './golden-cases.ts';
import { admit } from './databases.ts';
import type { Pod } from './manifests.ts';
import { containersOf, labelsOf, podsOf } from './manifests.ts';

type Labels = Readonly<Record<string, string>>;

/** Somebody who opens a connection. */
interface Caller {
  readonly namespace: string;
  readonly labels: Labels;
}

interface Selector {
  readonly matchLabels?: Labels;
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
}

interface Policy {
  readonly podSelector: Selector;
  readonly ingress: readonly { readonly from: readonly Peer[]; readonly ports: readonly { readonly port: number }[] }[];
}

const NAMESPACE = 'shop';

function database(spec: object): Database {
  const metadata = { name: 'orders', namespace: NAMESPACE };
  const whole = { engine: 'postgresql', version: '16', storage: { size: '10Gi' }, replicas: 3, ...spec };
  return admit({ apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata, spec: whole });
}

function selects({ matchLabels = {} }: Selector, labels: Labels): boolean {
  return Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
}

/** As the API says it: within one peer both selectors count; without one of namespaces, only pods beside the policy. */
function isPeer({ podSelector, namespaceSelector }: Peer, { namespace, labels }: Caller): boolean {
  const near = namespaceSelector
    ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': namespace })
    : namespace === NAMESPACE;
  return near && (!podSelector || selects(podSelector, labels));
}

/** Whether a network that enforces the policies lets the caller connect to a port of a pod with these labels. */
function mayConnect(manifests: readonly Manifest[], caller: Caller, target: { labels: Labels; port: number }): boolean {
  const policies = manifests
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map(({ spec }) => spec as unknown as Policy);
  const binding = policies.filter(({ podSelector }) => selects(podSelector, target.labels));
  if (binding.length === 0) return true;
  return binding.some(({ ingress }) =>
    ingress.some(
      ({ from, ports }) => from.some((peer) => isPeer(peer, caller)) && ports.some(({ port }) => port === target.port),
    ),
  );
}

const OUTSIDE = {
  'an application beside it': { namespace: NAMESPACE, labels: { app: 'web' } },
  'an application elsewhere': { namespace: 'blog', labels: { app: 'web' } },
  'a pod elsewhere with its label': { namespace: 'blog', labels: { 'db.example.com/database': 'orders' } },
  'another Database beside it': { namespace: NAMESPACE, labels: { 'db.example.com/database': 'orders-2' } },
  'the controller': { namespace: 'ballast-system', labels: {} },
} as const satisfies Record<string, Caller>;

/** What each kind of pod is, as the tables name it. */
const PODS: Readonly<Record<string, string>> = {
  StatefulSet: 'a member',
  CronJob: 'a backup job',
  Deployment: 'the repository host',
};

function ownCaller(pod: Pod): [string, Caller] {
  return [PODS[pod.of] ?? pod.of, { namespace: NAMESPACE, labels: labelsOf(pod) }];
}

function portsOf(pod: Pod): number[] {
  return containersOf(pod).flatMap(({ ports = [] }) => ports.map(({ containerPort }) => containerPort));
}

/** For each port that something listens at, `pod port`, who may connect to it. */
function reach(spec: object): Record<string, string[]> {
  const manifests = render(database(spec), NO_SETTINGS);
  const pods = podsOf(manifests);
  const callers = Object.entries<Caller>({ ...Object.fromEntries(pods.map(ownCaller)), ...OUTSIDE });
  const targets = pods.flatMap((pod) => portsOf(pod).map((port) => ({ pod, labels: labelsOf(pod), port })));
  return Object.fromEntries(
    targets.map(({ pod, ...target }) => {
      const allowed = callers.filter(([, caller]) => mayConnect(manifests, caller, target)).map(([name]) => name);
      return [`${PODS[pod.of] ?? pod.of} ${target.port}`, allowed];
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

interface Case {
  readonly title: string;
  readonly spec: object;
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
  for (const { title, spec, reach: expected } of CASES) {
    it(title, () => {
      const sorted = (all: Record<string, string[]>): Record<string, string[]> =>
        Object.fromEntries(Object.entries(all).map(([port, callers]) => [port, callers.toSorted()]));
      expect(sorted(reach(spec))).to.deep.equal(sorted(expected));
    });
  }
});
