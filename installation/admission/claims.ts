import { OWN_PREFIX } from '../../database/vocabulary.ts';
import { CLAIM_TEMPLATE, names } from '../../generator/names.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { NAMES } from '../names.ts';
import { KEEPS_DATABASE, CHANGED_ANNOTATIONS, ORDINALS, cel, databaseOf, isSame, text } from './cel.ts';
import type { AdmissionPolicy } from './policy.ts';
import { APPLIES_MANIFESTS, THE_CONTROLLER } from './policy.ts';

const GROWS = cel`
  request.operation == 'UPDATE' &&
  object.spec.?volumeAttributesClassName == oldObject.spec.?volumeAttributesClassName &&
  quantity(string(object.spec.resources.requests['storage']))
  .isGreaterThan(quantity(string(oldObject.spec.resources.requests['storage'])))
`;

/** Limits the controller's writes to the claims of Databases. */
export const claims: AdmissionPolicy = {
  name: `${NAMES.controller}-claims`,
  about:
    'On claims the controller notes whose data they hold, and lets them grow; where it applies what is rendered, it makes them. ' +
    'Neither an owner nor a finalizer of theirs is ever changed: data goes with nothing else.',
  matches: [{ operations: ['CREATE', 'UPDATE', 'DELETE'], resources: [RESOURCES.PersistentVolumeClaim] }],
  who: THE_CONTROLLER,
  variables: {
    one: "request.operation == 'DELETE' ? oldObject : object",
    database: databaseOf('variables.one'),
    applies: APPLIES_MANIFESTS,
    changed: CHANGED_ANNOTATIONS,
    // The API server itself lets nothing else of the spec change, but for the class of its attributes.
    grows: GROWS,
    claims: cel`
      ${ORDINALS}.map(one, ${text(`${CLAIM_TEMPLATE}-`)} + variables.database + '-' + one) +
      [variables.database + ${text(names.backup(''))}]
    `,
  },
  validations: [
    {
      expression: cel`
        variables.database != '' && request.name in variables.claims &&
        ${KEEPS_DATABASE}
      `,
      message: 'the controller may touch the claims of a Database only',
    },
    {
      expression: "request.operation != 'CREATE' || !has(object.metadata.ownerReferences)",
      message: 'the controller may make no claim with an owner',
    },
    {
      expression: cel`
        request.operation != 'UPDATE' || (
        ${isSame('finalizers')} &&
        ${isSame('ownerReferences')})
      `,
      message: 'the controller may change neither owners nor finalizers of a claim',
    },
    {
      expression: cel`
        request.operation != 'UPDATE' || variables.applies || (${isSame('labels')} &&
        (object.spec == oldObject.spec || variables.grows) &&
        variables.changed.all(name, name.startsWith(${text(OWN_PREFIX)})))
      `,
      message: 'the controller may only note on a claim whose data it holds, and ask for more space',
    },
  ],
};
