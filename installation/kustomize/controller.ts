import type { Json } from '../../database/json.ts';
import { bindings, roles } from '../admission/roles.ts';
import { namespaces, protectedNamespaces } from '../admission/namespaces.ts';
import { objects } from '../admission/objects.ts';
import { CONTROLLER_POLICIES } from '../admission/policies.ts';
import { admission } from '../admission/policy.ts';
import { workloads } from '../admission/workloads.ts';
import {
  APPLY_ALLOWED,
  controller as program,
  election,
  lookAfter,
  rights,
  rightsEverywhere,
  rightsIn,
  rightsToCluster,
} from '../controller.ts';
import { COMMON_LABELS } from '../labels.ts';
import { NAMES } from '../names.ts';
import { controllerNetwork } from '../network.ts';
import type { ControllerOptions } from '../options.ts';
import { DEFAULT_OPTIONS, CONTROLLER_SIZE } from '../options.ts';
import type { Part } from '../part.ts';
import { rulesFor } from '../rbac.ts';
import { DIRECT_RIGHTS } from '../rights.ts';
import type { Folder, Patch } from './folder.ts';

const { namespace } = DEFAULT_OPTIONS;
/** The options before an overlay names the namespaces. */
const OPTIONS: ControllerOptions = { ...CONTROLLER_SIZE, mode: 'gitops', namespaces: [] };
/** The namespace in the overlay for one namespace. */
const EXAMPLE_NAMESPACE = 'databases';

const ABOUT_RIGHTS =
  'What the controller may do in a namespace that it looks after. To read, change or delete the Secrets of a Database it has ' +
  'the right from a Role of that Database’s own, which is rendered with it and names each of them. act-within gives no right: ' +
  'whoever holds it is held to the policies named ballast-controller-*, under whatever name and in whatever namespace.';

/** One file per policy about every controller, with the subject of the policy as its name. */
const POLICY_FILES = Object.fromEntries(
  CONTROLLER_POLICIES.map((policy): [string, Part[]] => [
    `policies/${policy.name.slice(NAMES.controller.length + 1)}.yaml`,
    [admission(policy)],
  ]),
);

/** The base of every overlay of the controller. */
export function controller(tag: string): Folder {
  return {
    path: 'controller',
    about: 'The controller without rights to any namespace: an overlay says which it looks after.',
    ...{ namespace, labels: COMMON_LABELS },
    files: {
      'deployment.yaml': [{ manifests: program(DEFAULT_OPTIONS, OPTIONS) }],
      'lease.yaml': [
        { about: 'The one Lease by which the replicas elect the one that acts.', manifests: election(DEFAULT_OPTIONS) },
      ],
      'databases.yaml': [{ about: ABOUT_RIGHTS, manifests: [rights(OPTIONS)] }],
      'network.yaml': [controllerNetwork(DEFAULT_OPTIONS)],
      ...POLICY_FILES,
    },
    image: { name: DEFAULT_OPTIONS.image, tag },
  };
}

function withArgument(value: string): Patch {
  const path = '/spec/template/spec/containers/0/args/-';
  return { kind: 'Deployment', name: NAMES.controller, add: [{ path, value }] };
}

const DIRECT_COMPONENT: Folder = {
  path: 'components/direct',
  isComponent: true,
  about:
    'Lets the controller apply what render gives, for Databases that ask for it and for all with --apply. It then makes Roles ' +
    'too, with rights that it does not have itself: roles.yaml holds which. objects.yaml and workloads.yaml hold the rest.',
  files: {
    'objects.yaml': [admission(objects)],
    'roles.yaml': [admission(roles), admission(bindings)],
    'workloads.yaml': [admission(workloads)],
  },
  patches: [
    withArgument(APPLY_ALLOWED),
    {
      ...{ kind: 'ClusterRole', name: NAMES.controller },
      add: rulesFor(DIRECT_RIGHTS).map((value: Json) => ({ path: '/rules/-', value })),
    },
  ],
};

const GITOPS_OVERLAY: Folder = {
  path: 'overlays/controller-gitops',
  about:
    'The controller for all namespaces, where Argo CD or another tool applies what was rendered: it can apply nothing itself, and ' +
    'a Database that asks for it is told so.\n\n' +
    'Under another name or in another namespace: `namePrefix` and `namespace` in a kustomization that has this one as its resource, ' +
    'and both in ballast.yaml (controller: {namespace, serviceAccount}). The policies hold under every name.',
  ...{ namespace, over: ['../../controller'] },
  files: {
    'cluster.yaml': [
      { manifests: [rightsEverywhere(DEFAULT_OPTIONS)] },
      {
        about: 'Kinds that stand in no namespace: only an installation for all of them may see them.',
        manifests: rightsToCluster(DEFAULT_OPTIONS),
      },
    ],
    'label-only.yaml': [admission(namespaces)],
    'protection.yaml': [admission(protectedNamespaces)],
  },
};

const CLUSTER_OVERLAY: Folder = {
  path: 'overlays/controller',
  about: 'The controller for all namespaces, which applies what is rendered of the Databases that ask for it.',
  ...{ namespace, over: ['../controller-gitops'], files: {}, components: ['../../components/direct'] },
};

const NAMESPACED_OVERLAY: Folder = {
  path: 'overlays/controller-namespaced',
  about:
    `The controller for the namespace \`${EXAMPLE_NAMESPACE}\` only. It does not see storage classes, and cannot protect the namespace ` +
    'from being deleted.\n\n' +
    'For others, or for several: a kustomization like this one, with the namespace in binding.yaml, and an argument for each. ' +
    'Without the component the controller can apply nothing that is rendered: where Argo CD does, it need not.\n\n' +
    'Under another name or in another namespace: the same, whose resource is one over ../../controller with `namePrefix` and ' +
    '`namespace`, and whose binding.yaml names the account as it then is. Over this one they would move binding.yaml too, and ' +
    'kustomize refuses.',
  over: ['../../controller'],
  files: { 'binding.yaml': [{ manifests: [rightsIn(EXAMPLE_NAMESPACE, DEFAULT_OPTIONS)] }] },
  components: ['../../components/direct'],
  patches: [withArgument(lookAfter(EXAMPLE_NAMESPACE))],
};

/** The three ways to install the controller, and the component that two of them share. */
export const CONTROLLER_OVERLAYS: readonly Folder[] = [DIRECT_COMPONENT, GITOPS_OVERLAY, CLUSTER_OVERLAY, NAMESPACED_OVERLAY];
