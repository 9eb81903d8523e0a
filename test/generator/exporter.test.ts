import { expect } from 'chai';
import { render } from '../../generator/render.ts';
import { admit } from './databases.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import { containersOf, podsOf } from './manifests.ts';

const DATABASE = admit({
  apiVersion: 'db.example.com/v1alpha1',
  kind: 'Database',
  metadata: { name: 'orders', namespace: 'shop' },
  spec: { version: '17', storage: { size: '10Gi' }, monitoring: { enabled: true } },
});

/** The exporter's container where the installation names these images. */
function exporter(images: object): object | undefined {
  const members = podsOf(render(DATABASE, { ...NO_SETTINGS, images })).filter(({ of }) => of === 'StatefulSet');
  return members.flatMap(containersOf).find(({ name }) => name === 'exporter');
}

describe('The exporter of PostgreSQL', () => {
  it('is a program of the member’s own image', () => {
    const found = exporter({ postgresql: { '17': 'registry.example.com/postgresql:17' } });
    expect(found).to.deep.include({
      image: 'registry.example.com/postgresql:17',
      command: ['prometheus-postgres-exporter'],
    });
  });

  it('is the entry point of another image where the installation names one', () => {
    const found = exporter({ exporters: { postgresql: 'registry.example.com/exporter:1' } });
    expect(found).to.deep.include({ image: 'registry.example.com/exporter:1' });
    expect(found).not.to.have.property('command');
  });
});
