import { sortedJson } from '../database/sorted-json.ts';
import type { Settings } from '../database/types.ts';
import type { Risk } from './risks.ts';
import { worstFirst } from './risks.ts';

type Map = Readonly<Record<string, string>>;

const quoted = (value: string | undefined): string => (value === undefined ? 'the default' : JSON.stringify(value));

const changedKeys = (old: Map, now: Map): string[] =>
  [...new Set([...Object.keys(old), ...Object.keys(now)])].filter((key) => old[key] !== now[key]).sort();

function imageRisks({ images: old = {} }: Settings, { images: now = {} }: Settings): Risk[] {
  const engines = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort() as (keyof typeof old)[];
  return engines.flatMap((engine) => {
    const [before, after] = [old[engine] ?? {}, now[engine] ?? {}];
    const what =
      engine === 'exporters'
        ? 'it reads statistics in each of these Databases'
        : 'it runs with their data and passwords';
    return changedKeys(before, after).map((version): Risk => ({
      level: 'restart',
      text: `images.${engine} ${JSON.stringify(version)}: from ${quoted(before[version])} to ${quoted(after[version])}: ${what}`,
    }));
  });
}

function controllerRisks({ controller: old }: Settings, { controller: now }: Settings): Risk[] {
  if (sortedJson(old ?? {}) === sortedJson(now ?? {})) return [];
  const [from, to] = [old, now].map((account) => `${account?.namespace ?? ''}/${account?.serviceAccount ?? ''}`);
  const text = `controller: the rights over every Database, its passwords among them, go from account ${quoted(from)} to ${quoted(to)}`;
  return [{ level: 'data loss', text: `${text}: whoever runs under it can read and destroy the data` }];
}

function valueRisks(old: Settings, now: Settings): Risk[] {
  const risk = (
    field: 'clusterDomain' | 'storageClassName' | 'monitoring',
    level: Risk['level'],
    what: string,
  ): Risk[] => {
    const [from, to] = [old[field], now[field]].map((value) => (value === undefined ? undefined : String(value)));
    return from === to ? [] : [{ level, text: `${field}: from ${quoted(from)} to ${quoted(to)}: ${what}` }];
  };
  return [
    ...risk('clusterDomain', 'restart', 'members are reached under other names'),
    ...risk(
      'storageClassName',
      'note',
      'for Databases that name no class; a volume that exists keeps its class, so its change is refused',
    ),
    ...risk('monitoring', 'note', 'for Databases that do not say'),
  ];
}

function metadataRisks(old: Settings, now: Settings): Risk[] {
  return (['labels', 'annotations'] as const).flatMap((field) => {
    const names = changedKeys(old[field] ?? {}, now[field] ?? {}).map((name) => JSON.stringify(name));
    if (names.length === 0) return [];
    return [
      { level: 'note' as const, text: `${field}: ${names.join(', ')}: on every object; other programs may obey it` },
    ];
  });
}

/** Names what a change of the settings means for all Databases of the tree, worst first. */
export function settingsRisks(old: Settings, now: Settings): Risk[] {
  return worstFirst([
    ...imageRisks(old, now),
    ...controllerRisks(old, now),
    ...valueRisks(old, now),
    ...metadataRisks(old, now),
  ]);
}
