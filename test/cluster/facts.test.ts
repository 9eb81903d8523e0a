import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import type { Kubectl } from '../../lab/api-server/kubectl.ts';
import { ROOT, ballast } from '../cli/run.ts';
import { written } from '../contract/objects.ts';
import { Api } from './api.ts';
import { installKinds, makeNamespace, pathOf } from './ballast.ts';
import { controlPlaneOrSkip } from './control-plane-or-skip.ts';

const EXAMPLE = join(ROOT, 'examples/facts/facts.yaml');
const NAMESPACE = 'facts';
const STATUS = { observedGeneration: 1, largestVolume: '10Gi', largestClaim: '10Gi', volumesCanGrow: false };

interface Job {
  readonly kind: string;
  readonly spec: { readonly jobTemplate: { readonly spec: { readonly template: object } } };
}

describe('The job that keeps the facts of a cluster fresh', function () {
  this.timeout(180_000);
  let plane: ControlPlane | undefined;
  let api: Api | undefined;
  let account: Kubectl;

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    api = new Api(plane.admin);
    await installKinds(plane);
    await makeNamespace(api, NAMESPACE);
    const database = { ...written('Database'), metadata: { name: 'orders', namespace: NAMESPACE } };
    expect((await api.send('POST', pathOf('Database', NAMESPACE), database)).code).to.equal(201);
    const path = `${pathOf('Database', NAMESPACE, 'orders')}/status`;
    const told = await api.send('PATCH', path, { status: STATUS }, 'application/merge-patch+json');
    expect(told.code).to.equal(200);
    await plane.admin.succeed(['apply', '--server-side', '-f', EXAMPLE]);
    account = await plane.admin.as('ballast-facts', 'ballast-facts');
  });

  after(async () => {
    await plane?.admin.run(['delete', '-f', EXAMPLE, '--wait=false']);
    await api?.send('DELETE', pathOf('Database', NAMESPACE, 'orders'));
    api?.close();
  });

  it('reads with its own rights what ballast facts needs', async () => {
    const answer = await account.succeed(['get', 'databases', '--all-namespaces', '--output', 'json']);
    const { code, stdout } = await ballast(ROOT, ['facts', '-'], answer);
    expect(code).to.equal(0);
    expect(stdout).to.include(`- namespace: ${NAMESPACE}\n  name: orders\n  generation: 1\n`);
    expect(stdout).to.include('    largestVolume: "10Gi"\n    largestClaim: "10Gi"\n    volumesCanGrow: false\n');
  });

  for (const [verb, what] of [
    ['list', 'secrets'],
    ['list', 'pods'],
    ['list', 'configmaps'],
    ['watch', 'databases.db.example.com'],
    ['update', 'databases.db.example.com'],
    ['patch', 'databases.db.example.com/status'],
  ] as const) {
    it(`may not ${verb} ${what}`, async () => {
      const { stdout } = await account.run(['auth', 'can-i', verb, what, '--all-namespaces']);
      expect(stdout.trim()).to.equal('no');
    });
  }

  it('runs pods that a restricted namespace takes', async () => {
    const jobs = loadAll(readFileSync(EXAMPLE, 'utf8')) as Job[];
    const template = jobs.find(({ kind }) => kind === 'CronJob')!.spec.jobTemplate.spec.template;
    const metadata = { name: 'once', namespace: 'ballast-facts' };
    const pod = { apiVersion: 'v1', kind: 'Pod', ...template, metadata };
    const { code, stderr } = await plane!.admin.run(['create', '--dry-run=server', '-f', '-'], JSON.stringify(pod));
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
  });
});
