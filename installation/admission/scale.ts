import { DATABASE_LABEL } from '../../database/vocabulary.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { NAMES } from '../names.ts';
import { cel, text } from './cel.ts';
import type { AdmissionPolicy } from './policy.ts';
import { THE_CONTROLLER } from './policy.ts';

/** Limits the StatefulSets that the controller may scale. */
export const scale: AdmissionPolicy = {
  name: `${NAMES.controller}-scale`,
  about: 'The controller scales StatefulSets of Databases only: a Scale shows no labels, but what it selects.',
  matches: [{ operations: ['UPDATE'], resources: [RESOURCES.StatefulSet], subresource: 'scale' }],
  who: THE_CONTROLLER,
  validations: [
    {
      expression: cel`
        oldObject.?status.?selector.orValue('').split(',')
        .exists(one, one == ${text(`${DATABASE_LABEL}=`)} + request.name)
      `,
      message: 'the controller may scale the StatefulSet of a Database only',
    },
  ],
};
