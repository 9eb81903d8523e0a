import { expect } from 'chai';
import { EventRecorder } from '../../kubernetes/events.ts';
import type { Occurrence, EventSubject } from '../../kubernetes/events.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { kindOf } from '../../lab/world/fake-api/kinds.ts';
import { Storage } from '../../lab/world/fake-api/storage.ts';
import { SimulatedApi } from '../../lab/world/simulated-api.ts';
import { SimulatedClock } from '../../lab/world/simulated-clock.ts';
import { Lines } from './watched-kinds.ts';

const ORDERS: EventSubject = {
  apiVersion: 'db.example.com/v1alpha1',
  kind: 'Database',
  namespace: 'shop',
  name: 'orders',
  uid: 'u-1',
};
const FAILOVER: Occurrence = { type: 'Warning', reason: 'FailedOver', action: 'Promote', note: 'orders-1 is primary' };
const KIND = kindOf(RESOURCES.Event);

interface Written {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly note: string;
  readonly series?: { readonly count: number; readonly lastObservedTime: string };
}

function recording() {
  const clock = new SimulatedClock();
  const storage = new Storage();
  const api = new SimulatedApi(storage, clock);
  const log = new Lines();
  const counts = { dropped: 0 };
  const metrics = { eventDropped: (): void => void (counts.dropped += 1) };
  const recorder = new EventRecorder({ api, clock, log, metrics, controller: 'ballast-controller', instance: 'pod-1' });
  const written = (): Written[] => storage.all(KIND) as unknown as Written[];
  return { clock, storage, api, log, counts, recorder, written };
}

describe('Events', () => {
  it('are written as kubectl shows them', async () => {
    const { clock, recorder, written } = recording();
    recorder.record(ORDERS, FAILOVER);
    await clock.advance(100);
    const [event] = written();
    expect(event).deep.include({
      ...FAILOVER,
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      regarding: ORDERS,
      reportingController: 'ballast-controller',
      reportingInstance: 'pod-1',
      eventTime: '2026-01-01T00:00:00.000000Z',
    });
    expect(event?.metadata.namespace).equal('shop');
    expect(event?.metadata.name).match(/^orders\.[0-9a-f]+$/);
  });

  it('count the same occurrence up instead of repeating it', async () => {
    const { clock, recorder, written } = recording();
    for (let count = 0; count < 4; count += 1) {
      recorder.record(ORDERS, FAILOVER);
      await clock.advance(60_000);
    }
    expect(written().map(({ series }) => series)).eql([{ count: 4, lastObservedTime: '2026-01-01T00:03:00.000000Z' }]);
  });

  it('are written once with their count when they come faster than they are written', async () => {
    const { clock, recorder, written, api } = recording();
    for (let count = 0; count < 100; count += 1) recorder.record(ORDERS, FAILOVER);
    await clock.advance(100);
    expect(written().map(({ series }) => series?.count)).eql([100]);
    expect(api.calls).eql(['POST events']);
  });

  it('start a new series after a while', async () => {
    const { clock, recorder, written } = recording();
    recorder.record(ORDERS, FAILOVER);
    await clock.advance(601_000);
    recorder.record(ORDERS, FAILOVER);
    await clock.advance(100);
    expect(written()).length(2);
  });

  for (const { name, subject = ORDERS, occurrence = FAILOVER } of [
    { name: 'another object', subject: { ...ORDERS, uid: 'u-2' } },
    { name: 'another reason', occurrence: { ...FAILOVER, reason: 'SwitchedOver' } },
    { name: 'another note', occurrence: { ...FAILOVER, note: 'orders-2 is primary' } },
  ]) {
    it(`are told apart by ${name}`, async () => {
      const { clock, recorder, written } = recording();
      recorder.record(ORDERS, FAILOVER);
      recorder.record(subject, occurrence);
      await clock.advance(100);
      expect(written()).length(2);
    });
  }

  it('about one object are limited, about others they are not', async () => {
    const { clock, recorder, written, counts } = recording();
    for (let count = 0; count < 100; count += 1) recorder.record(ORDERS, { ...FAILOVER, note: String(count) });
    recorder.record({ ...ORDERS, uid: 'u-2' }, FAILOVER);
    await clock.advance(1000);
    expect([written().length, counts.dropped]).eql([61, 40]);
    await clock.advance(60_000);
    recorder.record(ORDERS, { ...FAILOVER, note: 'later' });
    await clock.advance(1000);
    expect(written()).length(62);
  });

  it('are dropped when the API server refuses them, without an error for the caller', async () => {
    const { clock, recorder, written, api, counts, log } = recording();
    api.weather.call = () => ({ status: 403 });
    recorder.record(ORDERS, FAILOVER);
    await clock.advance(100);
    expect([written().length, counts.dropped, log.all.length]).eql([0, 1, 1]);
    api.weather.call = () => undefined;
    recorder.record(ORDERS, FAILOVER);
    await clock.advance(100);
    expect(written().map(({ series }) => series?.count)).eql([2]);
  });

  it('are written again when the first is gone', async () => {
    const { clock, recorder, written, storage } = recording();
    recorder.record(ORDERS, FAILOVER);
    await clock.advance(100);
    storage.delete(KIND, `shop/${written()[0]!.metadata.name}`, {});
    recorder.record(ORDERS, FAILOVER);
    await clock.advance(100);
    expect(written().map(({ series }) => series?.count)).eql([2]);
  });

  it('wait in a queue that has an end', async () => {
    const { clock, recorder, written, counts, api } = recording();
    api.weather.call = () => 'never';
    for (let count = 0; count < 1500; count += 1) {
      recorder.record({ ...ORDERS, namespace: `n-${count % 2}`, uid: `u-${count}` }, FAILOVER);
    }
    await clock.advance(100);
    expect([written().length, counts.dropped]).eql([0, 500]);
  });

  it('of one namespace leave half of the queue to the others', async () => {
    const { clock, recorder, counts, api } = recording();
    api.weather.call = () => 'never';
    for (let count = 0; count < 1500; count += 1) recorder.record({ ...ORDERS, uid: `u-${count}` }, FAILOVER);
    expect(counts.dropped).equal(1000);
    for (let count = 0; count < 500; count += 1) {
      recorder.record({ ...ORDERS, namespace: 'other', uid: `o-${count}` }, FAILOVER);
    }
    await clock.advance(100);
    expect(counts.dropped).equal(1000);
  });

  it('say on one line what would move a terminal', async () => {
    const { clock, recorder, written } = recording();
    recorder.record(ORDERS, { ...FAILOVER, note: 'a\u0000b\u001b[31mc' });
    await clock.advance(100);
    expect(written().map(({ note }) => note)).eql(['a\\u0000b\\u001b[31mc']);
  });

  it('of a process that ends are written first', async () => {
    const { clock, recorder, written } = recording();
    recorder.record(ORDERS, FAILOVER);
    let isFlushed = false;
    const flushed = recorder.flush().then(() => (isFlushed = true));
    await clock.advance(1);
    expect(isFlushed).equal(false);
    await clock.advance(10);
    await flushed;
    expect(written()).length(1);
  });

  it('are cut within characters never', async () => {
    const { clock, recorder, written } = recording();
    recorder.record(ORDERS, { ...FAILOVER, note: '😀'.repeat(1000) });
    await clock.advance(100);
    const note = written()[0]?.note ?? '';
    expect(Buffer.byteLength(note)).within(1018, 1024);
    expect(note).match(/^(😀)+…$/u);
  });
});
