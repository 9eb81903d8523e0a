import { expect } from 'chai';
import type { Api, Patch } from '../../kubernetes/api.ts';
import { ApiError } from '../../kubernetes/api.ts';
import type { KubernetesObject, Resource } from '../../kubernetes/objects.ts';
import { RESOURCES } from '../../controller/resources.ts';
import type { ApiCase } from './sample-objects.ts';
import { configMap, merge } from './sample-objects.ts';

const { ConfigMap, Pod, Secret, StatefulSet } = RESOURCES;

/** The status and reason of a refusal. */
async function refusalOf(call: Promise<unknown>): Promise<ApiError> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).instanceOf(ApiError);
  return outcome as ApiError;
}

function statefulSet(namespace: string, name: string): KubernetesObject {
  const labels = { app: name };
  const containers = [{ name: 'main', image: 'example.com/image:1' }];
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    },
  };
}

const apply = (body: KubernetesObject, fieldManager: string, force = false): Patch => ({
  type: 'apply',
  body,
  fieldManager,
  force,
});

async function read(api: Api, resource: Resource, namespace: string, name: string): Promise<KubernetesObject> {
  const found = await api.get(resource, { namespace, name });
  expect(found, name).not.equal(undefined);
  return found!;
}

/** Cases about objects. */
const OBJECTS: readonly ApiCase[] = [
  {
    name: 'an object that is not there is no error',
    run: async (api, namespace) => {
      expect(await api.get(ConfigMap, { namespace, name: 'nobody' })).equal(undefined);
      expect(await api.delete(ConfigMap, { namespace, name: 'nobody' }, { uid: 'x', propagation: 'Background' })).equal(
        false,
      );
    },
  },
  {
    name: 'a kind that is not served is an error, not an absence',
    run: async (api, namespace) => {
      const unknown = { ...ConfigMap, group: 'nothing.example.com' };
      expect((await refusalOf(api.get(unknown, { namespace, name: 'x' }))).code).equal(404);
    },
  },
  {
    name: 'a list of metadata alone has what is noted on objects',
    run: async (api, namespace) => {
      const { metadata, ...rest } = configMap(namespace, 'noted', { a: '1' });
      await api.create(ConfigMap, { ...rest, metadata: { ...metadata, annotations: { leader: 'orders-0' } } });
      const { items } = await api.list(ConfigMap, { namespace, metadataOnly: true });
      const found = items.find(({ metadata: { name } }) => name === 'noted');
      expect(found?.metadata.annotations).eql({ leader: 'orders-0' });
      expect(found?.metadata.resourceVersion).match(/^[1-9]\d*$/);
      expect(found?.['data']).equal(undefined);
    },
  },
  {
    name: 'an answer that is larger than asked for is given up',
    run: async (api, namespace) => {
      const labels = { list: 'large' };
      await api.create(ConfigMap, configMap(namespace, 'large', { a: 'x'.repeat(10_000) }, { labels }));
      const options = { namespace, labelSelector: 'list=large', mostBytes: 5000 };
      const refusal = await refusalOf(api.list(ConfigMap, options));
      expect([refusal.code, refusal.reason]).eql([413, 'TooLarge']);
      expect((await api.list(ConfigMap, { ...options, metadataOnly: true })).items.length).equal(1);
    },
  },
  {
    name: 'a name can be taken once',
    run: async (api, namespace) => {
      const made = await api.create(ConfigMap, configMap(namespace, 'once', { a: '1' }));
      expect(made.metadata.uid).match(/^[0-9a-f-]{36}$/);
      expect(made.metadata.resourceVersion).match(/^[1-9]\d*$/);
      const { code, reason } = await refusalOf(api.create(ConfigMap, configMap(namespace, 'once')));
      expect([code, reason]).eql([409, 'AlreadyExists']);
    },
  },
  {
    name: 'what is refused about a Secret is not quoted',
    run: async (api, namespace) => {
      const data = { hunter2: 'aHVudGVyMg==' };
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hidden', namespace }, data };
      await api.create(Secret, secret);
      const path = `/api/v1/namespaces/${namespace}/secrets`;
      expect((await refusalOf(api.create(Secret, secret))).message).equal(`POST ${path}: AlreadyExists`);
      const body = [{ op: 'test' as const, path: '/data/hunter2', value: 'eA==' }];
      const { message } = await refusalOf(api.patch(Secret, { namespace, name: 'hidden' }, { type: 'json', body }));
      expect(message).equal(`PATCH ${path}/hidden: Invalid`);
    },
  },
  {
    name: 'a merge patch over an old version is a conflict, over the present one it holds',
    run: async (api, namespace) => {
      const first = await api.create(ConfigMap, configMap(namespace, 'merged', { a: '1', b: '2' }));
      const name = { namespace, name: 'merged' };
      const { resourceVersion } = first.metadata;
      const second = await api.patch(
        ConfigMap,
        name,
        merge({ metadata: { resourceVersion }, data: { a: null, c: '3' } }),
      );
      expect(second['data']).eql({ b: '2', c: '3' });
      expect(second.metadata.resourceVersion).not.equal(resourceVersion);
      const late = await refusalOf(
        api.patch(ConfigMap, name, merge({ metadata: { resourceVersion }, data: { b: 'x' } })),
      );
      expect([late.code, late.reason]).eql([409, 'Conflict']);
      expect((await read(api, ConfigMap, namespace, 'merged'))['data']).eql({ b: '2', c: '3' });
    },
  },
  {
    name: 'a patch that changes nothing writes nothing',
    run: async (api, namespace) => {
      const made = await api.create(ConfigMap, configMap(namespace, 'same', { a: '1' }));
      const after = await api.patch(ConfigMap, { namespace, name: 'same' }, merge({ data: { a: '1' } }));
      expect(after.metadata.resourceVersion).equal(made.metadata.resourceVersion);
    },
  },
  {
    name: 'a JSON patch holds as a whole or not at all',
    run: async (api, namespace) => {
      const annotations = { 'example.com/b': '2' };
      await api.create(ConfigMap, configMap(namespace, 'json', { a: '1' }, { annotations }));
      const name = { namespace, name: 'json' };
      const path = '/metadata/annotations/example.com~1b';
      const refusal = await refusalOf(
        api.patch(ConfigMap, name, {
          type: 'json',
          body: [
            { op: 'replace', path: '/data/a', value: 'x' },
            { op: 'test', path, value: 'other' },
          ],
        }),
      );
      expect(refusal.code).equal(422);
      expect((await read(api, ConfigMap, namespace, 'json'))['data']).eql({ a: '1' });
      const after = await api.patch(ConfigMap, name, {
        type: 'json',
        body: [
          { op: 'test', path, value: '2' },
          { op: 'remove', path: '/data/a' },
          { op: 'add', path: '/data/d', value: '4' },
        ],
      });
      expect(after['data']).eql({ d: '4' });
    },
  },
  {
    name: 'what is no longer applied goes, what others own stays',
    run: async (api, namespace) => {
      const name = { namespace, name: 'applied' };
      const wanted = (data: object): KubernetesObject => configMap(namespace, 'applied', data);
      await api.patch(ConfigMap, name, apply(wanted({ a: '1', b: '2' }), 'ballast'));
      await api.patch(ConfigMap, name, merge({ data: { other: 'x' } }));
      const after = await api.patch(ConfigMap, name, apply(wanted({ a: '1' }), 'ballast'));
      expect(after['data']).eql({ a: '1', other: 'x' });
      const again = await api.patch(ConfigMap, name, apply(wanted({ a: '1' }), 'ballast'));
      expect(again.metadata.resourceVersion).equal(after.metadata.resourceVersion);
    },
  },
  {
    name: 'what somebody else owns is applied by force only',
    run: async (api, namespace) => {
      const name = { namespace, name: 'disputed' };
      const wanted = (value: string): KubernetesObject => configMap(namespace, 'disputed', { a: value });
      await api.patch(ConfigMap, name, apply(wanted('theirs'), 'somebody'));
      const refusal = await refusalOf(api.patch(ConfigMap, name, apply(wanted('ours'), 'ballast')));
      expect([refusal.code, refusal.reason]).eql([409, 'Conflict']);
      expect((await api.patch(ConfigMap, name, apply(wanted('ours'), 'ballast', true)))['data']).eql({ a: 'ours' });
    },
  },
  {
    name: 'containers are merged by their names when applied',
    run: async (api, namespace) => {
      const name = { namespace, name: 'containers' };
      const object = statefulSet(namespace, 'containers');
      await api.patch(StatefulSet, name, apply(object, 'ballast'));
      await api.patch(StatefulSet, name, {
        type: 'json',
        body: [
          { op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'theirs', image: 'example.com/b:1' } },
        ],
      });
      const after = await api.patch(StatefulSet, name, apply(object, 'ballast'));
      const { template } = after['spec'] as { template: { spec: { containers: { name: string }[] } } };
      expect(template.spec.containers.map((one) => one.name)).members(['main', 'theirs']);
    },
  },
  {
    name: 'status and spec are changed apart, and only the spec counts a generation',
    run: async (api, namespace) => {
      const name = { namespace, name: 'parts' };
      const made = await api.create(StatefulSet, statefulSet(namespace, 'parts'));
      expect(made.metadata.generation).equal(1);
      const both = merge({ metadata: { labels: { a: 'b' } }, status: { replicas: 7 } });
      const main = await api.patch(StatefulSet, name, both);
      const { replicas = 0 } = (main['status'] ?? {}) as { replicas?: number };
      expect([main.metadata.generation, replicas]).eql([1, 0]);
      const status = merge({ status: { replicas: 7 }, spec: { replicas: 5 } });
      const after = await api.patch(StatefulSet, { ...name, subresource: 'status' }, status);
      expect((after['status'] as { replicas: number }).replicas).equal(7);
      expect((after['spec'] as { replicas: number }).replicas).equal(1);
      const scaled = await api.patch(StatefulSet, { ...name, subresource: 'scale' }, merge({ spec: { replicas: 3 } }));
      expect([scaled.kind, scaled['spec'] as object]).eql(['Scale', { replicas: 3 }]);
      const last = await read(api, StatefulSet, namespace, 'parts');
      expect([last.metadata.generation, (last['spec'] as { replicas: number }).replicas]).eql([2, 3]);
    },
  },
];

/** Cases about deletions. */
const DELETIONS: readonly ApiCase[] = [
  {
    name: 'only the object that was meant is deleted',
    run: async (api, namespace) => {
      const name = { namespace, name: 'meant' };
      const { metadata } = await api.create(ConfigMap, configMap(namespace, 'meant'));
      const uid = metadata.uid ?? '';
      const propagation = 'Background';
      const other = await refusalOf(api.delete(ConfigMap, name, { uid: uid.replace(/^../, 'ff'), propagation }));
      expect([other.code, other.reason]).eql([409, 'Conflict']);
      await api.patch(ConfigMap, name, merge({ data: { a: '1' } }));
      const { resourceVersion } = metadata;
      expect((await refusalOf(api.delete(ConfigMap, name, { uid, resourceVersion, propagation }))).code).equal(409);
      expect(await api.delete(ConfigMap, name, { uid, propagation })).equal(true);
      expect(await api.delete(ConfigMap, name, { uid, propagation })).equal(false);
    },
  },
  {
    name: 'a finalizer keeps an object until it is taken off',
    run: async (api, namespace) => {
      const name = { namespace, name: 'kept' };
      const finalizers = ['example.com/kept'];
      const { metadata } = await api.create(ConfigMap, configMap(namespace, 'kept', {}, { finalizers }));
      const deletion = { uid: metadata.uid ?? '', propagation: 'Background' as const };
      expect(await api.delete(ConfigMap, name, deletion)).equal(true);
      const { deletionTimestamp } = (await read(api, ConfigMap, namespace, 'kept')).metadata;
      expect(deletionTimestamp).match(/^\d{4}-/);
      await api.patch(ConfigMap, name, merge({ metadata: { finalizers: null } }));
      expect(await api.get(ConfigMap, name)).equal(undefined);
    },
  },
  {
    name: 'a pod is evicted as it was seen, not as it became',
    run: async (api, namespace) => {
      const name = { namespace, name: 'evicted' };
      const containers = [{ name: 'main', image: 'example.com/image:1' }];
      const spec = { containers, automountServiceAccountToken: false };
      const { metadata } = await api.create(Pod, { apiVersion: 'v1', kind: 'Pod', metadata: name, spec });
      const { uid = '', resourceVersion } = metadata;
      await api.patch(Pod, name, merge({ metadata: { labels: { a: 'b' } } }));
      expect((await refusalOf(api.evict(name, { uid, resourceVersion }))).code).equal(409);
      expect(await api.evict(name, { uid })).equal(true);
      expect(await api.evict(name, { uid })).equal(false);
    },
  },
];

/** All of them, those about lists and watches apart. */
export const API_CASES: readonly ApiCase[] = [...OBJECTS, ...DELETIONS];
