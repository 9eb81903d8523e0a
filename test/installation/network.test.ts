import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../cli/run.ts';

type Labels = Readonly<Record<string, string>>;

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string }[];
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports: readonly { readonly port: number | string; readonly protocol: string }[];
}

interface Spec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/** A pod; without namespace and labels, a client outside of pods. */
interface End {
  readonly namespace?: string;
  readonly labels?: Labels;
}

/** The namespace in which Ballast is installed. */
const OWN = 'ballast-system';
const NAMED: Readonly<Record<string, number>> = { https: 8443, metrics: 8080 };

/** The NetworkPolicies in the files of an installation. */
function policies(...folders: readonly string[]): Spec[] {
  const files = folders.map((folder) => readFileSync(join(ROOT, 'kustomize', folder, 'network.yaml'), 'utf8'));
  return files.flatMap((text) => loadAll(text) as { kind: string; spec: Spec }[]).map(({ spec }) => spec);
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  const all = matchExpressions.every(({ key, operator }) => {
    if (operator !== 'Exists') throw new Error(`${operator} is not judged here`);
    return key in labels;
  });
  return all && Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
}

/** As in the API: without a namespace selector only pods beside the policy match; a client outside of pods matches no peer. */
function isPeer({ podSelector, namespaceSelector }: Peer, { namespace, labels = {} }: End): boolean {
  if (namespace === undefined) return false;
  const near = namespaceSelector
    ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': namespace })
    : namespace === OWN;
  return near && (!podSelector || selects(podSelector, labels));
}

const lets = (peers: readonly Peer[] | undefined, end: End): boolean =>
  peers === undefined || peers.some((peer) => isPeer(peer, end));

interface Talk {
  readonly way: 'Ingress' | 'Egress';
  readonly pod: End;
  readonly other: End;
  readonly port: number;
}

/** Whether one of the policies that bind a pod lets it talk with another end at a port. */
function passes(all: readonly Spec[], { way, pod, other, port }: Talk): boolean {
  const binding = all.filter(
    ({ podSelector, policyTypes }) => policyTypes.includes(way) && selects(podSelector, pod.labels ?? {}),
  );
  const rules = binding.flatMap(({ ingress = [], egress = [] }) => (way === 'Ingress' ? ingress : egress));
  const isPort = (rule: Rule): boolean => rule.ports.some((one) => (NAMED[one.port] ?? one.port) === port);
  return binding.length === 0 || rules.some((rule) => isPort(rule) && lets(rule.from ?? rule.to, other));
}

const part = (component: string): Labels => ({
  'app.kubernetes.io/name': 'ballast',
  'app.kubernetes.io/component': component,
});

const ENDS = {
  'the API server': {},
  'the world': {},
  prometheus: { namespace: 'monitoring', labels: { app: 'prometheus' } },
  'an application': { namespace: 'shop', labels: { app: 'web' } },
  'a member': { namespace: 'shop', labels: { 'db.example.com/database': 'orders' } },
  'the DNS server': { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
  'the webhook': { namespace: OWN, labels: part('webhook') },
  'the controller': { namespace: OWN, labels: part('controller') },
  'another pod beside them': { namespace: OWN, labels: { app: 'web' } },
} as const satisfies Record<string, End>;
type Name = keyof typeof ENDS;

const PORTS = [22, 53, 80, 443, 2379, 3306, 5432, 6443, 8008, 8080, 8443, 10_250];
const PODS = Object.keys(ENDS).filter((name) => !['the API server', 'the world'].includes(name)) as Name[];
const ANYBODY = ['the API server', 'the world', ...PODS] as Name[];

/** Everything that passes, as `port other`. */
function reach(all: readonly Spec[], way: Talk['way'], pod: Name): string[] {
  return PORTS.flatMap((port) =>
    ANYBODY.filter((other) => passes(all, { way, pod: ENDS[pod], other: ENDS[other], port })).map(
      (other) => `${port} ${other}`,
    ),
  );
}

const at = (port: number, names: readonly Name[]): string[] => names.map((name) => `${port} ${name}`);

const SELF_SIGNED = ['base', 'overlays/self-signed', 'controller'];
const CERT_MANAGER = ['base', 'controller'];

describe('The network of the installation, as its policies say it', () => {
  for (const [title, folders] of [
    ['with a certificate of its own', SELF_SIGNED],
    ['with cert-manager', CERT_MANAGER],
  ] as const) {
    describe(title, () => {
      const all = policies(...folders);

      it('lets every client call the webhook, at its one port', () => {
        expect(reach(all, 'Ingress', 'the webhook')).have.members([...at(8443, ANYBODY), ...at(8080, PODS)]);
      });

      it('lets pods read the metrics of the controller, and nothing else', () => {
        expect(reach(all, 'Ingress', 'the controller')).eql(at(8080, PODS));
      });

      it('lets the controller reach DNS, the API server, and members at their two ports', () => {
        expect(reach(all, 'Egress', 'the controller')).eql([
          ...at(53, ANYBODY),
          ...at(443, ANYBODY),
          ...at(5432, ['a member']),
          ...at(6443, ANYBODY),
          ...at(8008, ['a member']),
        ]);
      });

      it('allows no other connection in the namespace', () => {
        expect(reach(all, 'Ingress', 'another pod beside them')).eql([]);
        expect(reach(all, 'Egress', 'another pod beside them')).eql([]);
      });
    });
  }

  it('lets the webhook reach the API server where it makes its own certificate, and no server where it does not', () => {
    expect(reach(policies(...SELF_SIGNED), 'Egress', 'the webhook')).eql([...at(443, ANYBODY), ...at(6443, ANYBODY)]);
    expect(reach(policies(...CERT_MANAGER), 'Egress', 'the webhook')).eql([]);
  });

  it('knows the ports at which webhook and controller listen', () => {
    const listens = (file: string): string[] =>
      [...readFileSync(join(ROOT, 'kustomize', file), 'utf8').matchAll(/- name: (\w+)\s+containerPort: (\d+)/g)].map(
        ([, name = '', port = '']) => `${name} ${port}`,
      );
    expect([...listens('base/webhook.yaml'), ...listens('controller/deployment.yaml')]).eql([
      'https 8443',
      'metrics 8080',
      'metrics 8080',
    ]);
  });
});
