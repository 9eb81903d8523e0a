import { CONFIRM_DELETE, PROTECTED_LABEL } from '../../database/vocabulary.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { NAMES } from '../names.ts';
import { cel, text } from './cel.ts';
import type { AdmissionPolicy } from './policy.ts';
import { THE_CONTROLLER_OF_CLUSTER } from './policy.ts';

const PROTECTED = text(PROTECTED_LABEL);

/** Limits the controller's writes to namespaces. */
export const namespaces: AdmissionPolicy = {
  name: `${NAMES.controller}-namespaces`,
  about:
    'RBAC cannot say which field of a namespace may be changed: this says that the controller may change one label.',
  matches: [{ operations: ['UPDATE'], resources: [RESOURCES.Namespace], version: 'v1' }],
  who: THE_CONTROLLER_OF_CLUSTER,
  variables: {
    was: 'has(oldObject.metadata.labels) ? oldObject.metadata.labels : {}',
    is: 'has(object.metadata.labels) ? object.metadata.labels : {}',
  },
  validations: [
    {
      expression: cel`
        variables.is.all(name, name == ${PROTECTED} ||
        (name in variables.was && variables.was[name] == variables.is[name])) &&
        variables.was.all(name, name == ${PROTECTED} || name in variables.is)
      `,
      message: `the controller may change the label ${PROTECTED_LABEL} only`,
    },
    {
      expression: cel`
        has(object.metadata.annotations) == has(oldObject.metadata.annotations) &&
        (!has(object.metadata.annotations) || object.metadata.annotations == oldObject.metadata.annotations) &&
        has(object.metadata.finalizers) == has(oldObject.metadata.finalizers) &&
        has(object.metadata.ownerReferences) == has(oldObject.metadata.ownerReferences) &&
        object.spec == oldObject.spec
      `,
      message: 'the controller may change nothing but a label',
    },
  ],
};

/** Protects the namespaces of Databases from deletion. */
export const protectedNamespaces: AdmissionPolicy = {
  name: 'ballast-protected-namespaces',
  about:
    'A namespace that holds a Database with deletionPolicy Protect is not deleted, and one that may hold data of Databases only ' +
    'when a person has confirmed it: the controller labels it. Without the controller the label stays as it is; who may label the ' +
    'namespace can take it away.',
  matches: [{ operations: ['DELETE'], resources: [RESOURCES.Namespace], version: 'v1' }],
  validations: [
    {
      expression: cel`
        !has(oldObject.metadata.labels) ||
        !(${PROTECTED} in oldObject.metadata.labels) ||
        oldObject.metadata.labels[${PROTECTED}] != 'true'
      `,
      reason: 'Forbidden',
      messageExpression: cel`
        'the namespace ' + oldObject.metadata.name + ' holds a Database with deletionPolicy Protect: ' +
        'change the policy of each, or delete the namespace in which nothing is protected'
      `,
    },
    {
      expression: cel`
        oldObject.metadata.?labels[?${PROTECTED}].orValue('') != 'data' ||
        oldObject.metadata.?annotations[?${text(CONFIRM_DELETE)}].orValue('') == oldObject.metadata.name
      `,
      reason: 'Forbidden',
      messageExpression: cel`
        'the volumes and credentials of Databases in the namespace ' + oldObject.metadata.name + ' would be destroyed: ' +
        'to do so for good, confirm it first: kubectl annotate namespace ' + oldObject.metadata.name +
        ${text(` ${CONFIRM_DELETE}=`)} + oldObject.metadata.name
      `,
    },
  ],
};
