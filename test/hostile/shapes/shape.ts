/** A hostile text of about so many characters. */
export type Shape = (characters: number) => string;

/** Shapes by their names, which are clauses: `a file of …`. */
export type Shapes = Readonly<Record<string, Shape>>;

/** The text around a repeated part. */
interface Around {
  readonly before?: string;
  readonly after?: string;
}

/** Repeats a piece until the text has its size; a function gives each piece by its number. */
export function filled(piece: string | ((index: number) => string), { before = '', after = '' }: Around = {}): Shape {
  return (characters) => {
    const room = characters - before.length - after.length;
    if (typeof piece === 'string') {
      return `${before}${piece.repeat(Math.max(1, Math.floor(room / piece.length)))}${after}`;
    }
    const parts: string[] = [];
    for (let length = 0, index = 0; length < room; index += 1) {
      const part = piece(index);
      parts.push(part);
      length += part.length;
    }
    return `${before}${parts.join('')}${after}`;
  };
}

/** The beginning of a Database, up to its spec. */
export const HEAD = 'apiVersion: db.example.com/v1alpha1\nkind: Database\nmetadata: {name: orders, namespace: shop}\n';
const NEEDED = 'spec:\n  version: 16\n  storage: {size: 10Gi}\n';

/** A text inside a Database, as the last thing in its spec. */
export function inSpec(piece: string | ((index: number) => string), { before = '', after = '' }: Around = {}): Shape {
  return filled(piece, { before: `${HEAD}${NEEDED}${before}`, after: `${after}\n` });
}

/** One whole Database on a line of its own. */
export function databaseLine(name: string, spec = '', more = ''): string {
  const needed = 'version: 16, storage: {size: 10Gi}';
  return `{apiVersion: db.example.com/v1alpha1, kind: Database, metadata: {name: ${name}, namespace: shop}, spec: {${needed}${spec}}${more}}`;
}
