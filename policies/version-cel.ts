import { CATALOG, versionPattern } from './catalog.ts';

const ENGINES = ['postgresql', 'mysql', 'mongodb'] as const;
type Engine = (typeof ENGINES)[number];

/** A spec in CEL: `self` or `oldSelf`. */
type Of = 'self' | 'oldSelf';

const text = (of: Of): string => `string(${of}.version)`;
const part = (of: Of, index: number): string => `${text(of)}.split('.')[${index}]`;

/** How many parts of a version name its series: 16, but 8.0. */
const partsOf = (engine: Engine): number => (CATALOG[engine].series[0]?.series ?? '').split('.').length;

function byEngine(of: Of, say: (engine: Engine) => string): string {
  const [first, second, third] = ENGINES.map(say);
  return `(${of}.engine == 'postgresql' ? ${first} : ${of}.engine == 'mysql' ? ${second} : ${third})`;
}

/** That the catalog has the version, in CEL. */
export function celKnown(of: Of): string {
  const one = (engine: Engine): string =>
    `(${of}.engine != '${engine}' || ${text(of)}.matches('${versionPattern(engine)}'))`;
  return ENGINES.map(one).join(' && ');
}

/** The place of a known version's series in its engine's catalog, in CEL. */
export function celSeries(of: Of): string {
  return byEngine(of, (engine) => {
    const places = CATALOG[engine].series.map(({ series }, index) => `'${series}': ${index}`);
    const key = partsOf(engine) === 1 ? part(of, 0) : `${part(of, 0)} + '.' + ${part(of, 1)}`;
    return `{${places.join(', ')}}[${key}]`;
  });
}

/** The minor number of a known version, or a stand-in when it names none, in CEL. */
export function celMinor(of: Of, otherwise: number): string {
  return byEngine(of, (engine) => {
    const parts = partsOf(engine);
    return `(size(${text(of)}.split('.')) > ${parts} ? int(${part(of, parts)}) : ${otherwise})`;
  });
}

/** That a change is not between two known versions of one engine, in CEL: then no step is to be judged. */
export const CEL_NO_STEP = `self.engine != oldSelf.engine || !(${celKnown('self')}) || !(${celKnown('oldSelf')})`;
