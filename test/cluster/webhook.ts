import { KINDS } from '../../database/schema/kinds.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { API_VERSION, GROUP, VERSION } from '../../database/schema/common.ts';
import type { Running } from '../webhook/running.ts';
import type { Api } from './api.ts';
import { tryCreate } from './ballast.ts';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';

/** Label of the namespaces whose objects the tests' webhook is asked about. */
const WATCHED = { 'ballast-test/webhook': 'yes' };

const RULES = [
  {
    apiGroups: [GROUP],
    apiVersions: [VERSION],
    operations: ['CREATE', 'UPDATE', 'DELETE'],
    resources: KINDS.map(({ plural }) => plural),
    scope: 'Namespaced',
  },
];

function webhookFor(running: Running, path: 'validate' | 'mutate'): object {
  const caBundle = Buffer.from(running.credentials.certificate).toString('base64');
  return {
    name: `${path}.${GROUP}`,
    admissionReviewVersions: ['v1'],
    clientConfig: { url: `https://127.0.0.1:${running.port}/${path}`, caBundle },
    failurePolicy: 'Fail',
    namespaceSelector: { matchLabels: WATCHED },
    rules: RULES,
    sideEffects: 'None',
    timeoutSeconds: 5,
  };
}

/** Tells the API server to ask a webhook of the test's own process about objects in namespaces with these labels. */
export async function registerWebhook({ admin }: ControlPlane, running: Running): Promise<typeof WATCHED> {
  const objects = (['validate', 'mutate'] as const).map((path) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: path === 'validate' ? 'ValidatingWebhookConfiguration' : 'MutatingWebhookConfiguration',
    metadata: { name: 'ballast-test' },
    webhooks: [webhookFor(running, path)],
  }));
  const { code, stderr } = await admin.apply(objects, ['--server-side', '--force-conflicts']);
  if (code !== 0) throw new Error(stderr);
  return WATCHED;
}

/** Waits until the API server asks the webhook: it takes up a configuration a moment after it has stored it. */
export async function untilAsked(api: Api, namespace: string): Promise<void> {
  const spec = { version: '17', storage: { size: '10Gi' }, backup: { schedule: 'never' } };
  const metadata = { name: 'probe', namespace };
  const bad = { apiVersion: API_VERSION, kind: 'Database', metadata, spec };
  for (let tries = 0; tries < 100; tries += 1) {
    const { message } = await tryCreate(api, 'Database', namespace, bad);
    if (message.includes('schedule-valid')) return;
    await sleep(100);
  }
  throw new Error('the API server does not ask the webhook');
}

/** Tells it to ask no more. */
export async function forgetWebhook({ admin }: ControlPlane): Promise<void> {
  const kinds = 'validatingwebhookconfigurations,mutatingwebhookconfigurations';
  await admin.succeed(['delete', kinds, 'ballast-test', '--ignore-not-found']);
}
