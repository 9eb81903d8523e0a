import { expect } from 'chai';
import * as module from '../../generator/names.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { render } from '../../generator/render.ts';
import { nameValid } from '../../policies/rules/name-valid.ts';
import { admit } from './databases.ts';
import { NO_SETTINGS } from './golden-cases.ts';

const { names } = module;
const LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?)?$/;

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
  return render(database, NO_SETTINGS);
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
  return [...new Set([...parts, ...doubled])].filter(
    (name) => name !== database && LABEL.test(name) && name.length <= 40,
  );
};

describe('Names', () => {
  it('are all looked at: the module makes them in one place', () => {
    expect(Object.keys(module).sort()).to.deep.equal(['CLAIM_TEMPLATE', 'names']);
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
