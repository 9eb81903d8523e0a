/** PostgreSQL silently cuts off longer names. */
const NAME_BYTES = 63;

/** Quotes an identifier for PostgreSQL. Throws when the text cannot be one; the rules have checked all names before. */
export function quoteIdentifier(name: string): string {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > NAME_BYTES || name.includes('\0')) {
    throw new Error(`a name of ${bytes} bytes, or with a zero byte, cannot be quoted`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a literal for PostgreSQL, whatever standard_conforming_strings says. Throws on a zero byte, which no literal may contain. */
export function quoteLiteral(text: string): string {
  if (text.includes('\0')) throw new Error('a text with a zero byte cannot be quoted');
  const doubled = text.replaceAll("'", "''");
  return text.includes('\\') ? ` E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}
