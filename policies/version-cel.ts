import type { EngineName } from '../database/engines/index.ts';
import { ENGINES, ENGINE_NAMES } from '../database/engines/index.ts';
import { versionPattern } from './versions.ts';

/** A spec in CEL: `self` or `oldSelf`. */
type Of = 'self' | 'oldSelf';

const text = (of: Of): string => `string(${of}.version)`;
const part = (of: Of, index: number): string => `${text(of)}.split('.')[${index}]`;

/** The number of parts in a series: one in 16, two in 8.0. */
const partsOf = (engine: EngineName): number => (ENGINES[engine].series[0]?.series ?? '').split('.').length;

/** A choice by engine; the last value applies to all engines that are not named. */
function byEngine(of: Of, say: (engine: EngineName) => string): string {
  const [last, ...others] = ENGINE_NAMES.toReversed();
  const choices = others.toReversed().map((engine) => `${of}.engine == '${engine}' ? ${say(engine)} : `);
  return `(${choices.join('')}${last ? say(last) : ''})`;
}

/** CEL: whether the catalog contains the version. */
export function celKnown(of: Of): string {
  const one = (engine: EngineName): string =>
    `(${of}.engine != '${engine}' || ${text(of)}.matches('${versionPattern(engine)}'))`;
  return ENGINE_NAMES.map(one).join(' && ');
}

/** The place of a known version's series among those of its engine, in CEL. */
export function celSeries(of: Of): string {
  return byEngine(of, (engine) => {
    const places = ENGINES[engine].series.map(({ series }, index) => `'${series}': ${index}`);
    const key = partsOf(engine) === 1 ? part(of, 0) : `${part(of, 0)} + '.' + ${part(of, 1)}`;
    return `{${places.join(', ')}}[${key}]`;
  });
}

/** CEL: the minor number of a known version, or a stand-in without one. */
export function celMinor(of: Of, otherwise: number): string {
  return byEngine(of, (engine) => {
    const parts = partsOf(engine);
    return `(size(${text(of)}.split('.')) > ${parts} ? int(${part(of, parts)}) : ${otherwise})`;
  });
}

/** CEL: whether a change is not between two known versions of one engine, so that there is no step to judge. */
export const CEL_NO_STEP = `self.engine != oldSelf.engine || !(${celKnown('self')}) || !(${celKnown('oldSelf')})`;
