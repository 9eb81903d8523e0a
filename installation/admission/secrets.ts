import { MANAGED_BY_LABEL } from '../../generator/metadata.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { NAMES } from '../names.ts';
import { SECRETS, cel, databaseOf, isSame, list, text } from './cel.ts';
import type { AdmissionPolicy } from './policy.ts';
import { THE_CONTROLLER } from './policy.ts';

/** Types of Secrets that hold a password, a certificate or a key (controller/credentials/secret.ts). */
const TYPES = list(['Opaque', 'kubernetes.io/basic-auth', 'kubernetes.io/tls']);

/** Limits the controller's writes to Secrets. */
export const secrets: AdmissionPolicy = {
  name: `${NAMES.controller}-secrets`,
  about:
    'Of Secrets the controller writes those that it makes, of three types: one of the type of a token would be filled with a ' +
    'service account’s. What somebody else brought is neither changed nor deleted.',
  matches: [{ operations: ['CREATE', 'UPDATE', 'DELETE'], resources: [RESOURCES.Secret] }],
  who: THE_CONTROLLER,
  variables: {
    one: "request.operation == 'DELETE' ? oldObject : object",
    database: databaseOf('variables.one'),
    secrets: SECRETS,
  },
  validations: [
    {
      expression: cel`
        variables.database != '' && request.name in variables.secrets &&
        variables.one.metadata.labels[?${text(MANAGED_BY_LABEL)}].orValue('') == 'ballast'
      `,
      message: 'the controller may touch the Secrets only that it makes of a Database',
    },
    {
      expression: cel`
        request.operation != 'CREATE' || (!has(object.metadata.ownerReferences) &&
        object.type in ${TYPES})
      `,
      message: 'the controller may make Secrets with a password, a certificate or a key only',
    },
    {
      expression: cel`
        request.operation != 'UPDATE' || (
        ${isSame('labels')} &&
        ${isSame('finalizers')} &&
        ${isSame('ownerReferences')})
      `,
      message: 'the controller may change what stands in a Secret only',
    },
  ],
};
