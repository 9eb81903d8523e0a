/* One controller in a process of its own, at which one Database makes something throw: `node supervised.ts PLACE`. */
import { NO_SETTINGS } from '../../database/settings.ts';
import { EventEmitter } from 'node:events';
import { get } from 'node:http';
import { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeKeys } from '../../certificates/keys.ts';
import { openSession } from '../../controller/engines/postgresql/session.ts';
import { Confidential } from '../../controller/credentials/confidential.ts';
import { decide } from '../../controller/databases/concerns/decide.ts';
import type { Decision } from '../../controller/databases/decision.ts';
import type { Api } from '../../kubernetes/api.ts';
import { systemClock } from '../../kubernetes/clock.ts';
import { bugOf } from '../../kubernetes/log.ts';
import type { Observation } from '../../controller/databases/observation.ts';
import { serve } from '../../controller/serve.ts';
import { FakeApiServer } from '../../lab/world/fake-api-server.ts';

const PORT = Number(process.argv[3]);
const GOOD = ['honest/a', 'honest/b', 'other/c'];
const BAD = 'tenant/bad';
const LIMIT_MS = 20_000;

const bug = (): never => {
  throw new TypeError(`a bug at ${place}`);
};
const isBad = ({ own: { database } }: Observation): boolean => database.metadata.name === 'bad';

/** What goes wrong while the bad Database is decided about, apart from its pass. */
const STRAYS: Readonly<Record<string, () => void>> = {
  'a timer': () => void setTimeout(bug, 1),
  'the next turn': () => void setImmediate(bug),
  'a socket that nobody listens to': () => void new Socket().connect(1, '127.0.0.1'),
  'a stream that nobody listens to': () => void new PassThrough().destroy(new Error('broken')),
  'a promise that nobody awaits': () => void Promise.reject(new Error('rejected')),
  'a promise that is rejected with no error': () =>
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- libraries do
    void Promise.reject('text'),
  'a listener of an event': () => {
    const emitter = new EventEmitter().on('end', bug);
    setImmediate(() => emitter.emit('end'));
  },
  'a NUL in the name of a server': () => {
    const login = { user: 'postgres', password: new Confidential('x') };
    void openSession({ host: 'bad-0\u0000', authority: '' }, login).catch((error: unknown) => error);
  },
};

const [, , place = ''] = process.argv;
const fake = await FakeApiServer.start();
const lines: { readonly text: string; readonly fields: object }[] = [];
const log = (fields: object, text: string): void => void lines.push({ fields, text });

function wrong(seen: Observation, now: Date): Decision {
  if (isBad(seen)) {
    STRAYS[place]?.();
    if (place === 'decide') bug();
    if (place === 'the status') return { status: { phase: 1n as never } };
    if (place === 'an action') return { status: {}, step: { do: 'no such step' as never } };
  }
  return decide(seen, now);
}

const through = fake.connect();
let isTold = false;
const api: Api = {
  get: (...args) => through.get(...args),
  patch: (...args) => through.patch(...args),
  delete: (...args) => through.delete(...args),
  evict: (...args) => through.evict(...args),
  create: (resource, object) => {
    if (place === 'the recorder of events' && resource.kind === 'Event') return bug();
    return through.create(resource, object);
  },
  list: async (...args) => {
    const page = await through.list(...args);
    if (place !== 'a list' || isTold || args[0].kind !== 'Pod') return page;
    isTold = true;
    return { ...page, items: [{ kind: 'Pod' } as never] };
  },
  watch: (resource, options, handlers) => {
    if (place === 'an event of a watch') {
      setTimeout(() => {
        handlers.onEvent({ type: 'MODIFIED', object: { metadata: null } });
        handlers.onEvent({ type: 'ADDED', object: { metadata: { name: 'x', labels: 7, annotations: 'a' } } });
      }, 50);
    }
    return through.watch(resource, options, handlers);
  },
};

function database(key: string): void {
  const [namespace, name = ''] = key.split('/');
  fake.put({
    kind: 'Database',
    apiVersion: 'db.example.com/v1alpha1',
    metadata: { name, namespace: namespace ?? '' },
    spec: { engine: 'postgresql', version: '17', storage: { size: '1Gi' } },
  });
}

const statusOf = (key: string): { phase?: string; conditions?: Record<string, string>[] } | undefined =>
  fake.get('Database', key)?.['status'] as never;

async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what} did not come: ${JSON.stringify(lines.slice(-5))}`);
    await sleep(20);
  }
}

function page(path: string): Promise<{ code: number; text: string }> {
  return new Promise((resolve, reject) => {
    get({ port: PORT, host: '127.0.0.1', path, agent: false }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => {
        resolve({ code: response.statusCode ?? 0, text });
      });
    }).on('error', reject);
  });
}

for (const name of ['honest', 'other', 'tenant']) fake.put({ kind: 'Namespace', metadata: { name } });
database(BAD);
for (const key of GOOD) database(key);
const end = new AbortController();
const served = serve({
  ...{
    api,
    clock: systemClock,
    settings: NO_SETTINGS,
    namespaces: [],
    appliesAll: false,
    applyAllowed: true,
    decide: wrong,
    makeKeys,
    process,
  },
  log: { info: log, warn: log, error: log },
  lease: { namespace: 'honest', name: 'lease' },
  ...{ host: '127.0.0.1', port: PORT, signal: end.signal },
});
served.catch((error: unknown) => {
  lines.push({ text: 'it ended', fields: bugOf(error) });
});
const isGood = (key: string): boolean => (statusOf(key)?.conditions ?? []).some(({ type }) => type === 'Ready');
async function lookedAt(): Promise<string> {
  await until(() => GOOD.every(isGood), 'the first status of the others');
  // The faults of the bad Database have occurred by now; others are still reconciled.
  await sleep(1500);
  database('honest/later');
  await until(() => isGood('honest/later'), 'the status of one that came later');
  const { code: health } = await page('/healthz');
  const { text: metrics } = await page('/metrics');
  const bad = statusOf(BAD)?.conditions?.find(({ type }) => type === 'Stalled');
  const reconciling = statusOf(BAD)?.conditions?.find(({ type }) => type === 'Reconciling');
  const holder = fake.get('Lease', 'honest/lease')?.['spec'] as { holderIdentity?: string };
  end.abort();
  await served;
  await fake.stop();
  return JSON.stringify({
    health,
    strays: Number(/^ballast_stray_errors_total (\d+)/m.exec(metrics)?.[1] ?? 0),
    stalled: bad?.['status'] === 'True' ? `${bad['reason'] ?? ''}: ${bad['message'] ?? ''}` : '',
    reconciling: reconciling?.['message'] ?? '',
    isHeld: typeof holder.holderIdentity === 'string',
    stacks: lines.filter(({ fields }) => 'stack' in fields).map(({ text }) => text),
  });
}

// An exception here would be a stray error, too: the process then goes on.
try {
  process.stdout.write(await lookedAt());
  process.exit();
} catch (error) {
  process.stderr.write(String(error));
  process.exit(1);
}
