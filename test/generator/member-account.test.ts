import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Manifest } from '../../generator/metadata.ts';
import { rendered } from './network-scene.ts';

const CHANGING = 'ballast-member-orders';

/** Databases whose pods differ. */
const SPECS: Readonly<Record<string, object>> = {
  alone: { replicas: 1 },
  'three members': {},
  'backups on a volume': { backup: { destination: 'pvc://' } },
  'backups in a bucket': { backup: { destination: 's3://acme-backups/orders' } },
  monitored: { monitoring: { enabled: true } },
  MySQL: { engine: 'mysql', version: '8.4', replicas: 1 },
  MongoDB: { engine: 'mongodb', version: '8.0', replicas: 1 },
};

function templateOf(manifests: readonly Manifest[]): unknown {
  const set = manifests.find(({ kind }) => kind === 'StatefulSet');
  return (set?.['spec'] as { readonly template: unknown }).template;
}

function settingsOf(manifests: readonly Manifest[]): Readonly<Record<string, string>> {
  return manifests.find(({ kind }) => kind === 'ConfigMap')?.['data'] as Record<string, string>;
}

describe('Members that change to an account of their own', () => {
  for (const [name, spec] of Object.entries(SPECS)) {
    it(`restart once: the last step changes no pod: ${name}`, () => {
      expect(templateOf(rendered({ spec }))).to.deep.equal(templateOf(rendered({ spec, account: CHANGING })));
    });
  }

  it('show a certificate in every step, and are asked for it in the last one', () => {
    const steps = ['orders', CHANGING, undefined].map((account) =>
      settingsOf(rendered({ spec: {}, ...(account && { account }) })),
    );
    for (const settings of steps) {
      expect(settings['patroni.yaml']?.match(/sslcert: .*\n +sslkey: /g)).to.have.lengthOf(2);
    }
    expect(steps.map((settings) => (settings['pg_hba.conf'] ?? '').includes('clientcert'))).to.deep.equal([
      false,
      false,
      true,
    ]);
  });

  it('do not restart for a new version of Ballast before they are asked to', () => {
    const file = join(import.meta.dirname, '../golden/members-of-an-earlier-account/expected.yaml');
    // What version 0.1 gave for the same Database.
    expect(readFileSync(file, 'utf8')).to.include('db.example.com/start-configuration: "6573e2dcb3a60682"');
  });
});
