import { expect } from 'chai';
import { Api } from '../../cluster/api.ts';
import { makeNamespace } from '../../cluster/ballast.ts';
import type { ControlPlane } from '../../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from '../../cluster/control-plane-or-skip.ts';
import { at } from './installation/attempts.ts';
import { ofKind, podsOf, rightsOf } from './installation/shape.ts';
import type { Built } from './installation/variants.ts';
import { buildOverlay, buildVariant, titleOf, variants } from './installation/variants.ts';

const OVERLAYS = ['controller', 'controller-gitops', 'controller-namespaced', 'self-signed', 'cert-manager'];
const RENAMED = { namespace: 'platform', prefix: 'acme-' };
/** Rendered kinds: an apply creates them. */
const WRITES = /^(create|patch|update|\*) /;
const APPLIED =
  /\/(services|serviceaccounts|statefulsets|deployments|cronjobs|poddisruptionbudgets|networkpolicies|roles|rolebindings|servicemonitors|prometheusrules|persistentvolumeclaims)$/;

interface Policy {
  readonly matchConditions: readonly { readonly expression: string }[];
  readonly policyName: string;
  readonly validationActions: readonly string[];
  readonly failurePolicy: string;
}

const specOf = (one: Built): Policy => one['spec'] as Policy;

describe('What an installation consists of', function () {
  this.timeout(300_000);
  let plane: ControlPlane | undefined;

  before(async function () {
    plane = await controlPlaneOrSkip(this);
  });

  for (const variant of variants(true)) {
    describe(titleOf(variant), () => {
      let built: readonly Built[];

      before(async function () {
        if (!plane) return this.skip();
        built = await buildVariant(plane, variant);
      });

      it('gives escalate, bind, and what applies rendered objects, with direct only', () => {
        const rights = rightsOf(built);
        const wide = rights.filter((right) => /^(escalate|bind) /.test(right));
        const direct = ['escalate', 'bind'].map((verb) => `${verb} rbac.authorization.k8s.io/roles`);
        expect(wide).eql(variant.direct ? direct : []);
        const applies = rights.filter((right) => WRITES.test(right) && APPLIED.test(right));
        // Without, claims are annotated, and the schedules of DatabaseBackups have CronJobs.
        if (variant.direct) expect(applies.length).greaterThan(20);
        else {
          const schedules = ['create batch/cronjobs', 'patch batch/cronjobs'];
          expect([...applies].sort()).eql(['patch /persistentvolumeclaims', ...schedules].sort());
        }
      });

      it('gives no right by a wildcard, none to read Secrets, and none to write what may not be written', () => {
        const rights = rightsOf(built);
        expect(rights.filter((right) => right.includes('*'))).eql([]);
        expect(rights.filter((right) => right.includes('/secrets'))).eql(['create /secrets']);
        const never =
          /(exec|attach|portforward|token|impersonate|clusterroles|admissionregistration|nodes|deletecollection)/;
        expect(rights.filter((right) => never.test(right))).eql([]);
      });

      it('binds each of its rights to the account that it brings, and to no other', () => {
        const accounts = ofKind(built, 'ServiceAccount').map(
          ({ metadata }) => `${metadata.namespace}/${metadata.name}`,
        );
        const bindings = ['RoleBinding', 'ClusterRoleBinding'].flatMap((kind) => ofKind(built, kind));
        const subjects = bindings.flatMap(({ subjects: all = [] }) => all.map((one) => `${one.namespace}/${one.name}`));
        expect(accounts).eql([`${variant.namespace}/${variant.prefix}ballast-controller`]);
        expect([...new Set(subjects)]).eql(accounts);
      });

      it('has every ClusterRole carry the right by which the policies hold', () => {
        for (const role of ofKind(built, 'ClusterRole')) {
          expect(rightsOf([role]), role.metadata.name).include('act-within policies.db.example.com/controllers');
        }
      });

      it('has a binding that denies for every policy, and no account in any', () => {
        const policies = ofKind(built, 'ValidatingAdmissionPolicy');
        const bindings = ofKind(built, 'ValidatingAdmissionPolicyBinding').map(specOf);
        expect(policies.length).greaterThan(6);
        for (const policy of policies) {
          const bound = bindings.filter(({ policyName }) => policyName === policy.metadata.name);
          expect(bound, policy.metadata.name).eql([{ policyName: policy.metadata.name, validationActions: ['Deny'] }]);
          expect(specOf(policy).failurePolicy).equal('Fail');
          expect(JSON.stringify(policy)).not.match(/system:serviceaccount:\w/);
        }
      });

      it('asks the same question in every policy about the controller', () => {
        const asked = ofKind(built, 'ValidatingAdmissionPolicy')
          .filter(({ metadata }) => metadata.name.includes('ballast-controller-'))
          .map((policy) => specOf(policy).matchConditions.map(({ expression }) => expression));
        // One is about an object of the cluster.
        const texts = new Set(
          asked.map((all) => all.join().replaceAll('.namespace(request.namespace)', '').replaceAll(/\s/g, '')),
        );
        expect([...texts]).eql([
          "authorizer.group('policies.db.example.com').resource('controllers').check('act-within').allowed()&&!authorizer.group('*').resource('*').check('*').allowed()",
        ]);
      });

      it('says --apply-allowed with direct only', () => {
        const [deployment] = ofKind(built, 'Deployment');
        expect(JSON.stringify(deployment).includes('--apply-allowed')).equal(variant.direct);
      });
    });
  }

  for (const overlay of ['self-signed', 'cert-manager']) {
    it(`leads the API server to the webhook of ${overlay} under another name, and gives rights to no other account`, async () => {
      const built = await buildOverlay(plane!, overlay, RENAMED);
      const text = JSON.stringify(built.filter(({ kind }) => kind.endsWith('WebhookConfiguration')));
      const services = [...text.matchAll(/"service":(\{[^}]*\})/g)].map(([, one = '{}']) => JSON.parse(one) as object);
      expect(services.length).equal(2);
      for (const service of services) expect(service).include({ name: 'acme-ballast-webhook', namespace: 'platform' });
      const bindings = ['RoleBinding', 'ClusterRoleBinding'].flatMap((kind) => ofKind(built, kind));
      for (const { subjects = [] } of bindings) {
        expect(subjects).eql([{ kind: 'ServiceAccount', name: 'acme-ballast-webhook', namespace: 'platform' }]);
      }
    });
  }

  it('leaves no namespace of a name of its own out of the webhook', async () => {
    const text = JSON.stringify(await buildOverlay(plane!, 'self-signed', RENAMED));
    expect([...text.matchAll(/"NotIn","values":(\[[^\]]*\])/g)].map(([, one]) => one)).eql([
      '["kube-system"]',
      '["kube-system"]',
    ]);
  });

  it('refuses to be moved where that would move a binding of another namespace too', async () => {
    const told = await buildOverlay(plane!, 'controller-namespaced', RENAMED).then(
      () => 'built',
      (error: unknown) => String(error),
    );
    expect(told).include('ID conflict');
  });

  describe('under restricted pod security', () => {
    const namespace = 'restricted-pods';
    let api: Api;

    const make = async (pod: object): Promise<string> => {
      const { code, message } = await api.send('POST', `${at('pods', '', namespace)}?dryRun=All`, pod);
      return `${code} ${message}`;
    };

    before(async function () {
      if (!plane) return this.skip();
      api = new Api(plane.admin);
      const [own] = ofKind(await buildOverlay(plane, 'self-signed'), 'Namespace');
      await makeNamespace(api, namespace, own?.metadata.labels);
      for (const name of ['ballast-webhook', 'ballast-controller', 'default']) {
        await api.send('POST', at('serviceaccounts', '', namespace), { metadata: { name } });
      }
    });

    after(() => {
      if (plane) api.close();
    });

    for (const overlay of OVERLAYS) {
      it(`takes every pod of ${overlay}`, async () => {
        const pods = podsOf(await buildOverlay(plane!, overlay));
        expect(pods.length).equal(1);
        for (const pod of pods) expect(await make(pod)).match(/^201 /);
      });
    }

    it('takes no pod that asks for more', async () => {
      const [pod] = podsOf(await buildOverlay(plane!, 'self-signed'));
      const wide = structuredClone(pod) as { spec: { hostNetwork?: boolean } };
      wide.spec.hostNetwork = true;
      expect(await make(wide)).match(/^403 .*violates PodSecurity "restricted:latest"/);
    });
  });

  it('mounts a token into no pod that needs none', async () => {
    const mounts = async (overlay: string): Promise<unknown[]> => {
      const built = await buildOverlay(plane!, overlay);
      for (const account of ofKind(built, 'ServiceAccount')) {
        expect(account['automountServiceAccountToken'], account.metadata.name).equal(false);
      }
      return podsOf(built).map(
        (pod) => (pod as { spec: { automountServiceAccountToken?: boolean } }).spec.automountServiceAccountToken,
      );
    };
    expect(await mounts('cert-manager')).eql([undefined]);
    expect(await mounts('self-signed')).eql([true]);
    expect(await mounts('controller')).eql([true]);
  });
});
