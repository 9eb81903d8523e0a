import { sortedJson } from '../../database/sorted-json.ts';
import type { Settings } from '../../database/types.ts';
import type { Effect } from './effect.ts';
import { changedKeys, fromTo, worstFirst } from './effect.ts';

function imageEffects({ images: old = {} }: Settings, { images: now = {} }: Settings): Effect[] {
  const engines = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort() as (keyof typeof old)[];
  return engines.flatMap((engine) => {
    const [before, after] = [old[engine] ?? {}, now[engine] ?? {}];
    const what =
      engine === 'exporters'
        ? 'it reads statistics in each of these Databases'
        : 'it runs with their data and passwords';
    return changedKeys(before, after).map((version): Effect => ({
      level: 'none',
      text: `images.${engine} ${JSON.stringify(version)}: ${fromTo(before[version], after[version])}: ${what}`,
    }));
  });
}

function controllerEffects({ controller: old }: Settings, { controller: now }: Settings): Effect[] {
  if (sortedJson(old) === sortedJson(now)) return [];
  const [from, to] = [old, now].map((account) => `${account.namespace}/${account.serviceAccount}`);
  const text = `controller: the rights over every Database, its passwords among them, go to another account, ${fromTo(from, to)}`;
  return [{ level: 'data-loss', text: `${text}: whoever runs under it can read and destroy the data` }];
}

function valueEffects(old: Settings, now: Settings): Effect[] {
  const effect = (field: 'clusterDomain' | 'storageClassName' | 'monitoring', what: string): Effect[] => {
    const [from, to] = [old[field], now[field]].map((value) => (value === undefined ? undefined : String(value)));
    return from === to ? [] : [{ level: 'none', text: `${field}: ${fromTo(from, to)}: ${what}` }];
  };
  return [
    ...effect('clusterDomain', 'members are reached under other names'),
    ...effect(
      'storageClassName',
      'for Databases that name no class; a volume that exists keeps its class, so its change is refused',
    ),
    ...effect('monitoring', 'for Databases that do not say'),
  ];
}

function metadataEffects(old: Settings, now: Settings): Effect[] {
  return (['labels', 'annotations'] as const).flatMap((field) => {
    const names = changedKeys(old[field] ?? {}, now[field] ?? {}).map((name) => JSON.stringify(name));
    if (names.length === 0) return [];
    return [
      { level: 'none' as const, text: `${field}: ${names.join(', ')}: on every object; other programs may obey it` },
    ];
  });
}

/** The effects of changed settings on all Databases of the tree, the worst first. Restarts of members are reported at each Database. */
export function settingsEffects(old: Settings, now: Settings): Effect[] {
  return worstFirst([
    ...imageEffects(old, now),
    ...controllerEffects(old, now),
    ...valueEffects(old, now),
    ...metadataEffects(old, now),
  ]);
}
