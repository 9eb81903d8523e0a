/** PostgreSQL cuts longer names off without a word. */
const NAME_BYTES = 63;

/** Writes a name as PostgreSQL reads it. Throws on what can be none: names come past the rules. */
export function quoteIdentifier(name: string): string {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > NAME_BYTES || name.includes('\0')) {
    throw new Error(`a name of ${bytes} bytes, or with a zero byte, cannot be quoted`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** Writes a text as PostgreSQL reads it, whatever standard_conforming_strings says. Throws on a zero byte, which no text may hold. */
export function quoteLiteral(text: string): string {
  if (text.includes('\0')) throw new Error('a text with a zero byte cannot be quoted');
  const doubled = text.replaceAll("'", "''");
  return text.includes('\\') ? ` E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}
