import type { Manifest } from '../../generator/metadata.ts';

type Labels = Readonly<Record<string, string>>;

/** One end of a connection: a pod, or an address outside of all pods. */
export type End =
  | { readonly namespace: string; readonly labels: Labels }
  | { readonly outside: 'node' | 'beyond the cluster'; readonly address?: string };

/** The target of a connection. */
export type Target = End & { readonly port: number; readonly protocol?: 'UDP' };

interface Selector {
  readonly matchLabels?: Labels;
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string };
}

interface Port {
  readonly port: number;
  readonly protocol: string;
}

interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly Port[];
}

interface Spec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

interface Policy extends Spec {
  readonly namespace: string;
}

function policiesIn(manifests: readonly Manifest[]): Policy[] {
  return manifests
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map(({ metadata, spec }) => ({
      ...(spec as unknown as Spec),
      namespace: (metadata as { readonly namespace: string }).namespace,
    }));
}

function selects({ matchLabels = {} }: Selector, labels: Labels): boolean {
  return Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
}

/**
 * As the API says it: within one peer both selectors count; without one of namespaces, only pods beside the policy. A range
 * of addresses is taken for what is beyond the cluster: some networks count neither pods nor nodes among its addresses. One address is
 * that one.
 */
function isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, home: string, end: End): boolean {
  if (ipBlock?.cidr.endsWith('/32')) return 'outside' in end && `${end.address ?? ''}/32` === ipBlock.cidr;
  if (ipBlock) return 'outside' in end && end.outside === 'beyond the cluster';
  if ('outside' in end) return false;
  const near = namespaceSelector
    ? selects(namespaceSelector, { 'kubernetes.io/metadata.name': end.namespace })
    : end.namespace === home;
  return near && (!podSelector || selects(podSelector, end.labels));
}

const hasPort = (ports: readonly Port[] | undefined, { port, protocol }: Target): boolean =>
  ports?.some((one) => one.port === port && one.protocol === (protocol ?? 'TCP')) ?? true;

interface Direction {
  readonly type: 'Ingress' | 'Egress';
  readonly rules: 'ingress' | 'egress';
  readonly peers: 'from' | 'to';
}

const IN: Direction = { type: 'Ingress', rules: 'ingress', peers: 'from' };
const OUT: Direction = { type: 'Egress', rules: 'egress', peers: 'to' };

/** Whether the policies of one end, in one direction, let a connection with the other end pass. */
function passes(
  policies: readonly Policy[],
  [held, other]: readonly [End, End],
  target: Target,
  way: Direction,
): boolean {
  if ('outside' in held) return true;
  const binding = policies.filter(
    ({ namespace, podSelector, policyTypes }) =>
      namespace === held.namespace && selects(podSelector, held.labels) && policyTypes.includes(way.type),
  );
  const lets = ({ namespace, ...policy }: Policy): boolean =>
    (policy[way.rules] ?? []).some(
      (rule) =>
        hasPort(rule.ports, target) && (rule[way.peers]?.some((peer) => isPeer(peer, namespace, other)) ?? true),
    );
  return binding.length === 0 || binding.some(lets);
}

/** Whether a network that enforces the policies allows a connection. */
export function letsIn(manifests: readonly Manifest[], from: End, target: Target): boolean {
  return passes(policiesIn(manifests), [target, from], target, IN);
}

/** Whether a network that enforces the policies lets a pod out. */
export function letsOut(manifests: readonly Manifest[], from: End, target: Target): boolean {
  return passes(policiesIn(manifests), [from, target], target, OUT);
}
