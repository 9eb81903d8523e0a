import { ENGINES } from '../../database/engines/index.ts';
import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelOf } from '../../generator/model.ts';
import { names } from '../../generator/names.ts';
import { memberRights } from '../../generator/postgresql/rights.ts';
import { dynamicConfiguration } from '../../generator/postgresql/settings.ts';
import { LIBRARY_PARAMETERS, isInstalledLibraries } from '../../policies/parameters.ts';
import { ROOT } from '../cli/run.ts';
import { admit } from '../generator/databases.ts';
import { NO_SETTINGS } from '../../database/settings.ts';

const TEXT = readFileSync(join(ROOT, 'kustomize/base/members.yaml'), 'utf8');

interface Policy {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly failurePolicy?: string;
    readonly policyName?: string;
    readonly validationActions?: readonly string[];
    readonly matchConditions?: readonly { readonly expression: string }[];
  };
}

const OBJECTS = loadAll(TEXT) as Policy[];
const POLICIES = OBJECTS.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');

const ORDERS = modelOf(
  admit({
    ...{ apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata: { name: 'orders', namespace: 'shop' } },
    spec: { version: '17', replicas: 3, storage: { size: '10Gi' }, backup: { destination: 's3://acme/backups' } },
  }),
  NO_SETTINGS,
);

/** Configurations of earlier versions have them until the controller has changed these, and members write them again. */
const ARCHIVING = ['archive_command', 'archive_timeout'];

describe('The policies about members', () => {
  it('refuse, also when they cannot be worked out, and each is bound', () => {
    expect(POLICIES).length(2);
    for (const { metadata, spec } of POLICIES) {
      expect(spec.failurePolicy).equal('Fail');
      const binding = OBJECTS.find((one) => one.spec.policyName === metadata.name);
      expect(binding?.spec.validationActions).eql(['Deny']);
    }
  });

  it('know members by their account, and name no installation', () => {
    for (const { spec } of POLICIES) {
      const [condition] = spec.matchConditions ?? [];
      const pattern = /matches\('(.*)'\)/.exec(condition?.expression ?? '')?.[1] ?? '';
      const user = (account: string): string => `system:serviceaccount:shop:${account}`;
      expect(user(names.memberAccount('orders'))).match(new RegExp(pattern));
      for (const other of ['ballast-controller', 'default', 'x-ballast-member-orders'])
        expect(user(other)).not.match(new RegExp(pattern));
    }
    expect(TEXT).not.include('ballast-system');
  });

  it('keep from members every setting that Ballast owns, but those that each of them must have', () => {
    const { postgresql } = dynamicConfiguration(ORDERS) as { postgresql: { parameters: object } };
    const needed = new Set([...Object.keys(postgresql.parameters), ...ARCHIVING]);
    const wanted = [...ENGINES.postgresql.parameters.owned].filter((name) => !needed.has(name)).sort();
    const kept = [...TEXT.matchAll(/'"([a-z_]+)":'/g)].map(([, name]) => name).sort();
    expect(kept).eql(wanted);
    expect(kept).length.above(30);
  });

  it('look at every setting that names libraries', () => {
    const [, list = ''] = /\(\?i:(dynamic_library_path\|.*?)\)/.exec(TEXT.replace(/' \+\n *r'/g, '')) ?? [];
    expect(list.split('|')).eql([...LIBRARY_PARAMETERS]);
    for (const value of ['', 'pg_stat_statements', 'a, $libdir/b', '$libdir', undefined])
      expect(isInstalledLibraries(value)).equal(true);
    for (const value of ['/tmp/x', '$libdir/../x', '../x', '$libdir:/tmp', 'a, /x'])
      expect(isInstalledLibraries(value)).equal(false);
  });

  it('are about the ConfigMaps that members may patch', () => {
    const rights = memberRights(ORDERS) as { resources: string[]; resourceNames?: string[] }[];
    const patched = rights.flatMap(({ resources, resourceNames = [] }) =>
      resources[0] === 'configmaps' ? resourceNames : [],
    );
    const written = [...TEXT.matchAll(/'([a-z]+)': \[/g)].map(([, end]) => `orders-${String(end)}`);
    expect(written.sort()).eql(patched.toSorted());
  });
});
