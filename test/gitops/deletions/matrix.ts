import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../cli/run.ts';
import { ACTS } from './acts.ts';
import type { Name } from './databases.ts';
import { NAMES, POLICIES } from './databases.ts';
import { REFUSALS } from './refusals.ts';

/** What became of one act. */
export interface Outcome {
  /** Why the tool knows no such act. */
  readonly no?: string;
  /** The refusals in what the tool said. */
  readonly refusals: readonly string[];
  /** What each Database lost of what runs it. */
  readonly gone: Readonly<Record<Name, string>>;
}

/** The acts of a tool by name, each with the webhook up and away. */
export type Outcomes = ReadonlyMap<string, { readonly up: Outcome; readonly away: Outcome }>;

const DOCUMENT = join(ROOT, 'docs/deletion.md');

/** What went, with the policies that it went from. */
function losses(gone: Outcome['gone']): string {
  const byLoss = Map.groupBy(NAMES, (name) => gone[name]);
  if (byLoss.size === 1) {
    const [loss = ''] = byLoss.keys();
    return loss === '' ? 'nothing goes' : `of each: ${loss}`;
  }
  const of = ([loss, names]: readonly [string, readonly Name[]]): string =>
    `of ${names.map((name) => `\`${POLICIES[name]}\``).join(' and ')}: ${loss}`;
  return [...byLoss]
    .filter(([loss]) => loss !== '')
    .map(of)
    .join('; ');
}

/** A cell of the table. */
export function cellOf({ no, refusals, gone }: Outcome): string {
  if (no !== undefined) return `– (${no})`;
  const said = refusals.length === 0 ? '' : `refused: ${refusals.map((id) => `*${id}*`).join(', ')}; `;
  return `${said}${losses(gone)}; **kept**`;
}

const startOf = (tool: string): string => `<!-- ${tool}: written by \`npm run test:gitops\` -->`;
const endOf = (tool: string): string => `<!-- end of ${tool} -->`;

function sectionOf(text: string, tool: string): { readonly from: number; readonly to: number } {
  const [from, to] = [text.indexOf(startOf(tool)), text.indexOf(endOf(tool))];
  if (from < 0 || to < from) throw new Error(`docs/deletion.md must have the marks of ${tool}`);
  return { from: from + startOf(tool).length, to };
}

/** The row of an act in the documentation of a tool, as `[webhook up, webhook away]`; missing as long as no run has written it. */
export function documented(tool: string, act: string): readonly string[] | undefined {
  const text = readFileSync(DOCUMENT, 'utf8');
  const { from, to } = sectionOf(text, tool);
  const row = text
    .slice(from, to)
    .split('\n')
    .find((line) => line.startsWith(`| ${act} |`));
  return row
    ?.split(' | ')
    .slice(1)
    .map((cell) => cell.replace(/ \|$/, '').trim());
}

/** Writes a table into the documentation. */
function write(name: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const text = readFileSync(DOCUMENT, 'utf8');
  const { from, to } = sectionOf(text, name);
  writeFileSync(DOCUMENT, `${text.slice(0, from)}\n\n${lines.join('\n')}\n\n${text.slice(to)}`);
}

/** Writes the table of a tool into the documentation, and what its words mean. */
export function document(tool: string, outcomes: Outcomes): void {
  write(
    'refusals',
    ['the tables say', 'who refuses', 'how to go on'],
    REFUSALS.map(({ id, by, wayOn }) => [`*${id}*`, by, wayOn]),
  );
  write(
    'acts',
    ['act', 'is'],
    ACTS.map(({ name, what }) => [name, what]),
  );
  write(
    tool,
    ['act', 'with the webhook', 'with the webhook away'],
    [...outcomes].map(([act, { up, away }]) => [act, cellOf(up), cellOf(away)]),
  );
}
