import type { Path } from '../../database/finding.ts';
import type { DatabaseSpec } from '../../database/object.ts';
import { contains, parseCidr } from '../address-ranges.ts';
import { wrongLabels } from '../labels.ts';
import type { Found } from '../rule.ts';
import { objectRule } from '../rule.ts';

type Peer = NonNullable<NonNullable<DatabaseSpec['networkPolicy']>['from']>[number];

/** The problems of a label selector (apimachinery, ValidateLabelSelector). */
function wrongSelector(selector: Peer['podSelector'], path: Path): Found[] {
  const { matchLabels, matchExpressions = [] } = selector ?? {};
  const labels = wrongLabels(matchLabels).map((one): Found => ({
    ...one,
    path: [...path, 'matchLabels', ...one.path],
  }));
  const expressions = matchExpressions.flatMap(({ key, operator, values = [] }, index): Found[] => {
    const at = [...path, 'matchExpressions', index];
    const listed = operator === 'In' || operator === 'NotIn';
    const wrong = [key, ...values].map((text, place) => wrongLabels(place === 0 ? { [text]: '' } : { key: text }));
    return [
      ...(listed && values.length === 0 ? [{ path: at, problem: `must have values with ${operator}` }] : []),
      ...(!listed && values.length > 0 ? [{ path: at, problem: `must not have values with ${operator}` }] : []),
      ...wrong.flat().map((one) => ({ ...one, path: at })),
    ];
  });
  return [...labels, ...expressions];
}

/** The problems of one peer (kubernetes/kubernetes, pkg/apis/networking/validation, ValidateNetworkPolicyPeer). */
function wrongPeer({ ipBlock, podSelector, namespaceSelector }: Peer, path: Path): Found[] {
  const selects = podSelector !== undefined || namespaceSelector !== undefined;
  const wrong = [
    ...wrongSelector(podSelector, [...path, 'podSelector']),
    ...wrongSelector(namespaceSelector, [...path, 'namespaceSelector']),
  ];
  if (!ipBlock) return selects ? wrong : [{ path, problem: 'must have podSelector, namespaceSelector or ipBlock' }];
  if (selects) return [{ path, problem: 'must not have selectors beside ipBlock', remedy: 'make two entries of it' }];
  const range = parseCidr(ipBlock.cidr);
  if (!range) return [];
  return (ipBlock.except ?? []).flatMap((text, at) => {
    const inner = parseCidr(text);
    if (!inner || contains(range, inner)) return [];
    return [
      { path: [...path, 'ipBlock', 'except', at], value: text, problem: `must be a range inside ${ipBlock.cidr}` },
    ];
  });
}

/** Requires peers of a NetworkPolicy that Kubernetes accepts. */
export const networkPolicyPeer = objectRule({
  id: 'network-policy-peer',
  kinds: ['Database'],
  path: 'spec.networkPolicy',
  severity: 'error',
  on: 'write',
  why: 'Kubernetes refuses a NetworkPolicy with such a peer, and the sync stops with the database half made.',
  remedy: 'write exceptions inside their range, and one kind of peer an entry',
  allowed: [
    { spec: { networkPolicy: { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] } } },
    { spec: { networkPolicy: { from: [{ namespaceSelector: { matchLabels: { team: 'shop' } }, podSelector: {} }] } } },
    { spec: { networkPolicy: { to: [{ ipBlock: { cidr: 'fd00::/8' } }] } } },
  ],
  denied: [
    { spec: { networkPolicy: { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }] } } },
    { spec: { networkPolicy: { from: [{}] } } },
    { spec: { networkPolicy: { to: [{ ipBlock: { cidr: 'fd00::/8', except: ['10.0.0.0/16'] } }] } } },
    { spec: { networkPolicy: { from: [{ podSelector: { matchLabels: { team: 'two words' } } }] } } },
    { spec: { networkPolicy: { from: [{ podSelector: { matchExpressions: [{ key: 'team', operator: 'In' }] } }] } } },
    { spec: { networkPolicy: { from: [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }] } } },
  ],
  check: ({ spec: { networkPolicy = {} } }) =>
    (['from', 'to'] as const).flatMap((side) =>
      (networkPolicy[side] ?? []).flatMap((peer, index) => wrongPeer(peer, ['spec', 'networkPolicy', side, index])),
    ),
});
