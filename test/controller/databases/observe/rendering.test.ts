import { Recent } from '../../../../controller/databases/observe/recent.ts';
import { NO_SETTINGS } from '../../../../database/settings.ts';
import { expect } from 'chai';
import type { KubernetesObject } from '../../../../kubernetes/objects.ts';
import { revisionOf } from '../../../../controller/cluster/managed-object.ts';
import type { DatabaseMemory, RenderedName } from '../../../../controller/databases/observe/memory.ts';
import { compare, renderingOf } from '../../../../controller/databases/observe/rendering.ts';
import { contains, verify } from '../../../../controller/databases/observe/verify.ts';
import type { ManagedObject } from '../../../../controller/databases/observation.ts';
import { LABELS, Stand } from '../acts/stand.ts';
import { healthy } from '../../observations.ts';

function child(changes: Partial<ManagedObject> = {}): ManagedObject {
  const about = { apiVersion: 'v1', kind: 'Service', name: 'orders-primary', uid: 'u', resourceVersion: '1' };
  return { ...about, revision: 'r', deleting: false, ...changes };
}

/** The second object that the stand holds is the Database; the first is its namespace. */
const OWN_UID = '00000000-0000-4000-8000-000000000002';
const RENDERED: RenderedName = { apiVersion: 'v1', kind: 'Service', name: 'orders-primary', asked: 'a' };
const AS = 'Service/orders-primary';

describe('A rendered object is up to date', () => {
  const cases: readonly [string, readonly ManagedObject[], DatabaseMemory['applied'], boolean][] = [
    ['when it stands as it was applied', [child()], new Map([[AS, { asked: 'a', revision: 'r' }]]), true],
    ['not when it is missing', [], new Map([[AS, { asked: 'a', revision: 'r' }]]), false],
    ['not when nothing is remembered of it', [child()], new Map(), false],
    ['not when something else is rendered now', [child()], new Map([[AS, { asked: 'b', revision: 'r' }]]), false],
    ['not when somebody changed it', [child()], new Map([[AS, { asked: 'a', revision: 'q' }]]), false],
    ['while it goes: nothing can be done about it', [child({ deleting: true })], new Map(), true],
  ];
  for (const [name, children, applied, is] of cases) {
    it(name, () => {
      expect(compare([RENDERED], children, { applied, taken: new Map() }).map(({ upToDate }) => upToDate)).eql([is]);
    });
  }
});

describe('What was asked for of an object', () => {
  const object = (changes: Record<string, unknown> = {}, annotations = {}): KubernetesObject => ({
    ...{ apiVersion: 'v1', kind: 'Service', spec: { a: 1, replicas: 1 } },
    metadata: { name: 'orders', resourceVersion: '1', labels: { a: 'b' }, annotations },
    ...changes,
  });
  const revision = (kind: string, changes?: Record<string, unknown>, annotations?: object): string =>
    revisionOf(kind, object(changes, annotations));

  it('is another when labels, annotations or contents are', () => {
    const revisions = [
      revision('Service'),
      revision('Service', { spec: { a: 2, replicas: 1 } }),
      revision('Service', { data: { b: 'c' } }),
      revision('Service', {}, { c: 'd' }),
      revision('Service', { metadata: { name: 'orders', labels: { a: 'c' } } }),
    ];
    expect(new Set(revisions).size).equal(revisions.length);
  });

  it('is the same whatever is said of it, or noted on it, or how many members run', () => {
    expect(revision('Service', { status: { ready: true } })).equal(revision('Service'));
    expect(revision('Service', {}, { 'db.example.com/owner': 'u' })).equal(revision('Service'));
    expect(revision('StatefulSet', { spec: { a: 1, replicas: 9 } })).equal(revision('StatefulSet'));
  });
});

describe('An object holds what is rendered', () => {
  const cases: readonly [string, unknown, unknown, boolean][] = [
    ['when it has more', { a: 1, b: { c: [1], d: 2 } }, { b: { c: [1] } }, true],
    ['not when a value is another', { a: 1 }, { a: '1' }, false],
    ['not when a list is longer or shorter', { a: [1, 2] }, { a: [1] }, false],
    ['when an entry of a list has more', { a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }] }, true],
    ['when what is empty was left out', {}, { a: {}, b: [], c: undefined }, true],
    ['not when something is missing', {}, { a: { b: 1 } }, false],
    ['not when it has another form', { a: [1] }, { a: { 0: 1 } }, false],
  ];
  for (const [name, object, wanted, is] of cases) {
    it(name, () => {
      expect(contains(object, wanted)).equal(is);
    });
  }
});

describe('A rendering', () => {
  const fresh = (): Pick<DatabaseMemory, 'rendering' | 'renderings'> => ({ renderings: new Recent(1) });

  it('is worked out once while the Database is the same', () => {
    const { own } = healthy(3);
    const remembered = fresh();
    expect(renderingOf(own, NO_SETTINGS, remembered)).equal(
      renderingOf({ ...own, resourceVersion: '2' }, NO_SETTINGS, remembered),
    );
    expect(renderingOf({ ...own, generation: 2 }, NO_SETTINGS, remembered)).not.equal(
      renderingOf(own, NO_SETTINGS, fresh()),
    );
  });

  it('asks the same of the StatefulSet however many members there are', () => {
    const askedOf = (members: number): string | undefined =>
      renderingOf(healthy(members).own, NO_SETTINGS, fresh()).objects.find(({ kind }) => kind === 'StatefulSet')?.asked;
    expect(askedOf(3)).equal(askedOf(5));
  });
});

describe('After a start', () => {
  const DIRECT = { metadata: { annotations: { 'db.example.com/apply': 'true' } } };

  it('objects that are as they are rendered are read once, and not applied', async () => {
    const stand = await Stand.with([], DIRECT);
    const first = await stand.acting();
    const reading = { api: stand.api, settings: first.looking.settings, now: first.now() };
    expect(first.seen.rendered?.some(({ upToDate }) => upToDate)).equal(false);
    expect(await stand.done(verify(first.seen, first.remembered, reading)), 'looks at all names once').equal(true);
    expect(await stand.done(verify(first.seen, first.remembered, reading))).equal(false);
    const { act } = await import('../../../../controller/databases/acts/act.ts');
    for (const { apiVersion, kind, name } of first.seen.rendered ?? []) {
      const replicas = kind === 'StatefulSet' ? { replicas: 1 } : {};
      await stand.done(act({ do: 'apply', apiVersion, kind, name, ...replicas }, first));
    }
    await stand.clock.advance(10);
    stand.memory.forget('shop/orders');
    const again = await stand.acting();
    expect(await stand.done(verify(again.seen, again.remembered, reading))).equal(true);
    expect((await stand.acting()).seen.rendered?.every(({ upToDate }) => upToDate)).equal(true);
    expect(await stand.done(verify((await stand.acting()).seen, again.remembered, reading))).equal(false);
  });

  it('an object that differs is found', async () => {
    const service = { kind: 'Service', metadata: { name: 'orders-primary', namespace: 'shop', labels: {} } };
    const annotations = { 'db.example.com/owner': OWN_UID };
    const metadata = { ...service.metadata, labels: LABELS, annotations };
    const stand = await Stand.with([{ ...service, metadata }], DIRECT);
    const { seen, remembered, looking, now } = await stand.acting();
    await stand.done(verify(seen, remembered, { api: stand.api, settings: looking.settings, now: now() }));
    const found = (await stand.acting()).seen.rendered?.find(({ name }) => name === 'orders-primary');
    expect(found?.upToDate).equal(false);
    expect(remembered.applied.has(AS)).equal(true);
  });

  it('an object that is gone before the watches show it is not read again and again', async () => {
    const metadata = { name: 'orders-primary', namespace: 'shop', labels: { 'db.example.com/database': 'orders' } };
    const stand = await Stand.with([{ kind: 'Service', metadata }], DIRECT);
    const { seen, remembered, looking, now } = await stand.acting();
    stand.fake.remove('Service', 'shop/orders-primary');
    const reading = { api: stand.api, settings: looking.settings, now: now() };
    expect(await stand.done(verify(seen, remembered, reading))).equal(true);
    expect(await stand.done(verify(seen, remembered, reading))).equal(false);
  });
});
