import { DATABASE_LABEL, ROLE_LABEL } from '../../database/vocabulary.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { NAMES } from '../names.ts';
import { ORDINALS, cel, isSame, text } from './cel.ts';
import type { AdmissionPolicy } from './policy.ts';
import { THE_CONTROLLER } from './policy.ts';

const ROLE = text(ROLE_LABEL);

/** Limits the controller's writes to pods. */
export const pods: AdmissionPolicy = {
  name: `${NAMES.controller}-pods`,
  about:
    'Of pods the controller deletes and evicts members of a Database, and takes the label of the primary from one.',
  matches: [
    { operations: ['UPDATE', 'DELETE'], resources: [RESOURCES.Pod] },
    { operations: ['CREATE'], resources: [RESOURCES.Pod], subresource: 'eviction' },
  ],
  who: THE_CONTROLLER,
  variables: {
    // An eviction has no old object.
    database: `oldObject.?metadata.?labels[?${text(DATABASE_LABEL)}].orValue('')`,
    ordinals: ORDINALS,
  },
  validations: [
    {
      expression: cel`
        request.?subResource.orValue('') == 'eviction'
        ? variables.ordinals.exists(one, request.name.endsWith('-' + one))
        : variables.database != '' && variables.ordinals.exists(one, request.name == variables.database + '-' + one)
      `,
      message: 'the controller may touch members of a Database only',
    },
    {
      expression: cel`
        request.operation != 'UPDATE' || (object.spec == oldObject.spec &&
        ${isSame('annotations')} &&
        object.metadata.labels.all(name, name == ${ROLE} ||
        object.metadata.labels[name] == oldObject.metadata.labels[?name].orValue('')) &&
        oldObject.metadata.labels.all(name, name == ${ROLE} || name in object.metadata.labels) &&
        ${isSame('finalizers')} &&
        ${isSame('ownerReferences')})
      `,
      message: `the controller may change nothing of a pod but the label ${ROLE_LABEL}`,
    },
  ],
};
