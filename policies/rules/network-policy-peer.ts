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

/** Ranges of addresses are ones that a NetworkPolicy takes, and a peer is one thing. */
export const networkPolicyPeer = objectRule({
  id: 'network-policy-peer',
  kinds: ['Database'],
  path: 'spec.networkPolicy.from',
  severity: 'error',
  on: 'write',
  why: 'Kubernetes refuses a NetworkPolicy with a range that is none, and the sync stops with the database half made.',
  remedy: 'write ranges as 10.0.0.0/8 or fd00::/8, exceptions inside them, and one kind of peer an entry',
  allowed: [
    { spec: { networkPolicy: { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] } } },
    { spec: { networkPolicy: { from: [{ namespaceSelector: { matchLabels: { team: 'shop' } }, podSelector: {} }] } } },
  ],
  denied: [
    { spec: { networkPolicy: { from: [{ ipBlock: { cidr: '10.0.0.0' } }] } } },
    { spec: { networkPolicy: { from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }] } } },
    { spec: { networkPolicy: { from: [{}] } } },
    { spec: { networkPolicy: { from: [{ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }] } } },
  ],
  check: ({ spec }) =>
    (spec.networkPolicy?.from ?? []).flatMap(({ ipBlock, podSelector, namespaceSelector }, index): Found[] => {
      const path = ['spec', 'networkPolicy', 'from', index];
      const selects = podSelector !== undefined || namespaceSelector !== undefined;
      if (!ipBlock) return selects ? [] : [{ path, problem: 'must have podSelector, namespaceSelector or ipBlock' }];
      if (selects)
        return [{ path, problem: 'must not have selectors beside ipBlock', remedy: 'make two entries of it' }];
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
    }),
});
