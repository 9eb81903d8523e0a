import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Api, WatchEvent } from '../../kubernetes/api.ts';
import { hasCode } from '../../kubernetes/api.ts';
import type { Resource } from '../../kubernetes/objects.ts';
import { RESOURCES } from '../../controller/resources.ts';
import type { ApiCase } from './sample-objects.ts';
import { configMap, merge } from './sample-objects.ts';

const { ConfigMap, Database } = RESOURCES;
const LONGEST_WAIT_MS = 10_000;

/** Watches until so many events came, then stops. */
function heard(
  api: Api,
  resource: Resource,
  options: Parameters<Api['watch']>[1],
  count: number,
): Promise<WatchEvent[]> {
  return new Promise((resolve, reject) => {
    const events: WatchEvent[] = [];
    const timer = setTimeout(() => {
      handle.stop();
      reject(new Error(`only ${events.map(({ type }) => type).join(', ')}`));
    }, LONGEST_WAIT_MS);
    const handle = api.watch(resource, options, {
      onEvent: (event) => {
        if (event.type === 'BOOKMARK') return;
        events.push(event);
        if (events.length < count) return;
        clearTimeout(timer);
        handle.stop();
        resolve(events);
      },
      onEnd: (failure) => {
        clearTimeout(timer);
        reject(failure ?? new Error(`ended after ${events.length} events`));
      },
    });
  });
}

const told = (events: readonly WatchEvent[]): string[] =>
  events.map(({ type, object }) => `${type} ${(object['metadata'] as { name: string }).name}`);

/** Cases about lists and watches. */
export const STREAM_CASES: readonly ApiCase[] = [
  {
    name: 'a list comes by pages that show one moment',
    run: async (api: Api, namespace: string): Promise<void> => {
      const labels = { list: 'pages' };
      for (let index = 0; index < 7; index += 1) {
        await api.create(ConfigMap, configMap(namespace, `page-${index}`, {}, { labels }));
      }
      const options = { namespace, labelSelector: 'list=pages', limit: 3 };
      const first = await api.list(ConfigMap, options);
      await api.create(ConfigMap, configMap(namespace, 'page-9', {}, { labels }));
      const second = await api.list(ConfigMap, { ...options, continue: first.continue! });
      const third = await api.list(ConfigMap, { ...options, continue: second.continue! });
      const pages = [first, second, third];
      const names = pages.flatMap(({ items }) => items.map(({ metadata }) => metadata.name));
      expect(names).eql(['page-0', 'page-1', 'page-2', 'page-3', 'page-4', 'page-5', 'page-6']);
      expect(new Set(pages.map(({ resourceVersion }) => resourceVersion)).size).equal(1);
      expect(third.continue).equal(undefined);
    },
  },
  {
    name: 'a watch tells what happened since a version, as its selection sees it',
    run: async (api: Api, namespace: string): Promise<void> => {
      const labels = { watch: 'yes' };
      const { resourceVersion } = await api.list(ConfigMap, { namespace, limit: 1 });
      const events = heard(
        api,
        ConfigMap,
        { namespace, labelSelector: 'watch=yes', resourceVersion, timeoutSeconds: 60 },
        5,
      );
      const first = await api.create(ConfigMap, configMap(namespace, 'w1', {}, { labels }));
      await api.create(ConfigMap, configMap(namespace, 'w2'));
      await api.patch(ConfigMap, { namespace, name: 'w1' }, merge({ data: { a: '1' } }));
      await api.patch(ConfigMap, { namespace, name: 'w2' }, merge({ metadata: { labels } }));
      const left = await api.patch(
        ConfigMap,
        { namespace, name: 'w2' },
        merge({ metadata: { labels: { watch: null } } }),
      );
      await api.delete(ConfigMap, { namespace, name: 'w1' }, { uid: first.metadata.uid!, propagation: 'Background' });
      const all = await events;
      expect(told(all)).eql(['ADDED w1', 'MODIFIED w1', 'ADDED w2', 'DELETED w2', 'DELETED w1']);
      const versions = all.map(({ object }) =>
        Number((object['metadata'] as { resourceVersion: string }).resourceVersion),
      );
      expect(versions, 'versions grow').eql([...versions].sort((one, other) => one - other));
      expect(versions[3], 'what leaves the selection has the version of its change').equal(
        Number(left.metadata.resourceVersion),
      );
    },
  },
  {
    name: 'a watch of metadata alone tells what is noted on objects',
    run: async (api: Api, namespace: string): Promise<void> => {
      const { resourceVersion } = await api.list(ConfigMap, { namespace, limit: 1, metadataOnly: true });
      const options = {
        namespace,
        labelSelector: 'noted=yes',
        metadataOnly: true,
        resourceVersion,
        timeoutSeconds: 60,
      };
      const events = heard(api, ConfigMap, options, 2);
      const about = { labels: { noted: 'yes' }, annotations: { leader: 'orders-0' } };
      await api.create(ConfigMap, configMap(namespace, 'watched-note', { a: '1' }, about));
      await api.patch(
        ConfigMap,
        { namespace, name: 'watched-note' },
        merge({ metadata: { annotations: { leader: null } } }),
      );
      const all = await events;
      expect(told(all)).eql(['ADDED watched-note', 'MODIFIED watched-note']);
      expect(all.map(({ object }) => object['data'])).eql([undefined, undefined]);
      const notes = all.map(({ object }) => (object['metadata'] as { annotations?: object }).annotations ?? {});
      expect(notes).eql([{ leader: 'orders-0' }, {}]);
    },
  },
  {
    name: 'a watch carries text of every kind in one line',
    run: async (api: Api, namespace: string): Promise<void> => {
      const value = 'a\nb\r\nc\u2028d\u2029e\u0000"\\<ü😀';
      const { resourceVersion } = await api.list(ConfigMap, { namespace, limit: 1 });
      const options = { namespace, labelSelector: 'text=odd', resourceVersion, timeoutSeconds: 60 };
      const events = heard(api, ConfigMap, options, 1);
      await api.create(ConfigMap, configMap(namespace, 'text', { value }, { labels: { text: 'odd' } }));
      const [event] = await events;
      expect((event?.object['data'] as { value: string }).value).equal(value);
    },
  },
  {
    name: 'a watch from a version that is long past ends with 410',
    run: async (api: Api, namespace: string): Promise<void> => {
      const options = { namespace, resourceVersion: '1', timeoutSeconds: 60 };
      let events: WatchEvent[] | undefined;
      // A real API server says 429 until it has made itself a picture of a kind that has just been installed.
      while (!events) {
        events = await heard(api, Database, options, 1).catch(async (error: unknown) => {
          if (!hasCode(error, 429)) throw error;
          await sleep(200);
          return undefined;
        });
      }
      const [event] = events;
      expect(event?.type).equal('ERROR');
      expect(event?.object['code']).equal(410);
    },
  },
];
