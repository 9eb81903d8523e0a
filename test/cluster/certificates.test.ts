import { once } from 'node:events';
import type { Agent } from 'node:https';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Express } from 'express';
import express from 'express';
import type { CertificateSource } from '../../webhook/certificates/source.ts';
import { selfSigned } from '../../webhook/certificates/self-signed.ts';
import type { Listening } from '../../webhook/server.ts';
import { Connections } from '../../kubernetes/connections.ts';
import { Metrics } from '../../webhook/metrics.ts';
import { listen } from '../../webhook/server.ts';
import { Turns } from '../../webhook/turns.ts';
import { isComplete } from '../complete.ts';
import { Api } from './api.ts';
import type { Kubectl } from '../../lab/api-server/kubectl.ts';
import { controlPlane } from '../../lab/api-server/control-plane.ts';

const NAMESPACE = 'certificates';
const SECRET = 'ballast-webhook-certificate';
const CONFIGURATION = 'certificates-test';
const OTHERS = 'somebody-elses';
const ACCOUNT = 'ballast-webhook';
const HOST = `web.${NAMESPACE}.svc`;
// A renewal comes a third of a life before the end: the time that a busy machine may need for it.
const SHORT = { authorityMs: 30_000, serverMs: 15_000, propagationMs: 1000 };
/** Certificates that follow the first. */
const ROTATIONS = isComplete ? 5 : 2;
const API_SERVER_MS = 25_000;
const KINDS = ['validatingwebhookconfiguration', 'mutatingwebhookconfiguration'] as const;

const RIGHTS = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: ACCOUNT, namespace: NAMESPACE } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: ACCOUNT, namespace: NAMESPACE },
    rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: [SECRET], verbs: ['get', 'patch'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: ACCOUNT, namespace: NAMESPACE },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: ACCOUNT },
    subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace: NAMESPACE }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'certificates-test' },
    rules: [
      {
        apiGroups: ['admissionregistration.k8s.io'],
        resources: ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'],
        resourceNames: [CONFIGURATION],
        verbs: ['get', 'patch'],
      },
    ],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'certificates-test' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'certificates-test' },
    subjects: [{ kind: 'ServiceAccount', name: ACCOUNT, namespace: NAMESPACE }],
  },
];

/** A configuration that matches nothing there is, so that only its certificates matter. */
function configuration(kind: string, name: string, count: number): object {
  const webhooks = Array.from({ length: count }, (_, index) => ({
    name: `w${index}.${name}.example.com`,
    clientConfig: { service: { name: 'web', namespace: NAMESPACE, path: '/x', port: 443 } },
    rules: [{ apiGroups: ['nothing.example.com'], apiVersions: ['*'], operations: ['CREATE'], resources: ['things'] }],
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    timeoutSeconds: 3,
  }));
  return { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name }, webhooks };
}

interface Read {
  readonly webhooks: readonly { readonly clientConfig: { readonly caBundle?: string } }[];
}

async function read(admin: Kubectl, kind: string, name: string): Promise<Read> {
  return JSON.parse(await admin.succeed(['get', kind, name, '--output', 'json'])) as Read;
}

const CHANGING = new Set(['caBundle', 'resourceVersion', 'generation', 'managedFields']);

/** The configurations without their bundles and without what changes by itself, as text. */
async function withoutBundles(admin: Kubectl, name: string): Promise<string> {
  const all = await Promise.all(KINDS.map((kind) => read(admin, kind, name)));
  return JSON.stringify(all, (key, value: unknown) => (CHANGING.has(key) ? undefined : value));
}

async function bundles(admin: Kubectl): Promise<string[]> {
  const all = await Promise.all(KINDS.map((kind) => read(admin, kind, CONFIGURATION)));
  return all.flatMap(({ webhooks }) =>
    webhooks.map(({ clientConfig }) => Buffer.from(clientConfig.caBundle ?? '', 'base64').toString()),
  );
}

/** A request as the API server makes it: by the Service's name, trusting the bundle only. */
async function ask(port: number, ca: string, agent?: Agent): Promise<string> {
  const options = { host: '127.0.0.1', port, servername: HOST, ca, agent: agent ?? false, headers: { host: HOST } };
  const request = https.get(options);
  const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream & { statusCode?: number }];
  response.resume();
  await once(response, 'end');
  return String(response.statusCode);
}

/** Answers 200, and lets every object in; the API server then makes a new connection for the next. */
function admitting(): Express {
  const app = express().use(express.json());
  app.get('/', (_request, response) => {
    response.send('here');
  });
  app.post('/', (request, response) => {
    const { uid } = (request.body as { request: { uid: string } }).request;
    response.set('connection', 'close');
    response.json({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid, allowed: true } });
  });
  return app;
}

interface Running {
  readonly source: CertificateSource;
  readonly server: Listening;
  readonly lines: string[];
  /** Each certificate that was served. */
  readonly served: string[];
}

async function serve(kubeconfig: string, startMs = 10_000): Promise<Running> {
  const lines: string[] = [];
  const served: string[] = [];
  const write = (level: string) => (fields: object, message: string) => {
    lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  };
  const log = { info: write('info'), warn: write('warn'), error: write('error') };
  const names = { namespace: NAMESPACE, service: 'web', secret: SECRET, configuration: CONFIGURATION };
  const source = selfSigned({ ...names, kubeconfig, log, hosts: ['127.0.0.1'], lifetimes: SHORT, startMs });
  const shown: { server?: Listening } = {};
  const credentials = await source.start((next) => {
    served.push(next.certificate);
    shown.server?.show(next);
  });
  served.push(credentials.certificate);
  const around = {
    clients: undefined,
    connections: new Connections({ most: 64 }),
    turns: new Turns(),
    metrics: new Metrics(),
  };
  const server = await listen(admitting(), { host: '127.0.0.1', port: 0, credentials, ...around });
  shown.server = server;
  return { source, server, lines, served };
}

describe('Certificates under the rights of their own service account', function () {
  this.timeout(300_000);
  let admin: Kubectl;
  let own: Kubectl;
  let replicas: Running[] = [];

  before(async () => {
    ({ admin } = await controlPlane());
    const secret = (name: string): object => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: NAMESPACE },
    });
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
    const configurations = [CONFIGURATION, OTHERS].flatMap((name) => [
      configuration('ValidatingWebhookConfiguration', name, 3),
      configuration('MutatingWebhookConfiguration', name, 1),
    ]);
    const { code, stderr } = await admin.apply([
      namespace,
      ...RIGHTS,
      secret(SECRET),
      secret('other'),
      ...configurations,
    ]);
    expect(code, stderr).to.equal(0);
    own = await admin.as(NAMESPACE, ACCOUNT);
  });

  after(async () => {
    for (const { source, server } of replicas) {
      await source.stop();
      await server.close();
    }
    const kinds = ['clusterrole/certificates-test', 'clusterrolebinding/certificates-test', `namespace/${NAMESPACE}`];
    const theirs = KINDS.flatMap((kind) => [`${kind}/${CONFIGURATION}`, `${kind}/${OTHERS}`]);
    await admin.run(['delete', '--wait=false', '--ignore-not-found', ...kinds, ...theirs]);
  });

  it('are the same for two replicas that start at once on an empty Secret', async () => {
    const before = await withoutBundles(admin, CONFIGURATION);
    replicas = await Promise.all([serve(own.config), serve(own.config)]);
    expect(replicas[0]!.served[0]).to.equal(replicas[1]!.served[0]);
    const published = await bundles(admin);
    expect(published).to.have.length(4);
    expect(new Set(published).size).to.equal(1);
    for (const { server } of replicas) expect(await ask(server.port, published[0]!)).to.equal('200');
    expect(await withoutBundles(admin, CONFIGURATION)).to.equal(before);
  });

  it('are always trusted by a client that knows the bundle of a propagation time ago, through many rotations', async () => {
    const known: { readonly at: number; readonly bundle: string }[] = [];
    const kept = new https.Agent({ keepAlive: true, maxSockets: 1 });
    let asked = 0;
    const over = new AbortController();
    const isEnough = (): boolean =>
      asked > 500 &&
      new Set(known.map(({ bundle }) => bundle)).size > ROTATIONS &&
      replicas.every(({ served }) => new Set(served).size > ROTATIONS);
    const before = await withoutBundles(admin, CONFIGURATION);
    const others = JSON.stringify(await Promise.all(KINDS.map((kind) => read(admin, kind, OTHERS))));
    const watching = (async () => {
      while (!over.signal.aborted) {
        await sleep(100);
        const at = performance.now();
        for (const bundle of new Set(await bundles(admin))) known.push({ at, bundle });
      }
    })();
    await sleep(SHORT.propagationMs + 500);
    const first = known[0]!.bundle;
    try {
      while (!isEnough()) {
        await sleep(20);
        const old = known.filter(({ at }) => at <= performance.now() - SHORT.propagationMs).at(-1)!;
        for (const { server } of replicas) {
          expect(await ask(server.port, old.bundle)).to.equal('200');
          asked += 1;
        }
        // One connection lives through all of it: only its first certificate is ever looked at.
        expect(await ask(replicas[0]!.server.port, first, kept)).to.equal('200');
      }
    } finally {
      over.abort();
      await watching;
    }
    kept.destroy();
    expect(await withoutBundles(admin, CONFIGURATION), 'all but the bundles').to.equal(before);
    expect(JSON.stringify(await Promise.all(KINDS.map((kind) => read(admin, kind, OTHERS))))).to.equal(others);
    for (const { lines } of replicas) {
      expect(lines.filter((line) => line.startsWith('error'))).to.deep.equal([]);
      expect(lines.join()).not.to.include('PRIVATE');
    }
  });

  it('are trusted by the API server itself, which asks the webhook for every object', async () => {
    const url = `https://127.0.0.1:${replicas[0]!.server.port}/`;
    const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }];
    const { clientConfig } = (await read(admin, KINDS[0], CONFIGURATION)).webhooks[0]!;
    const patch = [
      { op: 'replace', path: '/webhooks/0/rules', value: rules },
      { op: 'replace', path: '/webhooks/0/clientConfig', value: { url, caBundle: clientConfig.caBundle } },
    ];
    await admin.succeed(['patch', KINDS[0], CONFIGURATION, '--type=json', `--patch=${JSON.stringify(patch)}`]);
    await sleep(1000);
    const api = new Api(admin);
    const end = performance.now() + API_SERVER_MS;
    let asked = 0;
    for (; performance.now() < end || asked <= 100; asked += 1) {
      const path = `/api/v1/namespaces/${NAMESPACE}/configmaps?dryRun=All`;
      const { code, message } = await api.send('POST', path, { metadata: { name: 'any' } });
      expect(code, message).to.equal(201);
      await sleep(50);
    }
    api.close();
    await admin.succeed(['delete', KINDS[0], CONFIGURATION]);
  });

  it('still rotate when a configuration is gone, and fill it when it comes back', async () => {
    const { served } = replicas[0]!;
    const count = served.length;
    await sleep(SHORT.serverMs);
    expect(served.length).to.be.greaterThan(count);
    await admin.apply([configuration('ValidatingWebhookConfiguration', CONFIGURATION, 2)]);
    await sleep(2000);
    expect(new Set(await bundles(admin)).size).to.equal(1);
    expect(await ask(replicas[1]!.server.port, (await bundles(admin))[0]!)).to.equal('200');
  });

  const forbidden: readonly [string, string[]][] = [
    ['read another Secret', ['get', 'secret', 'other', '--namespace', NAMESPACE]],
    ['list Secrets', ['get', 'secrets', '--namespace', NAMESPACE]],
    ['make a Secret', ['create', 'secret', 'generic', 'more', '--namespace', NAMESPACE]],
    ['delete its Secret', ['delete', 'secret', SECRET, '--namespace', NAMESPACE]],
    ['read Secrets elsewhere', ['get', 'secret', SECRET, '--namespace', 'kube-system']],
    ['read the configuration of others', ['get', KINDS[0], OTHERS]],
    ['delete its configuration', ['delete', KINDS[1], CONFIGURATION]],
    ['label the configuration of others', ['label', KINDS[1], OTHERS, 'a=b']],
  ];
  for (const [what, args] of forbidden) {
    it(`do not need to ${what}, and cannot`, async () => {
      const { code, stderr } = await own.run(args);
      expect(code).not.to.equal(0);
      expect(stderr).to.match(/forbidden/i);
    });
  }

  it('say what to do when the Secret is absent', async () => {
    await Promise.all(replicas.map(({ source }) => source.stop()));
    await admin.succeed(['delete', 'secret', SECRET, '--namespace', NAMESPACE]);
    const error = await serve(own.config, 1).catch(String);
    expect(error).to.equal(
      `Error: no certificate: the Secret ${NAMESPACE}/${SECRET} is absent, and Ballast must not create it: ` +
        `kubectl create secret generic ${SECRET} --namespace ${NAMESPACE}`,
    );
  });

  it('say what is missing when a right is missing', async () => {
    await admin.succeed(['delete', 'rolebinding', ACCOUNT, '--namespace', NAMESPACE]);
    await sleep(500);
    const error = await serve(own.config, 1).catch(String);
    expect(error).to.equal(
      `Error: no certificate: reading the Secret ${NAMESPACE}/${SECRET}: its Role or ClusterRole does not allow it`,
    );
  });
});
