import { FINALIZER, OWN_PREFIX } from '../../database/vocabulary.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { NAMES } from '../names.ts';
import { CHANGED_ANNOTATIONS, cel, isSame, list, text } from './cel.ts';
import type { AdmissionPolicy } from './policy.ts';
import { THE_CONTROLLER } from './policy.ts';

/** Limits the controller's writes to Databases themselves. */
export const databases: AdmissionPolicy = {
  name: `${NAMES.controller}-databases`,
  about: 'Nothing but the user writes a Database’s spec: the controller changes its own finalizer, and the status.',
  matches: [{ operations: ['UPDATE'], resources: [RESOURCES.Database] }],
  who: THE_CONTROLLER,
  variables: { kept: list([FINALIZER]), changed: CHANGED_ANNOTATIONS },
  validations: [
    { expression: 'object.spec == oldObject.spec', message: 'the controller may not change the spec of a Database' },
    {
      expression: cel`
        variables.changed.all(name, !name.startsWith(${text(OWN_PREFIX)})) &&
        ${isSame('ownerReferences')} &&
        object.metadata.?finalizers.orValue([]).filter(one, !(one in variables.kept)) ==
        oldObject.metadata.?finalizers.orValue([]).filter(one, !(one in variables.kept))
      `,
      message: 'the controller may change no finalizer of a Database but its own, and no request',
    },
  ],
};
