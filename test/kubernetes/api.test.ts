import { expect } from 'chai';
import type { ApiError } from '../../kubernetes/api.ts';
import { hasCode } from '../../kubernetes/api.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { FakeApiServer } from '../../lab/world/fake-api-server.ts';
import { API_CASES } from './api-cases.ts';
import { STREAM_CASES } from './stream-cases.ts';

const { ConfigMap, Lease } = RESOURCES;
const NAME = { namespace: 'shop', name: 'settings' };
const OBJECT = { apiVersion: 'v1', kind: 'ConfigMap', metadata: NAME };

describe('The fake API server answers as a real one', () => {
  let fake: FakeApiServer;

  before(async () => {
    fake = await FakeApiServer.start();
  });

  after(() => fake.stop());

  for (const { name, run } of [...API_CASES, ...STREAM_CASES]) {
    it(name, () => run(fake.connect(), 'cases'));
  }
});

describe('Calls', () => {
  let fake: FakeApiServer;

  beforeEach(async () => {
    fake = await FakeApiServer.start({ timeoutMs: 1000 });
  });

  afterEach(() => fake.stop());

  async function failureOf(call: Promise<unknown>): Promise<ApiError> {
    try {
      await call;
    } catch (error) {
      return error as ApiError;
    }
    throw new Error('nothing failed');
  }

  it('say how long to stay away', async () => {
    fake.fault(() => true, { status: 429, retryAfterSeconds: 7 });
    const { code, reason, retryAfterSeconds } = await failureOf(fake.connect().get(ConfigMap, NAME));
    expect([code, reason, retryAfterSeconds]).eql([429, 'TooManyRequests', 7]);
  });

  it('fail when no answer comes in time', async () => {
    fake.fault(() => true, 'never');
    const { code, reason } = await failureOf(fake.connect().create(ConfigMap, OBJECT));
    expect([code, reason]).eql([0, 'Timeout']);
  });

  it('fail when they are given up', async () => {
    fake.fault(() => true, 'never');
    const end = new AbortController();
    const call = failureOf(fake.connect().get(ConfigMap, NAME, { signal: end.signal, timeoutMs: 10_000 }));
    end.abort();
    expect((await call).reason).equal('Aborted');
  });

  it('fail without an answer, whether the write took effect or not', async () => {
    const api = fake.connect();
    fake.fault(() => true, 'drop-before', 1);
    expect((await failureOf(api.create(ConfigMap, OBJECT))).code).equal(0);
    expect(fake.get('ConfigMap', 'shop/settings')).equal(undefined);
    fake.fault(() => true, 'drop-after', 1);
    expect((await failureOf(api.create(ConfigMap, OBJECT))).code).equal(0);
    expect(fake.get('ConfigMap', 'shop/settings')).not.equal(undefined);
    expect(hasCode(await failureOf(api.create(ConfigMap, OBJECT)), 409)).equal(true);
  });

  it('go on with new connections after the old ones broke', async () => {
    const api = fake.connect();
    await api.create(ConfigMap, OBJECT);
    fake.fault(() => true, 'drop-before', 1);
    await failureOf(api.get(ConfigMap, NAME));
    expect((await api.get(ConfigMap, NAME))?.metadata.name).equal('settings');
  });

  it('do not reach another kind when a namespace is missing', async () => {
    expect((await failureOf(fake.connect().get(Lease, { name: 'x' }))).message).contain('the namespace is missing');
    expect(fake.requests).length(0);
  });

  it('carry an odd name as one part of the path', async () => {
    const name = { namespace: 'shop', name: '../../secrets?x=#' };
    expect(await fake.connect().get(ConfigMap, name)).equal(undefined);
    expect(fake.requests[0]?.path).equal('/api/v1/namespaces/shop/configmaps/..%2F..%2Fsecrets%3Fx%3D%23');
  });

  it('of a process that died have no effect any more', async () => {
    const api = fake.connect();
    const crash = fake.crashAfterWrite(2);
    await api.create(ConfigMap, OBJECT);
    const call = failureOf(api.patch(ConfigMap, NAME, { type: 'merge', body: { data: { a: '1' } } }));
    expect((await crash).verb).equal('patch');
    expect((await call).code).equal(0);
    await failureOf(api.patch(ConfigMap, NAME, { type: 'merge', body: { data: { a: '2' } } }));
    expect(fake.get('ConfigMap', 'shop/settings')?.['data']).eql({ a: '1' });
    expect(fake.writes).length(2);
  });
});
