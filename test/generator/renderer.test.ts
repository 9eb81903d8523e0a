import { expect } from 'chai';
import { familyOf } from '../../database/family.ts';
import type { BallastObject, Database } from '../../database/object.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import { RENDERED_PARTS, render } from '../../generator/render.ts';
import { rendererFor } from '../../generator/renderer.ts';
import { seen, written } from '../contract/objects.ts';

const DATABASE = seen(written('Database')) as Database;
const DEPENDENTS: readonly BallastObject[] = (['DatabaseBackup', 'DatabaseUser', 'DatabaseRestore'] as const).map(
  (kind) => seen(written(kind, { metadata: { name: kind.toLowerCase(), uid: 'of-a-server' } })),
);

describe('A renderer', () => {
  const renderer = rendererFor([...DEPENDENTS, DATABASE], NO_SETTINGS);

  it('renders a Database with its family', () => {
    expect(renderer.manifests(DATABASE)).to.deep.equal(render(familyOf(DATABASE), NO_SETTINGS));
  });

  for (const object of DEPENDENTS) {
    it(`renders a ${object.kind} as itself in the last wave, without what the server set`, () => {
      const { apiVersion, kind, metadata, spec } = object;
      const { name, namespace } = metadata;
      const annotations = { 'argocd.argoproj.io/sync-wave': '10' };
      expect(renderer.manifests(object)).to.deep.equal([
        { apiVersion, kind, metadata: { name, namespace, annotations }, spec },
      ]);
    });
  }

  for (const [name, value] of [
    ['sync-wave', '-5'],
    ['hook', 'PreSync'],
  ] as const) {
    it(`leaves the order of a DatabaseBackup to its own ${name}`, () => {
      const annotations = { [`argocd.argoproj.io/${name}`]: value };
      const object = seen(written('DatabaseBackup', { metadata: { name: 'before', annotations } }));
      const [manifest] = rendererFor([object], NO_SETTINGS).manifests(object);
      expect(manifest?.['metadata']).to.deep.include({ annotations });
    });
  }

  it('renders a Database that it was not given, as one without dependents', () => {
    const other = seen(written('Database', { metadata: { name: 'other' } })) as Database;
    expect(renderer.manifests(other)).to.deep.equal(render(familyOf(other), NO_SETTINGS));
  });

  it('makes a Database of the parts of its family that are named, and of no others', () => {
    expect(Object.keys(renderer.inputs(DATABASE))).to.deep.equal([...RENDERED_PARTS]);
    const text = JSON.stringify(renderer.inputs(DATABASE));
    for (const object of DEPENDENTS) expect(text.includes(object.metadata.name ?? '')).to.equal(false);
  });
});
