import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { load, loadAll } from 'js-yaml';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import { ARGO_MODULE } from '../../lab/programs/argo-programs.ts';
import { FLUX_CONTROLLERS, FLUX_MODULE } from '../../lab/programs/flux-programs.ts';
import { moduleSources } from '../../lab/programs/go-program.ts';
import { ROOT, folderWith } from '../cli/run.ts';
import { controlPlaneOrSkip } from './control-plane-or-skip.ts';

const CLUSTER = join(ROOT, 'examples/gitops/cluster');
const PLUGIN = join(ROOT, 'argocd/plugin');

interface Container {
  readonly name: string;
  readonly volumeMounts?: readonly { readonly name: string }[];
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly Container[];
        readonly volumes: readonly { readonly name: string }[];
      };
    };
  };
}

describe("The example's objects and the plugin's sidecar, in the API server", function () {
  this.timeout(120_000);
  let plane: ControlPlane;
  let argo: string;

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    this.timeout('10m');
    argo = await moduleSources(ARGO_MODULE, 'github.com/argoproj/argo-cd/v3');
    const crds = ['application', 'applicationset'].map((name) => join(argo, `manifests/crds/${name}-crd.yaml`));
    for (const name of FLUX_CONTROLLERS) {
      crds.push(join(await moduleSources(FLUX_MODULE, `github.com/fluxcd/${name}`), 'config/crd/bases'));
    }
    for (const path of crds) await plane.admin.succeed(['apply', '--server-side', `--filename=${path}`]);
    await plane.admin.succeed(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=60s']);
    for (const name of ['argocd', 'flux-system']) await plane.admin.run(['create', 'namespace', name]);
  });

  for (const file of [
    'namespaces.yaml',
    'application.yaml',
    'applicationset.yaml',
    'application-plugin.yaml',
    'flux.yaml',
  ]) {
    it(`takes cluster/${file}`, async () => {
      const count = loadAll(readFileSync(join(CLUSTER, file), 'utf8')).length;
      const args = [
        'apply',
        '--server-side',
        '--dry-run=server',
        '--validate=strict',
        `--filename=${join(CLUSTER, file)}`,
      ];
      const { code, stdout, stderr } = await plane.admin.run(args);
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
      expect(stdout.match(/serverside-applied \(server dry run\)/g)).to.have.length(count);
    });
  }

  it("takes Argo CD's own repository server with the sidecar, whose volumes are all there", async () => {
    const base = readFileSync(join(argo, 'manifests/base/repo-server/argocd-repo-server-deployment.yaml'), 'utf8');
    const folder = folderWith({
      'base/deployment.yaml': base,
      'base/kustomization.yaml': 'resources: [deployment.yaml]\n',
      'plugin/kustomization.yaml': readFileSync(join(PLUGIN, 'kustomization.yaml'), 'utf8'),
      'plugin/repo-server.yaml': readFileSync(join(PLUGIN, 'repo-server.yaml'), 'utf8'),
      'kustomization.yaml': [
        'resources: [base]',
        'components: [plugin]',
        'namespace: argocd',
        'images: [{name: ballast-argocd-plugin, newName: registry.example.com/ballast/argocd-plugin, newTag: 0.1.0}]\n',
      ].join('\n'),
    });
    const built = await plane.admin.succeed(['kustomize', folder]);
    const apply = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--filename=-'];
    expect(await plane.admin.run(apply, built)).to.include({ code: 0, stderr: '' });
    const { containers, volumes } = (load(built) as Deployment).spec.template.spec;
    expect(containers.map(({ name }) => name).sort()).to.deep.equal(['argocd-repo-server', 'ballast']);
    const sidecar = containers.find(({ name }) => name === 'ballast')!;
    expect(sidecar).to.include({ image: 'registry.example.com/ballast/argocd-plugin:0.1.0' });
    expect(volumes.map(({ name }) => name)).to.include.members(sidecar.volumeMounts!.map(({ name }) => name));
  });
});
