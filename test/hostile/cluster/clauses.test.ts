import { expect } from 'chai';
import { Api } from '../../cluster/api.ts';
import { installKinds, makeNamespace } from '../../cluster/ballast.ts';
import type { ControlPlane } from '../../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from '../../cluster/control-plane-or-skip.ts';
import { until } from '../../cluster/controller.ts';
import type { Attempt } from './installation/attempts.ts';
import { ask, at } from './installation/attempts.ts';
import { escalations } from './installation/escalations.ts';
import { makeFixtures, rightsFor } from './installation/fixtures.ts';
import { NEVER, NOT_APPLIED } from './installation/refused.ts';
import { ofKind } from './installation/shape.ts';
import type { Built, Variant } from './installation/variants.ts';
import { LOOKED_AFTER, buildVariant } from './installation/variants.ts';
import { WORKLOADS } from './installation/workloads.ts';
import { isComplete } from '../../complete.ts';

const DIRECT: Variant = { reach: 'cluster', direct: true, namespace: 'clauses', prefix: '' };
const ACCOUNT = { namespace: 'clauses', name: 'ballast-controller' };
const POLICIES = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
/** One in so many clauses, when not all. */
const SAMPLE = 10;
/** A change of a policy comes into force within a second or two. */
const FORCE_MS = 8000;

interface Clause {
  readonly policy: string;
  readonly index: number;
  readonly validation: { readonly expression: string; readonly message: string };
}

function clausesOf(built: readonly Built[]): Clause[] {
  return ofKind(built, 'ValidatingAdmissionPolicy')
    .filter(({ metadata }) => metadata.name.startsWith('ballast-controller-'))
    .flatMap(({ metadata, spec }) =>
      (spec?.['validations'] as Clause['validation'][]).map((validation, index) => ({
        ...{ policy: metadata.name, index, validation },
      })),
    );
}

const list = (items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
const textOf = ({ policy, validation }: Clause): string => `${policy}: ${validation.message}`;

describe('Each clause of the policies', function () {
  this.timeout(900_000);
  let plane: ControlPlane | undefined;
  let admin: Api;

  async function setClause({ policy, index }: Clause, expression: string): Promise<void> {
    const step = { op: 'replace', path: `/spec/validations/${index}/expression`, value: expression };
    const path = `${POLICIES}/${policy}`;
    expect((await admin.send('PATCH', path, [step], 'application/json-patch+json')).code).equal(200);
  }

  /** Leaves clauses out, one at a time; gives those without which nothing more is let through. */
  async function idleAmong(clauses: readonly Clause[], attempts: readonly Attempt[]): Promise<string[]> {
    const controller = new Api(await plane!.admin.as(ACCOUNT.namespace, ACCOUNT.name));
    const letThrough = async (): Promise<string[]> => {
      const through: string[] = [];
      for (const attempt of attempts) if ((await ask(controller, attempt)).code < 300) through.push(attempt.title);
      return through;
    };
    await until(letThrough, (through) => through.length === 0);
    const idle: string[] = [];
    for (const clause of clauses) {
      await setClause(clause, 'true');
      const found = await until(letThrough, (through) => through.length > 0, FORCE_MS).catch(() => []);
      if (found.length === 0) idle.push(textOf(clause));
      await setClause(clause, clause.validation.expression);
      await until(letThrough, (through) => through.length === 0);
    }
    controller.close();
    return idle;
  }

  async function install(variant: Variant): Promise<readonly Built[]> {
    const built = [...(await buildVariant(plane!, variant)), ...(rightsFor(ACCOUNT) as unknown as Built[])];
    await plane!.admin.succeed(['apply', '--server-side', '--force-conflicts', '-f', '-'], list(built));
    return built;
  }

  const uninstall = (built: readonly Built[]): Promise<string> =>
    plane!.admin.succeed(['delete', '--ignore-not-found', '-f', '-'], list(built));

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    admin = new Api(plane.admin);
    await installKinds(plane);
    for (const name of [LOOKED_AFTER, ACCOUNT.namespace]) {
      if ((await admin.send('GET', at('namespaces', name, ''))).code === 404) await makeNamespace(admin, name);
    }
    await makeFixtures(plane);
  });

  after(() => {
    if (plane) admin.close();
  });

  it('refuses something that no other refuses', async () => {
    const direct = await install(DIRECT);
    const all = clausesOf(direct);
    const chosen = isComplete ? all : all.filter((_, index) => index % SAMPLE === 0);
    const idle = await idleAmong(chosen, [...NEVER, ...WORKLOADS, ...escalations(ACCOUNT)]);
    await uninstall(direct);
    // Some clauses matter only where no manifests are applied.
    const gitops = await install({ ...DIRECT, direct: false });
    const others = clausesOf(gitops).filter((clause) => idle.includes(textOf(clause)));
    const idleInBoth = await idleAmong(others, [...NEVER, ...NOT_APPLIED]);
    await uninstall(gitops);
    process.stdout.write(`      ${chosen.length} of ${all.length} clauses left out, one at a time\n`);
    expect(idle.filter((one) => idleInBoth.includes(one) || !others.some((clause) => textOf(clause) === one))).eql([]);
  });
});
