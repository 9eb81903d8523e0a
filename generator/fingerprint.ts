const OFFSETS = [0x811c9dc5, 0x050c5d1f] as const;
const PRIME = 0x01000193;

function fnv(text: string, offset: number): string {
  let hash = offset;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), PRIME);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/**
 * Sixteen hex digits that differ for different texts, barring deliberate collisions: FNV-1a of the UTF-16 units from two starting points
 * (datatracker.ietf.org/doc/html/draft-eastlake-fnv). A user who could craft a collision can write the text itself, so nothing stronger
 * is needed.
 */
export function fingerprint(text: string): string {
  return OFFSETS.map((offset) => fnv(text, offset)).join('');
}
