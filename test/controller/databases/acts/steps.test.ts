import { expect } from 'chai';
import { act } from '../../../../controller/databases/acts/act.ts';
import type { StepEffect } from '../../../../controller/runtime/progress.ts';
import { ServerError } from '../../../../controller/engines/servers.ts';
import type { Step } from '../../../../controller/databases/decision.ts';
import { hasCode } from '../../../../kubernetes/api.ts';
import type { KubernetesObject } from '../../../../kubernetes/objects.ts';
import { part } from '../../../../lab/world/objects.ts';
import { LABELS, Stand, owned } from './stand.ts';

const CONFLICT = 409;

const LEADER = owned('ConfigMap', 'orders-leader', { metadata: { annotations: { leader: 'orders-0', optime: '7' } } });
const CONFIG = owned('ConfigMap', 'orders-config', { metadata: { annotations: { config: '{}', initialize: '731' } } });
const FAILOVER = owned('ConfigMap', 'orders-failover');
const SET = owned('StatefulSet', 'orders', { spec: { replicas: 3, template: {} } });
const CLAIM = owned('PersistentVolumeClaim', 'data-orders-0', {
  spec: { resources: { requests: { storage: '1Gi' } } },
});
const READY = { status: { conditions: [{ type: 'Ready', status: 'True' }] } };
const POD = owned('Pod', 'orders-0', { spec: { nodeName: 'n1' } });
const CRON = owned('CronJob', 'orders-backup', { spec: {} });

interface Case {
  readonly name: string;
  readonly objects?: readonly KubernetesObject[];
  readonly metadata?: object;
  readonly step: (stand: Stand) => Step;
  readonly writes: readonly string[];
  /** The expected part of the written object. */
  readonly holds?: (stand: Stand) => unknown;
  readonly is?: unknown;
}

function versionOf({ fake }: Stand, kind: string, key: string): { uid: string; resourceVersion: string } {
  const { uid = '', resourceVersion = '' } = fake.get(kind, key)?.metadata ?? {};
  return { uid, resourceVersion };
}

const condemned = (stand: Stand, apiVersion: string, kind: string, name: string) => ({
  ...{ apiVersion, kind, name },
  ...versionOf(stand, kind, `shop/${name}`),
});

const annotationsOf = ({ fake }: Stand, name: string): unknown =>
  fake.get('ConfigMap', `shop/${name}`)?.metadata.annotations;
const replicasOf = ({ fake }: Stand): unknown => part(fake.get('StatefulSet', 'shop/orders'), 'spec')['replicas'];

/** Steps that are one write at the observed version; none has an effect after another writer's change. */
const CASES: readonly Case[] = [
  {
    name: 'add-finalizer leaves those of others',
    metadata: { finalizers: ['example.com/other'] },
    step: () => ({ do: 'add-finalizer' }),
    writes: ['patch Database shop/orders'],
    holds: ({ fake }) => fake.get('Database', 'shop/orders')?.metadata.finalizers,
    is: ['example.com/other', 'db.example.com/database'],
  },
  {
    name: 'remove-finalizer leaves those of others',
    metadata: { finalizers: ['example.com/other', 'db.example.com/database'] },
    step: () => ({ do: 'remove-finalizer' }),
    writes: ['patch Database shop/orders'],
    holds: ({ fake }) => fake.get('Database', 'shop/orders')?.metadata.finalizers,
    is: ['example.com/other'],
  },
  {
    name: 'scale changes how many members run, and nothing else',
    objects: [SET],
    step: (stand) => ({ do: 'scale', replicas: 0, ...versionOf(stand, 'StatefulSet', 'shop/orders') }),
    writes: ['patch StatefulSet shop/orders scale'],
    holds: replicasOf,
    is: 0,
  },
  {
    name: 'mark-claim notes whose data a claim holds',
    objects: [CLAIM],
    step: () => ({ do: 'mark-claim', claim: 'data-orders-0', systemIdentifier: '731' }),
    writes: ['patch PersistentVolumeClaim shop/data-orders-0'],
    holds: ({ fake }) => fake.get('PersistentVolumeClaim', 'shop/data-orders-0')?.metadata.annotations,
    is: { 'db.example.com/owner': '00000000-0000-4000-8000-000000000002', 'db.example.com/system-identifier': '731' },
  },
  {
    name: 'grow-claim raises the size that a claim asks for',
    objects: [CLAIM],
    step: () => ({ do: 'grow-claim', claim: 'data-orders-0', storage: '20Gi' }),
    writes: ['patch PersistentVolumeClaim shop/data-orders-0'],
    holds: ({ fake }) => fake.get('PersistentVolumeClaim', 'shop/data-orders-0')?.['spec'],
    is: { resources: { requests: { storage: '20Gi' } } },
  },
  {
    name: 'delete-pod evicts a member that serves',
    objects: [{ ...POD, ...READY }],
    step: (stand) => ({ do: 'delete-pod', pod: 'orders-0', ...versionOf(stand, 'Pod', 'shop/orders-0') }),
    writes: ['evict Pod shop/orders-0 eviction'],
  },
  {
    name: 'delete-pod deletes a member that does not serve',
    objects: [POD],
    step: (stand) => ({ do: 'delete-pod', pod: 'orders-0', ...versionOf(stand, 'Pod', 'shop/orders-0') }),
    writes: ['delete Pod shop/orders-0'],
  },
  {
    name: 'relabel takes the role from a pod',
    objects: [owned('Pod', 'orders-0', { metadata: { labels: { ...LABELS, 'db.example.com/role': 'primary' } } })],
    step: (stand) => ({ do: 'relabel', pod: 'orders-0', ...versionOf(stand, 'Pod', 'shop/orders-0') }),
    writes: ['patch Pod shop/orders-0'],
    holds: ({ fake }) => fake.get('Pod', 'shop/orders-0')?.metadata.labels,
    is: LABELS,
  },
  {
    name: 'switchover makes the note that Patroni reads',
    step: () => ({ do: 'switchover', from: 'orders-0', to: 'orders-1' }),
    writes: ['create ConfigMap shop/orders-failover'],
    holds: (stand) => annotationsOf(stand, 'orders-failover'),
    is: { leader: 'orders-0', member: 'orders-1' },
  },
  {
    name: 'switchover writes on the note that is there',
    objects: [FAILOVER],
    step: (stand) => {
      const { resourceVersion } = versionOf(stand, 'ConfigMap', 'shop/orders-failover');
      return { do: 'switchover', from: 'orders-0', resourceVersion };
    },
    writes: ['patch ConfigMap shop/orders-failover'],
    holds: (stand) => annotationsOf(stand, 'orders-failover'),
    is: { leader: 'orders-0' },
  },
  {
    name: 'release-leader-lock takes the lock, and leaves what else is known of the leader',
    objects: [LEADER],
    step: (stand) => {
      const { resourceVersion } = versionOf(stand, 'ConfigMap', 'shop/orders-leader');
      return { do: 'release-leader-lock', member: 'orders-0', resourceVersion };
    },
    writes: ['patch ConfigMap shop/orders-leader'],
    holds: (stand) => annotationsOf(stand, 'orders-leader'),
    is: { optime: '7' },
  },
  {
    name: 'configure writes the configuration, and when',
    objects: [CONFIG],
    step: (stand) => {
      const { resourceVersion } = versionOf(stand, 'ConfigMap', 'shop/orders-config');
      return { do: 'configure', config: { ttl: 20 }, resourceVersion };
    },
    writes: ['patch ConfigMap shop/orders-config'],
    holds: (stand) => annotationsOf(stand, 'orders-config'),
    is: { config: '{"ttl":20}', initialize: '731', 'db.example.com/configured-at': '2026-01-01T00:00:00.100Z' },
  },
  {
    name: 'delete takes away the very object that was seen',
    objects: [CRON],
    step: (stand) => ({ do: 'delete', object: condemned(stand, 'batch/v1', 'CronJob', 'orders-backup') }),
    writes: ['delete CronJob shop/orders-backup'],
  },
  {
    name: 'orphan takes a StatefulSet away',
    objects: [SET],
    step: (stand) => ({ do: 'orphan', object: condemned(stand, 'apps/v1', 'StatefulSet', 'orders') }),
    writes: ['delete StatefulSet shop/orders'],
  },
];

/** Changes all objects, as other writers would. */
function interfere({ fake }: Stand): void {
  for (const kind of ['Database', 'StatefulSet', 'PersistentVolumeClaim', 'Pod', 'ConfigMap', 'CronJob']) {
    for (const { metadata } of fake.all(kind)) {
      fake.change(kind, `shop/${metadata.name}`, (old) => ({
        ...old,
        metadata: { ...old.metadata, labels: { ...old.metadata.labels, changed: 'yes' } },
      }));
    }
  }
}

describe('A step', () => {
  for (const { name, objects = [], metadata = {}, step, writes, holds, is } of CASES) {
    it(`${name}: one write, seen when the watches show it`, async () => {
      const stand = await Stand.with(objects, { metadata });
      const { isSeen, waitsFor }: StepEffect = await stand.done(act(step(stand), await stand.acting()));
      expect(waitsFor).equal(undefined);
      expect(stand.written()).eql(writes);
      await stand.clock.advance(10);
      expect(isSeen?.()).equal(true);
      if (holds) expect(holds(stand)).eql(is);
    });
  }

  for (const { name, objects = [], metadata = {}, step } of CASES.filter(
    ({ writes }) => !writes[0]?.startsWith('create'),
  )) {
    it(`${name.split(' ')[0] ?? ''} has no effect on what was changed since (${name})`, async () => {
      const stand = await Stand.with(objects, { metadata });
      const [chosen, acting] = [step(stand), await stand.acting()];
      interfere(stand);
      const failure: unknown = await stand.done(act(chosen, acting)).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(hasCode(failure, CONFLICT)).equal(true);
      expect(stand.written()).eql([]);
    });
  }
});

describe('Steps that wait', () => {
  it('remove-finalizer waits while the API server still has a pod, whatever the watches show', async () => {
    const stand = await Stand.with([], { metadata: { finalizers: ['db.example.com/database'] } });
    const acting = await stand.acting();
    stand.fake.put(POD);
    const { waitsFor } = await stand.done(act({ do: 'remove-finalizer' }, acting));
    expect([waitsFor, stand.written()]).eql(['the members of orders to be gone', []]);
  });

  it('delete-pod waits for the disruption budget', async () => {
    const stand = await Stand.with([{ ...POD, ...READY }]);
    const acting = await stand.acting();
    stand.api.weather = { call: () => ({ status: 429 }), event: () => undefined };
    const step = { do: 'delete-pod', pod: 'orders-0', ...versionOf(stand, 'Pod', 'shop/orders-0') } as const;
    const { waitsFor } = await stand.done(act(step, acting));
    expect(waitsFor).equal('the disruption budget to let orders-0 go');
  });

  it('delete-pod never asks to evict what is not as it was seen: the eviction would fail, and use up the budget', async () => {
    const stand = await Stand.with([{ ...POD, ...READY }]);
    const acting = await stand.acting();
    const asked: (string | undefined)[] = [];
    stand.api.weather = {
      call: ({ subresource }) => {
        asked.push(subresource);
        return undefined;
      },
      event: () => undefined,
    };
    const step = { do: 'delete-pod', pod: 'orders-0', ...versionOf(stand, 'Pod', 'shop/orders-0') } as const;
    interfere(stand);
    await stand.done(act(step, acting).catch(() => undefined));
    expect(asked).eql([undefined]);
  });

  it('read-credentials waits for the right to read', async () => {
    const stand = await Stand.with();
    const acting = await stand.acting();
    stand.api.weather = { call: () => ({ status: 403 }), event: () => undefined };
    const { waitsFor } = await stand.done(act({ do: 'read-credentials' }, acting));
    expect(waitsFor).equal('the Role orders-controller, which allows to read the Secrets of orders');
  });
});

describe('Steps that are refused', () => {
  it('a StatefulSet is never deleted with its pods', async () => {
    const stand = await Stand.with([SET]);
    const object = condemned(stand, 'apps/v1', 'StatefulSet', 'orders');
    const acting = await stand.acting();
    expect(() => act({ do: 'delete', object }, acting)).throws('never deleted with its pods');
    expect(stand.written()).eql([]);
  });

  it('a restart that Patroni refuses because it is not needed any more is no failure', async () => {
    const pair = { 'ca.crt': 'Y2E=', 'tls.crt': 'Y3J0', 'tls.key': 'a2V5' };
    const stand = await Stand.with([owned('Secret', 'orders-tls', { data: pair })]);
    const asked: unknown[] = [];
    const acting = await stand.acting({
      open: () => Promise.reject(new Error('nobody is to be asked')),
      restart: (member, { certificate, key }, role) => {
        asked.push(member, certificate, key.reveal(), role);
        return Promise.reject(new ServerError('refused', '503'));
      },
    });
    const step = { do: 'restart-server', pod: 'orders-1', uid: 'u', role: 'replica' } as const;
    const { rest, ...effect } = await stand.done(act(step, acting));
    await rest;
    expect(effect).eql({});
    const host = 'orders-1.orders-pods.shop.svc.cluster.local';
    expect(asked).eql([{ host, authority: 'ca' }, 'crt', 'key', 'replica']);
  });
});
