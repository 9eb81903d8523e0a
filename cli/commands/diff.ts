import type { BallastObject } from '../../database/object.ts';
import { identify, identityKey } from '../../database/object.ts';
import type { Settings } from '../../database/types.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { manifestsToYaml } from '../../generator/render.ts';
import type { Risk } from '../../generator/risks.ts';
import { risksOf } from '../../generator/risks.ts';
import { settingsRisks } from '../../generator/settings-risks.ts';
import type { Tree } from '../load.ts';
import { loadTree } from '../load.ts';
import { byPlace } from '../located.ts';
import { unifiedPatch } from '../patch.ts';
import { createProgress } from '../progress.ts';
import { manifestsOf } from '../rendered.ts';
import { closingLine, colorsFor } from '../report/report.ts';
import { textReport } from '../report/text.ts';
import { loadSettings } from '../settings.ts';
import { settingsChangeFindings, settingsOf } from '../settings-change.ts';
import { isAddition, mergedObject } from '../tree.ts';
import type { TreeOptions } from './validate.ts';
import { exitCode } from './validate.ts';

type Colors = ReturnType<typeof colorsFor>;

interface Side {
  readonly object: BallastObject;
  readonly manifests: readonly Manifest[];
}

function sideOf(object: BallastObject | undefined, settings: Settings): Side | undefined {
  return object && { object, manifests: manifestsOf(object, settings) };
}

function manifestKey({ kind, metadata }: Manifest): string {
  const { namespace, name } = metadata as { namespace?: string; name?: string };
  return `${kind} ${namespace ?? ''}/${name ?? ''}`;
}

function colorLine(line: string, colors: Colors): string {
  if (line.startsWith('+')) return colors.green(line);
  if (line.startsWith('-')) return colors.red(line);
  return line.startsWith('@@') ? colors.cyan(line) : line;
}

/** The difference of one manifest as a unified diff; empty when there is none. */
function patchOf(key: string, old: Manifest | undefined, now: Manifest | undefined, colors: Colors): string {
  const textOf = (manifest: Manifest | undefined): string => (manifest ? manifestsToYaml([manifest]) : '');
  const texts = [textOf(old), textOf(now)] as const;
  if (texts[0] === texts[1]) return '';
  const patch = unifiedPatch({ names: [old ? key : '/dev/null', now ? key : '/dev/null'], texts });
  const lines = patch.split('\n').filter((line) => !line.startsWith('====') && !line.startsWith('\\ No newline'));
  return lines.map((line) => colorLine(line, colors)).join('\n');
}

function riskLine({ level, text }: Risk, colors: Colors): string {
  const paint = level === 'data loss' || level === 'downtime' ? colors.red : colors.yellow;
  return `  ${paint(`${level}:`)} ${text}\n`;
}

const riskLines = (all: readonly Risk[], colors: Colors): string => all.map((risk) => riskLine(risk, colors)).join('');

function risks(old: Side | undefined, now: Side | undefined): Risk[] {
  const databaseSide = (side: Side | undefined): Parameters<typeof risksOf>[0] =>
    side?.object.kind === 'Database' ? { database: side.object, manifests: side.manifests } : undefined;
  return risksOf(databaseSide(old), databaseSide(now));
}

/** What changes for one object: its risks first, then every manifest that differs. Empty when nothing does. */
function changeText(old: Side | undefined, now: Side | undefined, colors: Colors): string {
  const before = new Map((old?.manifests ?? []).map((manifest) => [manifestKey(manifest), manifest]));
  const after = new Map((now?.manifests ?? []).map((manifest) => [manifestKey(manifest), manifest]));
  const keys = new Set([...after.keys(), ...before.keys()]);
  const patches = [...keys]
    .map((key) => patchOf(key, before.get(key), after.get(key), colors))
    .filter((patch) => patch !== '');
  const about = (now ?? old)?.object;
  if (patches.length === 0 || !about) return '';
  const { kind, namespace, name } = identify(about);
  const what = !old ? 'made' : !now ? 'removed' : 'changed';
  const heading = colors.bold(`${kind} ${namespace}/${name} is ${what} (${patches.length} manifests)`);
  return `${heading}\n${riskLines(risks(old, now), colors)}${patches.join('')}`;
}

/** What a change of the settings means for all Databases; empty when nothing changes. */
function settingsText(old: Settings, now: Settings, colors: Colors): string {
  const found = settingsRisks(old, now);
  return found.length === 0 ? '' : `${colors.bold('The settings are changed')}\n${riskLines(found, colors)}`;
}

type Change = readonly [old: BallastObject | undefined, now: BallastObject | undefined];

/** Every object as it was at the revision and as it is after the merge, by identity; what only others added is no change. */
function changesOf({ entries, past }: Tree): Change[] {
  if (!past) return [];
  const now = new Map(
    entries.map(({ object }) => [identityKey(identify(object)), mergedObject(object, past)] as const),
  );
  const theirs = [...past.theirs.keys()].filter((key) => now.has(key) || !isAddition(past, key));
  const keys = [...new Set([...theirs, ...now.keys()])].sort();
  return keys.map((key) => [past.theirs.get(key)?.object, now.get(key)]);
}

/** Shows what a change does to the rendered manifests. A tree with errors is refused, as it is when rendering. */
export function diff(paths: readonly string[], options: TreeOptions & { readonly against: string }): number {
  const progress = createProgress('checked', process.stderr, Date.now);
  const loaded = loadSettings(options.settings, paths);
  const { settings, file } = loaded;
  const tree = loadTree({ ...options, paths, now: new Date(), progress });
  progress.end();
  const both = settingsOf(tree, settings, { ...options, paths });
  const changed = settingsChangeFindings(tree, both, file);
  const findings = [...loaded.findings, ...changed, ...tree.findings].sort(byPlace);
  process.stderr.write(textReport(findings, colorsFor(process.stderr)));
  process.stderr.write(closingLine(findings, tree.counts, file));
  const code = exitCode(findings);
  if (code !== 0) return code;
  const { old: before, now: after } = both;
  process.stdout.write(settingsText(before, after, colorsFor(process.stdout)));
  let shown = 0;
  for (const [old, now] of changesOf(tree)) {
    const text = changeText(sideOf(old, before), sideOf(now, after), colorsFor(process.stdout));
    process.stdout.write(text);
    if (text !== '') shown += 1;
  }
  if (shown === 0) process.stderr.write('nothing changes in the rendered manifests\n');
  return 0;
}
