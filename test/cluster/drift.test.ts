import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectMeta } from '../../kubernetes/objects.ts';
import { FIELD_MANAGER } from '../../controller/databases/observe/first-contact.ts';
import { ownsOnly } from '../../controller/databases/observe/owned-fields.ts';
import { mutateReview } from '../../webhook/review.ts';
import { ROOT, ballast } from '../cli/run.ts';
import type { Running } from '../webhook/running.ts';
import { startWebhook } from '../webhook/running.ts';
import { Api } from './api.ts';
import { installKinds, makeNamespace } from './ballast.ts';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from './control-plane-or-skip.ts';
import { FOREIGN_KINDS, FOREIGN_NAMES } from './foreign-kinds.ts';
import { forgetWebhook, registerWebhook } from './webhook.ts';

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

const GOLDEN = join(ROOT, 'test/golden');
/** Where the API server keeps an object. */
function pathOf({ apiVersion, kind, metadata }: Manifest): string {
  const base = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const plural = kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`;
  return `${base}/namespaces/${metadata.namespace}/${plural.toLowerCase()}/${metadata.name}`;
}

const hasLabels = ({ metadata }: Manifest): boolean => 'labels' in metadata;

/** The same object in a namespace that no other case has. */
function inCase(manifest: Manifest, number: number): Manifest {
  const namespace = `case-${number}-${manifest.metadata.namespace}`.slice(0, 63).replace(/-+$/, '');
  return { ...manifest, metadata: { ...manifest.metadata, namespace } };
}

describe('What is rendered, in the API server', function () {
  this.timeout(300_000);
  let plane: ControlPlane | undefined;
  let webhook: Running | undefined;
  let api: Api;
  const namespaces = new Set<string>();
  let watched: object;
  let cases = 0;

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    api = new Api(plane.admin);
    await installKinds(plane);
    await plane.admin.apply([...FOREIGN_KINDS], ['--server-side']);
    await plane.admin.succeed(['wait', '--for=condition=Established', ...FOREIGN_NAMES]);
    webhook = await startWebhook();
    watched = await registerWebhook(plane, webhook);
  });

  after(async () => {
    if (plane) await forgetWebhook(plane);
    await webhook?.end();
    if (plane) api.close();
  });

  /** Applies manifests, and expects the cluster to hold them as they are, with nothing left to change. */
  async function expectNoDrift(rendered: string): Promise<void> {
    cases += 1;
    const manifests = (loadAll(rendered) as Manifest[]).map((manifest) => inCase(manifest, cases));
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
    for (const { metadata } of manifests) {
      if (!namespaces.has(metadata.namespace)) await makeNamespace(api, metadata.namespace, watched);
      namespaces.add(metadata.namespace);
    }
    const applied = await plane!.admin.run(['apply', '--server-side', '-f', '-'], text);
    expect(applied.code, applied.stderr).to.equal(0);
    const diff = await plane!.admin.run(['diff', '--server-side', '-f', '-'], text);
    expect(diff.stdout, diff.stderr).to.equal('');
    expect(diff.code).to.equal(0);
    const again = await plane!.admin.run(['apply', '--server-side', '-f', '-'], text);
    expect(again.code, again.stderr).to.equal(0);
    for (const manifest of manifests.filter(({ apiVersion }) => apiVersion.startsWith('db.example.com/'))) {
      const { body } = await api.send('GET', pathOf(manifest));
      expect((body['metadata'] as { generation: number }).generation).to.equal(1);
      const kind = { group: 'db.example.com', version: 'v1alpha1', kind: manifest.kind };
      const about = { uid: 'u', operation: 'UPDATE', kind, name: manifest.metadata.name, namespace: '' } as const;
      expect(mutateReview({ ...about, object: body })).to.deep.equal({ uid: 'u', allowed: true });
    }
    await expectOwned(manifests);
  }

  /** Applies manifests as the controller does, and expects it to see that it owns no more than these. */
  async function expectOwned(manifests: readonly Manifest[]): Promise<void> {
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
    const words = ['apply', '--server-side', '--force-conflicts', `--field-manager=${FIELD_MANAGER}`];
    await plane!.admin.succeed([...words, '-f', '-'], text);
    for (const manifest of manifests) {
      const { body } = await api.send('GET', pathOf(manifest));
      const metadata = body['metadata'] as ObjectMeta;
      const owned = (wanted: object): boolean => ownsOnly(metadata, wanted);
      const unlabelled = { ...manifest, metadata: { ...manifest.metadata, labels: undefined } };
      expect([owned(manifest), owned(unlabelled)], pathOf(manifest)).to.deep.equal([true, !hasLabels(manifest)]);
    }
  }

  it('stays as it is: the example repository', async () => {
    const { code, stdout, stderr } = await ballast(ROOT, ['generate', 'examples/gitops']);
    expect(code, stderr).to.equal(0);
    await expectNoDrift(stdout);
  });

  for (const name of readdirSync(GOLDEN)) {
    it(`stays as it is: ${name}`, async () => {
      await expectNoDrift(readFileSync(join(GOLDEN, name, 'expected.yaml'), 'utf8'));
    });
  }
});
