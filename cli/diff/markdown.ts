import type { Effect } from '../../generator/effects/effect.ts';
import type { ObjectChange, TreeChange } from './changes.ts';
import { foldedText, levelText, manifestCount } from './text.ts';

/** GitHub's longest comment has 65,536 characters; a longer one omits the lines of manifests. */
const MOST_CHARACTERS = 60_000;

/** Escapes a user's text for a paragraph or a table, so that neither Markdown nor HTML interprets it. */
function inline(text: string): string {
  return text.replace(/[\\`*_[\]<>#|~&@]/g, (character) => `&#${character.charCodeAt(0)};`).replace(/\s+/g, ' ');
}

/** Formats lines as a code block, with a fence that none of the lines closes. */
function fenced(lines: readonly string[]): string {
  const longest = Math.max(2, ...lines.map((line) => /`{3,}/.exec(line)?.[0].length ?? 0));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${lines.join('\n')}\n${fence}\n`;
}

function table(effects: readonly Effect[]): string {
  if (effects.length === 0) return '';
  const rows = effects.map(({ level, text }) => `| **${levelText(level)}** | ${inline(text)} |\n`);
  return `| what it does | |\n| --- | --- |\n${rows.join('')}\n`;
}

function details(change: ObjectChange, withLines: boolean): string {
  const folded = change.metadata.map((one) => `- ${inline(foldedText(one))}\n`).join('');
  const lines = change.manifests.flatMap(({ patch }) => patch);
  const body = withLines ? fenced(lines) : 'Too long for a comment: `ballast diff` shows the lines.\n';
  const ofManifests = lines.length === 0 ? '' : `\n${body}`;
  return `<details><summary>${manifestCount(change)}</summary>\n\n${folded}${ofManifests}\n</details>\n`;
}

function objectText(change: ObjectChange, withLines: boolean): string {
  const { kind, namespace, name, fate, effects } = change;
  return `### ${kind} ${inline(`${namespace}/${name}`)} is ${fate}\n\n${table(effects)}${details(change, withLines)}\n`;
}

function text({ level, settings, objects }: TreeChange, withLines: boolean): string {
  const count = objects.length === 1 ? '1 object changes' : `${objects.length} objects change`;
  const ofSettings = settings.length === 0 ? '' : `### The settings are changed\n\n${table(settings)}`;
  const all = objects.map((change) => objectText(change, withLines)).join('');
  return `**${count}; the worst that happens to a running database: ${levelText(level)}**\n\n${ofSettings}${all}`;
}

/** Formats a change as a comment on a pull request. */
export function diffMarkdown(change: TreeChange): string {
  if (change.objects.length === 0 && change.settings.length === 0)
    return 'Nothing changes in the rendered manifests.\n';
  const whole = text(change, true);
  return whole.length > MOST_CHARACTERS ? text(change, false) : whole;
}
