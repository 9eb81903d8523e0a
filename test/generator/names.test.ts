import { MEMBER_ACCOUNT } from '../../database/vocabulary.ts';
import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as module from '../../generator/names.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { familyOf } from '../../database/family.ts';
import { render } from '../../generator/render.ts';
import { evaluate } from '../../policies/evaluate.ts';
import { nameValid } from '../../policies/rules/name-valid.ts';
import { ROOT } from '../cli/run.ts';
import { CONTEXT, written } from '../contract/objects.ts';
import { admit } from './databases.ts';
import { NO_SETTINGS } from '../../database/settings.ts';

const { names } = module;
const LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?)?$/;

const KUSTOMIZE = join(ROOT, 'kustomize');
const SHORTEST = 'a';
const LONGEST = 'a'.repeat(40);
const LAST_ORDINAL = 8;

/** ConfigMaps that Patroni makes by itself (patroni/dcs/kubernetes.py). */
const PATRONI = ['config', 'leader', 'failover', 'sync', 'failsafe'];

/** The length at which Kubernetes, or a label that it makes from the name, ends. */
const LIMITS: Readonly<Record<string, number>> = { CronJob: 52, StatefulSet: 52 };

/** Every name that generator/names.ts makes, found by calling all that it exports. */
function allNames(database: string): Map<string, string> {
  return new Map(
    Object.entries(names).flatMap(([what, make]): [string, string][] => {
      const ordinals = make.length === 2 ? [0, LAST_ORDINAL] : [0];
      return ordinals.map((ordinal) => [`${what} ${ordinal}`, make(database, ordinal)]);
    }),
  );
}

/** A Database that becomes everything that one of its engine can become. */
function everything(name: string, engine = 'postgresql'): Manifest[] {
  const version = { postgresql: '17', mysql: '8.4', mongodb: '8.0' }[engine];
  const database = admit({
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name, namespace: 'shop' },
    spec: {
      engine,
      version,
      replicas: engine === 'postgresql' ? 9 : 1,
      storage: { size: '1Gi' },
      backup: { destination: 'pvc://' },
      monitoring: { enabled: true },
    },
  });
  return render(familyOf(database), NO_SETTINGS);
}

const nameOf = ({ metadata }: Manifest): string => (metadata as { name: string }).name;
const keyOf = (object: Manifest): string => `${object.kind} ${nameOf(object)}`;
/** What others make under a Database's name: Patroni its ConfigMaps, the StatefulSet its pods, the controller Secrets. */
const madeByOthers = (database: string): string[] => [
  ...PATRONI.map((suffix) => `ConfigMap ${database}-${suffix}`),
  ...[...allNames(database)].flatMap(([what, name]) => (what.includes('Secret') ? [`Secret ${name}`] : [])),
  ...Array.from({ length: 9 }, (_, ordinal) => `Pod ${names.member(database, ordinal)}`),
];

/** Names that another Database could have so that one of its objects is called like one of this one's. */
const neighboursOf = (database: string): string[] => {
  const parts = [...allNames(database).values(), ...madeByOthers(database).map((key) => key.split(' ')[1] ?? '')];
  const doubled = parts.flatMap((part) => [...allNames(part).values()]);
  return [...new Set([...parts, ...doubled])].filter((name) => name !== database && isAdmitted(name));
};

/** Whether a Database may be made under this name. */
function isAdmitted(name: string, annotations: Readonly<Record<string, string>> = {}): boolean {
  const object = { ...admit(written('Database')), metadata: { name, namespace: 'shop', annotations } };
  return evaluate({ object }, CONTEXT).every(({ severity }) => severity !== 'error');
}

/** Objects of fixed names in any namespace, or in those of Kubernetes itself. */
const OF_KUBERNETES = [
  ...['ServiceAccount default', 'ConfigMap kube-root-ca.crt', 'Service kubernetes', 'ConfigMap cluster-info'],
  ...['kubeadm-config', 'kubelet-config', 'kube-proxy', 'coredns', 'extension-apiserver-authentication'].map(
    (name) => `ConfigMap ${name}`,
  ),
  ...['Service kube-dns', 'Service metrics-server', 'ServiceAccount coredns', 'ServiceAccount kube-proxy'],
];

/** What Ballast's own installation brings, as its files say, and what its programs make or read beside that. */
function ofBallast(): string[] {
  const files = readdirSync(KUSTOMIZE, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  const objects = files.flatMap((file) => loadAll(readFileSync(join(KUSTOMIZE, file), 'utf8')) as Partial<Manifest>[]);
  const named = objects.filter(({ metadata }) => metadata !== undefined) as Manifest[];
  return [...named.map(keyOf), 'ConfigMap ballast-settings', 'Secret ballast-webhook-certificate'];
}

/** The names of Databases from which an object of this kind and name would be made. */
function makersOf(key: string): string[] {
  const stem = 'z9z';
  return [...everything(stem).slice(1).map(keyOf), ...madeByOthers(stem)].flatMap((made) => {
    const [before = '', after = ''] = made.split(stem);
    const isMade = key.startsWith(before) && key.endsWith(after) && key.length > before.length + after.length;
    return isMade ? [key.slice(before.length, key.length - after.length)] : [];
  });
}

describe('Names', () => {
  it('are all looked at: the module makes them in one place', () => {
    const patroni = ['PATRONI_CONFIG_MAPS', 'patroniConfigMapOf'];
    expect(Object.keys(module).sort()).to.deep.equal(['CLAIM_TEMPLATE', ...patroni, 'names'].sort());
    expect(Object.values(names).every((make) => typeof make === 'function')).to.equal(true);
    expect(allNames('orders')).to.have.property('size').above(15);
  });

  for (const database of [SHORTEST, LONGEST]) {
    it(`are DNS labels of at most 63 characters for a Database of ${database.length}`, () => {
      expect(nameValid.allowed).to.deep.include({ metadata: { name: LONGEST } });
      for (const [what, name] of allNames(database)) {
        expect(name, what).to.match(LABEL);
        expect(name.length, `${what}: ${name}`).to.be.at.most(63);
      }
    });

    it(`fit the kinds that are named by them, for a Database of ${database.length}`, () => {
      for (const object of ['postgresql', 'mysql', 'mongodb'].flatMap((engine) => everything(database, engine))) {
        const longest = object.kind === 'Database' ? 40 : (LIMITS[object.kind] ?? 63);
        expect(nameOf(object), object.kind).to.match(LABEL);
        expect(nameOf(object).length, keyOf(object)).to.be.at.most(longest);
        const { labels = {} } = object['metadata'] as { labels?: Record<string, string> };
        for (const value of Object.values(labels)) expect(value).to.match(LABEL_VALUE).and.have.length.at.most(63);
      }
    });

    it(`are distinct, within a kind and from those of Patroni, for a Database of ${database.length}`, () => {
      const keys = [...everything(database).map(keyOf), ...madeByOthers(database)];
      expect(keys).to.include(`Secret ${database}-tls`).and.have.length.above(30);
      expect(keys.filter((key, index) => keys.indexOf(key) !== index)).to.deep.equal([]);
    });
  }

  it('of suffixes are pairwise distinct, but for what is called like the Database itself', () => {
    const made = [...allNames('orders')].filter(([, name]) => name !== 'orders').map(([, name]) => name);
    expect(made.filter((name, index) => made.indexOf(name) !== index)).to.deep.equal([]);
    expect(made.filter((name) => PATRONI.includes(name.replace('orders-', '')))).to.deep.equal([]);
  });

  it('are none that Kubernetes or Ballast itself has, whatever name is admitted', () => {
    const taken = [...OF_KUBERNETES, ...ofBallast()];
    expect(taken).to.include.members(['RoleBinding ballast-controller', 'Deployment ballast-webhook']);
    const makers = taken.flatMap(makersOf);
    expect(makers).to.include.members(['ballast', 'kubeadm', 'kubelet', 'ballast-webhook']);
    expect(makers.filter((name) => isAdmitted(name))).to.deep.equal([]);
  });

  it('of accounts are those of members, or of the Database itself where an earlier version made it', () => {
    const accountsIn = (manifests: readonly Manifest[]): string[] =>
      manifests.filter(({ kind }) => kind === 'ServiceAccount').map(nameOf);
    for (const engine of ['postgresql', 'mysql', 'mongodb'])
      expect(accountsIn(everything('orders', engine))).to.deep.equal(['ballast-member-orders']);
    const mayRunUnder = (name: string, account: string): boolean => isAdmitted(name, { [MEMBER_ACCOUNT]: account });
    expect([mayRunUnder('orders', 'orders'), mayRunUnder('orders', 'ballast-member-orders')]).to.deep.equal([
      true,
      true,
    ]);
    const others = ['default', 'billing', 'ballast-member-billing', 'ballast-controller', 'builder', ''];
    expect(others.filter((account) => mayRunUnder('orders', account))).to.deep.equal([]);
    // Its own name, where that is everybody's account or one of Ballast's.
    expect(
      ['default', 'ballast-controller', 'ballast-member-a'].filter((name) => mayRunUnder(name, name)),
    ).to.deep.equal([]);
  });

  it('of a Database are never those of another one, whatever that is called', () => {
    const own = new Set([...everything('a').map(keyOf), ...madeByOthers('a')]);
    const neighbours = neighboursOf('a');
    expect(neighbours).to.include.members(['a-primary', 'a-controller', 'a-config', 'a-0', 'data-a-0']);
    const shared = neighbours.flatMap((other) =>
      [...everything(other).map(keyOf), ...madeByOthers(other)]
        .filter((key) => own.has(key))
        .map((key) => `${other} and a both make ${key}`),
    );
    expect(shared).to.deep.equal([]);
  });
});
