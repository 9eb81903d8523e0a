import { expect } from 'chai';
import { Api } from '../../cluster/api.ts';
import { installKinds, makeNamespace } from '../../cluster/ballast.ts';
import type { ControlPlane } from '../../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from '../../cluster/control-plane-or-skip.ts';
import { until } from '../../cluster/controller.ts';
import type { Attempt } from './installation/attempts.ts';
import { ask, at, labelled } from './installation/attempts.ts';
import { escalations } from './installation/escalations.ts';
import { makeFixtures, rightsFor } from './installation/fixtures.ts';
import { ALWAYS, CLUSTER, direct } from './installation/honest.ts';
import { NEVER, NOT_APPLIED } from './installation/refused.ts';
import type { Built, Variant } from './installation/variants.ts';
import { LOOKED_AFTER, buildVariant, titleOf, variants } from './installation/variants.ts';
import { WORKLOADS } from './installation/workloads.ts';
import { isComplete } from '../../complete.ts';

/** The wording of refusals: of Ballast's policies, and of RBAC itself for ClusterRoles in bindings. */
const HELD =
  /ValidatingAdmissionPolicy '[\w-]*ballast-controller-\w+' with binding .* the controller may|not currently held/s;
/** The same, or RBAC because there is no such right at all. */
const REFUSED = new RegExp(`${HELD.source}|is forbidden: User "[^"]+" cannot `, 's');

const accountOf = ({ namespace, prefix }: Variant): { namespace: string; name: string } => ({
  ...{ namespace, name: `${prefix}ballast-controller` },
});

describe('The installation of the controller, in hostile hands', function () {
  this.timeout(900_000);
  let plane: ControlPlane | undefined;
  let admin: Api;
  let tries = 0;

  async function all(api: Api, attempts: readonly Attempt[], isRight: (said: string, code: number) => boolean) {
    const wrong: string[] = [];
    for (const attempt of attempts) {
      const { code, said } = await ask(api, attempt);
      tries += 1;
      if (!isRight(said, code)) wrong.push(`${attempt.title}: ${said}`);
    }
    return wrong;
  }

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    admin = new Api(plane.admin);
    await installKinds(plane);
    for (const name of [LOOKED_AFTER, 'platform', 'ballast-system']) {
      if ((await admin.send('GET', at('namespaces', name, ''))).code === 404) await makeNamespace(admin, name);
    }
    await makeFixtures(plane);
  });

  after(() => {
    process.stdout.write(`      ${tries} tries\n`);
    if (plane) admin.close();
  });

  const list = (items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

  for (const variant of variants(isComplete)) {
    describe(titleOf(variant), () => {
      let built: readonly Built[];
      let controller: Api;
      const account = accountOf(variant);

      before(async function () {
        if (!plane) return this.skip();
        built = [...(await buildVariant(plane, variant)), ...(rightsFor(account) as unknown as Built[])];
        await plane.admin.succeed(['apply', '--server-side', '--force-conflicts', '-f', '-'], list(built));
        controller = new Api(await plane.admin.as(account.namespace, account.name));
        // A policy comes into force a second or two after it was made, each by itself.
        await until(
          () => all(controller, NEVER, (said) => REFUSED.test(said)),
          (wrong) => wrong.length === 0,
        );
      });

      after(async () => {
        if (!plane) return;
        controller.close();
        await plane.admin.succeed(['delete', '--ignore-not-found', '-f', '-'], list(built));
      });

      it('lets the controller do its work', async () => {
        const honest = [
          ...ALWAYS,
          ...(variant.reach === 'cluster' ? CLUSTER : []),
          ...(variant.direct ? direct(account) : []),
        ];
        expect(await all(controller, honest, (_, code) => code < 300)).eql([]);
      });

      it('lets it do nothing else', async () => {
        const never = [...NEVER, ...(variant.direct ? [] : NOT_APPLIED)];
        expect(await all(controller, never, (said) => REFUSED.test(said))).eql([]);
      });

      it('lets it come to no more rights by way of Roles', async () => {
        const tricks = escalations(account);
        // Where it may make Roles at all, nothing but the policies stands in its way.
        const inReach = tricks.filter(({ path }) => variant.reach === 'cluster' || path.includes(LOOKED_AFTER));
        const says = variant.direct ? HELD : REFUSED;
        expect(await all(controller, inReach, (said) => says.test(said))).eql([]);
        expect(await all(controller, tricks, (said) => REFUSED.test(said))).eql([]);
      });

      it('lets it come to none by way of pods, and lead no traffic elsewhere', async () => {
        const says = variant.direct ? HELD : REFUSED;
        expect(await all(controller, WORKLOADS, (said) => says.test(said))).eql([]);
      });

      it('gives the usual account nothing where it is another', async () => {
        if (account.namespace === 'ballast-system' && account.name === 'ballast-controller') return;
        const usual = 'system:serviceaccount:ballast-system:ballast-controller';
        const may = await plane!.admin.run(['auth', 'can-i', '--list', '--namespace', LOOKED_AFTER, `--as=${usual}`]);
        expect(may.stdout).not.match(/databases|secrets|roles/);
      });

      it('hinders no other user', async () => {
        const wide = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
        const role = { metadata: { name: 'any', labels: labelled('orders') }, rules: wide };
        const honest: Attempt[] = [
          { title: 'makes a Role', method: 'POST', path: at('roles'), body: role },
          { title: 'deletes a Role', method: 'DELETE', path: at('roles', 'orders-members') },
          { title: 'makes a Secret', method: 'POST', path: at('secrets'), body: { metadata: { name: 'any' } } },
          { title: 'changes settings', method: 'PATCH', path: at('configmaps', 'app'), body: { data: { a: 'b' } } },
          { title: 'deletes a pod', method: 'DELETE', path: at('pods', 'web-0') },
          {
            title: 'scales',
            method: 'PATCH',
            path: `${at('statefulsets', 'web')}/scale`,
            body: { spec: { replicas: 2 } },
          },
          {
            title: 'changes a Database',
            method: 'PATCH',
            path: at('databases', 'orders'),
            body: { spec: { replicas: 3 } },
          },
          { title: 'deletes a claim', method: 'DELETE', path: at('persistentvolumeclaims', 'photos') },
        ];
        for (const who of await somebodyElse(plane!)) {
          expect(await all(who, honest, (_, code) => code < 300)).eql([]);
          who.close();
        }
      });
    });
  }
});

/** Users with wide rights in the namespace: an admin, one with all rights there, and one with an explicit list. */
async function somebodyElse(plane: ControlPlane): Promise<Api[]> {
  const namespace = LOOKED_AFTER;
  const rules = {
    everything: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
    // Wildcards on the group of Databases, and the rest as the shipped role `admin` has it, with escalate.
    team: [
      { apiGroups: ['db.example.com'], resources: ['*'], verbs: ['*'] },
      {
        apiGroups: ['', 'apps', 'rbac.authorization.k8s.io'],
        resources: ['*'],
        verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch', 'escalate', 'bind'],
      },
    ],
  };
  const objects = Object.entries(rules).flatMap(([name, all]) => [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name, namespace }, rules: all },
    {
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name, namespace } },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ]);
  const { code, stderr } = await plane.admin.apply(objects, ['--server-side']);
  if (code !== 0) throw new Error(stderr);
  const accounts = await Promise.all(Object.keys(rules).map((name) => plane.admin.as(namespace, name)));
  return [plane.admin, ...accounts].map((who) => new Api(who));
}
