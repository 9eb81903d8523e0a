import type { Effect, Level } from '../../generator/effects/effect.ts';
import { isAsBadAs } from '../../generator/effects/effect.ts';
import type { colorsFor } from '../report/report.ts';
import type { ObjectChange, TreeChange } from './changes.ts';
import type { Folded } from './manifests.ts';

type Colors = ReturnType<typeof colorsFor>;

/** A level in plain words. */
export const levelText = (level: Level): string => level.replace('-', ' ');

/** The number of manifests that a change of an object affects. */
export function manifestCount({ manifests, metadata }: ObjectChange): string {
  const count = manifests.length + metadata.reduce((sum, folded) => sum + folded.manifests.length, 0);
  return `${count} ${count === 1 ? 'manifest' : 'manifests'}`;
}

/** A change of labels and annotations that several manifests share, in one line. */
export const foldedText = ({ change, manifests }: Folded): string =>
  manifests.length === 1 ? `${manifests[0]}: ${change}` : `${manifests.length} manifests: ${change}`;

function effectLine({ level, text }: Effect, colors: Colors): string {
  const paint = isAsBadAs(level, 'downtime') ? colors.red : level === 'none' ? colors.dim : colors.yellow;
  return `  ${paint(`${levelText(level)}:`)} ${text}\n`;
}

const effectLines = (effects: readonly Effect[], colors: Colors): string =>
  effects.map((effect) => effectLine(effect, colors)).join('');

function colorLine(line: string, colors: Colors): string {
  if (line.startsWith('+')) return colors.green(line);
  if (line.startsWith('-')) return colors.red(line);
  return line.startsWith('@@') ? colors.cyan(line) : line;
}

function objectText(change: ObjectChange, colors: Colors): string {
  const { kind, namespace, name, fate, effects, metadata, manifests } = change;
  const heading = colors.bold(`${kind} ${namespace}/${name} is ${fate} (${manifestCount(change)})`);
  const folded = metadata.map((one) => `  ${foldedText(one)}\n`).join('');
  const patches = manifests.flatMap(({ patch }) => patch).map((line) => `${colorLine(line, colors)}\n`);
  return `${heading}\n${effectLines(effects, colors)}${folded}${patches.join('')}`;
}

/** Formats a change for a terminal: the effects on each object, then the changed lines of its manifests. */
export function diffText({ settings, objects }: TreeChange, colors: Colors): string {
  const ofSettings =
    settings.length === 0 ? '' : `${colors.bold('The settings are changed')}\n${effectLines(settings, colors)}`;
  return ofSettings + objects.map((change) => objectText(change, colors)).join('');
}
