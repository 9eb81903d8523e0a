import { expect } from 'chai';
import { familyOf } from '../../database/family.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { render } from '../../generator/render.ts';
import { admit } from './databases.ts';

const BACKUP = { destination: { s3: { bucket: 'acme', region: 'eu-central-1', credentialsSecret: 'keys' } } };

function manifestsOf(bootstrap?: object): readonly Manifest[] {
  const spec = { version: '17', storage: { size: '10Gi' }, backup: BACKUP, ...(bootstrap && { bootstrap }) };
  const metadata = { name: 'orders', namespace: 'shop' };
  const database = admit({ apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata, spec });
  return render(familyOf(database), NO_SETTINGS);
}

const isChanged = (before: readonly Manifest[], after: readonly Manifest[]): string[] =>
  after.flatMap((one, at) => (JSON.stringify(one) === JSON.stringify(before[at]) ? [] : [one.kind]));

describe('bootstrap.recover', () => {
  it('changes nothing of members that run: their files alone, which only a first start reads', () => {
    const [before, after] = [manifestsOf(), manifestsOf({ recover: true })];
    expect(after).to.have.length(before.length);
    expect(isChanged(before, after)).to.deep.equal(['Database', 'ConfigMap']);
  });
});
