import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { VERSION } from '../../cli/version.ts';
import { installation } from '../../installation/installation.ts';
import type { InstallationOptions } from '../../installation/options.ts';
import { DEFAULT_OPTIONS, CONTROLLER_SIZE, WEBHOOK_SIZE } from '../../installation/options.ts';
import { ROOT } from '../cli/run.ts';
import { orSkip } from '../or-skip.ts';
import { find } from '../../lab/programs/kubernetes-programs.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface BuiltObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Rule[];
}

const SELF_SIGNED = { ...WEBHOOK_SIZE, certificate: 'self-signed' } as const;
const CERT_MANAGER = { ...WEBHOOK_SIZE, certificate: 'cert-manager' } as const;
const DIRECT = { ...CONTROLLER_SIZE, mode: 'direct', namespaces: [] } as const;

/** What overlays together are, as options say it. */
const WAYS: readonly { readonly overlays: readonly string[]; readonly options: Partial<InstallationOptions> }[] = [
  { overlays: ['self-signed'], options: { webhook: SELF_SIGNED } },
  { overlays: ['cert-manager'], options: { webhook: CERT_MANAGER } },
  { overlays: ['self-signed', 'controller'], options: { webhook: SELF_SIGNED, controller: DIRECT } },
  {
    overlays: ['self-signed', 'controller-gitops'],
    options: { webhook: SELF_SIGNED, controller: { ...DIRECT, mode: 'gitops' } },
  },
  {
    overlays: ['cert-manager', 'controller-namespaced'],
    options: { webhook: CERT_MANAGER, controller: { ...DIRECT, namespaces: ['databases'] } },
  },
];

/** Rights, each by itself: kustomize adds rules where options give wider ones. */
function rightsIn(rules: readonly Rule[]): string[] {
  const all = rules.flatMap(({ apiGroups, resources, verbs, resourceNames = [''] }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) => resourceNames.map((name) => `${verb} ${group}/${resource} ${name}`)),
      ),
    ),
  );
  return [...new Set(all)].sort();
}

/** The objects by kind, namespace and name; kustomize puts kinds into the namespace that it does not know to stand in none. */
function comparable(objects: readonly BuiltObject[]): Record<string, unknown> {
  const entries = objects
    .filter(({ kind }) => kind !== 'CustomResourceDefinition')
    .map((object): [string, unknown] => {
      const { kind, metadata, rules } = object;
      const { namespace, ...rest } = metadata;
      const where = { namespace: kind.startsWith('ValidatingAdmissionPolicy') ? undefined : namespace };
      const written = { ...object, metadata: { ...rest, ...where }, ...(rules && { rules: rightsIn(rules) }) };
      return [[kind, where.namespace, metadata.name].join(' '), JSON.parse(JSON.stringify(written))];
    });
  expect(new Set(entries.map(([key]) => key)).size).equal(entries.length);
  return Object.fromEntries(entries);
}

describe('The overlays of kustomize', function () {
  this.timeout(30_000);
  let kubectl: string;

  before(async function () {
    kubectl = await orSkip(this, () => find('kubectl'));
  });

  const build = (overlay: string): BuiltObject[] =>
    loadAll(
      execFileSync(kubectl, ['kustomize', join(ROOT, 'kustomize/overlays', overlay)], { encoding: 'utf8' }),
    ) as BuiltObject[];

  for (const { overlays, options } of WAYS) {
    it(`${overlays.join(' and ')} are what the options say`, () => {
      const expected = installation({ ...DEFAULT_OPTIONS, image: `ballast:${VERSION}`, ...options });
      expect(comparable(overlays.flatMap(build))).eql(comparable(expected as unknown as BuiltObject[]));
    });
  }
});
