import { ENGINES } from '../../database/engines/index.ts';
import { findVersion, nearestSeries, seriesList } from '../versions.ts';
import { objectRule } from '../rule.ts';
import { celKnown } from '../version-cel.ts';

/** Requires a version of the catalog. */
export const versionSupported = objectRule({
  id: 'version-supported',
  kinds: ['Database'],
  path: 'spec.version',
  severity: 'error',
  on: 'write',
  why: 'Ballast renders, upgrades and backs up only the releases that it knows and is tested with.',
  remedy: 'choose a version of the catalog, as a major (16) or with its minor, quoted ("16.3")',
  cel: celKnown('self'),
  allowed: [
    { spec: { version: 16 } },
    { spec: { version: '16.3' } },
    { spec: { engine: 'mysql', version: '8.4' } },
    { spec: { engine: 'mongodb', version: '8.0.4' } },
  ],
  denied: [
    { spec: { version: 13 } },
    { spec: { version: '16.3.1' } },
    { spec: { version: 'latest' } },
    { spec: { engine: 'mysql', version: '5.7' } },
  ],
  check: ({ spec }) => {
    const { engine } = spec;
    if (findVersion(engine, spec.version)) return [];
    const problem = `must be a version of ${ENGINES[engine].title} that Ballast runs: ${seriesList(engine)}, or one of these with its minor`;
    const near = nearestSeries(engine, String(spec.version));
    return [
      { value: spec.version, problem, ...(near && { remedy: `write "${near}", or "${near}.N" with the minor N` }) },
    ];
  },
});
