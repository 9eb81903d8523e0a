/** A range of addresses: its bits, the length of its prefix, and the length of an address. */
export interface Range {
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

/** Parses a range in CIDR form; undefined when invalid. */
export function parseCidr(text: string): Range | undefined {
  const match = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/.exec(text);
  const bits = text.includes(':') ? 128 : 32;
  const address = match?.[1] === undefined ? undefined : bits === 32 ? parseV4(match[1]) : parseV6(match[1]);
  const length = Number(match?.[2]);
  return address !== undefined && length <= bits ? { bits, address, length } : undefined;
}

/** Whether the second range lies in the first and is smaller. */
export function contains(outer: Range, inner: Range): boolean {
  const shift = BigInt(outer.bits - outer.length);
  return outer.bits === inner.bits && outer.length < inner.length && outer.address >> shift === inner.address >> shift;
}
