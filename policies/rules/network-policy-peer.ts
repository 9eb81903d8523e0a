import type { Path } from '../../database/finding.ts';
import type { DatabaseSpec } from '../../database/object.ts';
import { wrongLabels } from '../labels.ts';
import type { Found } from '../rule.ts';
import { objectRule } from '../rule.ts';

interface Range {
  readonly bits: number;
  readonly address: bigint;
  readonly length: number;
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...before, ...Array<string>(missing).fill('0'), ...after];
  if (!all.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return all.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
}

function parseCidr(text: string): Range | undefined {
  const match = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/.exec(text);
  const bits = text.includes(':') ? 128 : 32;
  const address = match?.[1] === undefined ? undefined : bits === 32 ? parseV4(match[1]) : parseV6(match[1]);
  const length = Number(match?.[2]);
  return address !== undefined && length <= bits ? { bits, address, length } : undefined;
}

function contains(outer: Range, inner: Range): boolean {
  const shift = BigInt(outer.bits - outer.length);
  return outer.bits === inner.bits && outer.length < inner.length && outer.address >> shift === inner.address >> shift;
}

type Peer = NonNullable<NonNullable<DatabaseSpec['networkPolicy']>['from']>[number];

/** What is wrong in a selector of labels (apimachinery, ValidateLabelSelector). */
function wrongSelector(selector: Peer['podSelector'], path: Path): Found[] {
  const { matchLabels, matchExpressions = [] } = selector ?? {};
  const labels = wrongLabels(matchLabels).map((one): Found => ({
    ...one,
    path: [...path, 'matchLabels', ...one.path],
  }));
  const expressions = matchExpressions.flatMap(({ key, operator, values = [] }, index): Found[] => {
    const at = [...path, 'matchExpressions', index];
    const listed = operator === 'In' || operator === 'NotIn';
    if (listed && values.length === 0) return [{ path: at, problem: `must have values with ${operator}` }];
    if (!listed && values.length > 0) return [{ path: at, problem: `must not have values with ${operator}` }];
    const wrong = [key, ...values].map((text, place) => wrongLabels(place === 0 ? { [text]: '' } : { key: text }));
    return wrong.flat().map((one) => ({ ...one, path: at }));
  });
  return [...labels, ...expressions];
}

/** What is wrong with one peer (kubernetes/kubernetes, pkg/apis/networking/validation, ValidateNetworkPolicyPeer). */
function wrongPeer({ ipBlock, podSelector, namespaceSelector }: Peer, path: Path): Found[] {
  const selects = podSelector !== undefined || namespaceSelector !== undefined;
  const wrong = [
    ...wrongSelector(podSelector, [...path, 'podSelector']),
    ...wrongSelector(namespaceSelector, [...path, 'namespaceSelector']),
  ];
  if (!ipBlock) return selects ? wrong : [{ path, problem: 'must have podSelector, namespaceSelector or ipBlock' }];
  if (selects) return [{ path, problem: 'must not have selectors beside ipBlock', remedy: 'make two entries of it' }];
  const range = parseCidr(ipBlock.cidr);
  const problem = 'must be a range of addresses in CIDR form';
  if (!range) return [{ path: [...path, 'ipBlock', 'cidr'], value: ipBlock.cidr, problem }];
  return (ipBlock.except ?? []).flatMap((text, at) => {
    const inner = parseCidr(text);
    if (inner && contains(range, inner)) return [];
    return [
      { path: [...path, 'ipBlock', 'except', at], value: text, problem: `must be a range inside ${ipBlock.cidr}` },
    ];
  });
}

/** Ranges of addresses are ones that a NetworkPolicy takes, and a peer is one thing. */
export const networkPolicyPeer = objectRule({
  id: 'network-policy-peer',
  kinds: ['Database'],
  path: 'spec.networkPolicy',
  severity: 'error',
  on: 'write',
  why: 'Kubernetes refuses a NetworkPolicy with a range that is none, and the sync stops with the database half made.',
  remedy: 'write ranges as 10.0.0.0/8 or fd00::/8, exceptions inside them, and one kind of peer an entry',
  allowed: [
    { spec: { networkPolicy: { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] } } },
    { spec: { networkPolicy: { from: [{ namespaceSelector: { matchLabels: { team: 'shop' } }, podSelector: {} }] } } },
    { spec: { networkPolicy: { to: [{ ipBlock: { cidr: 'fd00::/8' } }] } } },
  ],
  denied: [
    { spec: { networkPolicy: { from: [{ ipBlock: { cidr: '10.0.0.0' } }] } } },
    { spec: { networkPolicy: { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }] } } },
    { spec: { networkPolicy: { from: [{}] } } },
    { spec: { networkPolicy: { to: [{ ipBlock: { cidr: '10.0.0.0/33' } }] } } },
    { spec: { networkPolicy: { from: [{ podSelector: { matchLabels: { team: 'two words' } } }] } } },
    { spec: { networkPolicy: { from: [{ podSelector: { matchExpressions: [{ key: 'team', operator: 'In' }] } }] } } },
    { spec: { networkPolicy: { from: [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }] } } },
  ],
  check: ({ spec: { networkPolicy = {} } }) =>
    (['from', 'to'] as const).flatMap((side) =>
      (networkPolicy[side] ?? []).flatMap((peer, index) => wrongPeer(peer, ['spec', 'networkPolicy', side, index])),
    ),
});
