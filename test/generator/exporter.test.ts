import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { KEEP_RUNNING } from '../../generator/postgresql/exporter.ts';
import { familyOf } from '../../database/family.ts';
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
  const members = podsOf(render(familyOf(DATABASE), { ...NO_SETTINGS, images })).filter(
    ({ of }) => of === 'StatefulSet',
  );
  return members.flatMap(containersOf).find(({ name }) => name === 'exporter');
}

describe('The exporter of PostgreSQL', () => {
  it('is a program of the member’s own image', () => {
    const found = exporter({ postgresql: { '17': 'registry.example.com/postgresql:17' } });
    expect(found).to.deep.include({
      image: 'registry.example.com/postgresql:17',
      command: ['/bin/sh', '-c', KEEP_RUNNING, 'exporter', 'prometheus-postgres-exporter'],
    });
  });

  for (const program of ['false', 'there-is-no-such-program']) {
    it(`does not take its container with it when it ends: ${program}`, async () => {
      const child = spawn('/bin/sh', ['-c', KEEP_RUNNING, 'exporter', program], { stdio: 'ignore' });
      const ended = once(child, 'exit');
      const first = await Promise.race([ended, setTimeout(500, 'it goes on')]);
      child.kill('SIGTERM');
      expect(first).to.equal('it goes on');
      expect(await ended).to.deep.equal([0, null]);
    });
  }

  it('is the entry point of another image where the installation names one', () => {
    const found = exporter({ exporters: { postgresql: 'registry.example.com/exporter:1' } });
    expect(found).to.deep.include({ image: 'registry.example.com/exporter:1' });
    expect(found).not.to.have.property('command');
  });
});
