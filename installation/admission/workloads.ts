import { names } from '../../generator/names.ts';
import { DEFAULT_ACCOUNT } from '../../policies/rules/member-account.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { NAMES } from '../names.ts';
import { cel, databaseOf, text } from './cel.ts';
import type { AdmissionPolicy, Validation } from './policy.ts';
import { THE_CONTROLLER } from './policy.ts';

const MEMBER_ACCOUNT = `${text(names.memberAccount(''))} + variables.database`;
const POD_ACCOUNT = "variables.pod.?serviceAccountName.orValue('')";

/** Variables about the pods that an object asks for, by its variable `template`. */
export const POD_VARIABLES = {
  pod: 'variables.template.spec',
  containers: 'variables.pod.containers + variables.pod.?initContainers.orValue([])',
} as const;

/** Whether the pods are those of the Database: no selector ties the pods of a Job to it. */
export const POD_OF_DATABASE: Validation = {
  expression: `${databaseOf('variables.template')} == variables.database`,
  message: 'the controller may ask for pods of the Database only',
};

/** Limits of the pods that the controller may ask for. */
export const POD_VALIDATIONS: readonly Validation[] = [
  {
    expression: cel`
      ${POD_ACCOUNT} in [variables.database, ${MEMBER_ACCOUNT}]
      ? variables.pod.serviceAccountName != ${text(DEFAULT_ACCOUNT)}
      : ${POD_ACCOUNT} == '' && variables.pod.?automountServiceAccountToken.orValue(true) == false
    `,
    message: "the controller may ask for pods under their Database's account, or under none, only",
  },
  {
    expression: cel`
      !variables.pod.?hostNetwork.orValue(false) && !variables.pod.?hostPID.orValue(false) &&
      !variables.pod.?hostIPC.orValue(false) && variables.pod.?securityContext.?runAsNonRoot.orValue(false) &&
      variables.pod.?volumes.orValue([]).all(one, has(one.configMap) || has(one.secret) || has(one.emptyDir) ||
      has(one.persistentVolumeClaim) || has(one.ephemeral) || has(one.projected)) &&
      (${POD_ACCOUNT} == ${MEMBER_ACCOUNT} ||
      variables.pod.?volumes.orValue([]).all(one,
      one.?projected.?sources.orValue([]).all(source, !has(source.serviceAccountToken))))
    `,
    message: 'the controller may ask for no pods that have anything of their node',
  },
  {
    expression: cel`
      variables.containers.all(one, one.?securityContext.?allowPrivilegeEscalation.orValue(true) == false &&
      !one.?securityContext.?privileged.orValue(false) &&
      one.?securityContext.?runAsNonRoot.orValue(true) && one.?securityContext.?runAsUser.orValue(1) != 0 &&
      one.?securityContext.?capabilities.?add.orValue([]).size() == 0 &&
      one.?ports.orValue([]).all(port, port.?hostPort.orValue(0) == 0))
    `,
    message: 'the controller may ask for no containers with a privilege',
  },
];

/** Limits the pods that the controller's workloads may contain. */
export const workloads: AdmissionPolicy = {
  name: `${NAMES.controller}-workloads`,
  about:
    'Whoever makes pods can take the rights of any account of the namespace, and those of its node: the pods of a Database run as ' +
    'its members, or as nobody, and have nothing of their node.',
  matches: [
    {
      operations: ['CREATE', 'UPDATE'],
      resources: [RESOURCES.StatefulSet, RESOURCES.Deployment],
    },
  ],
  who: THE_CONTROLLER,
  variables: {
    database: databaseOf('object'),
    template: 'object.spec.template',
    ...POD_VARIABLES,
  },
  validations: POD_VALIDATIONS,
};
