import { CONFIRM_DELETE } from '../../database/vocabulary.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { cel, databaseOf, text } from './cel.ts';
import type { AdmissionPolicy } from './policy.ts';
import { NOT_THE_CONTROLLER } from './policy.ts';

/**
 * Guards volumes and credentials from every tool. The controller's own deletions have a policy of their own; those of a namespace are guarded
 * at the namespace; an object with an owner, such as the volume of one run of a Job, goes with that; a certificate is made again.
 */
export const data: AdmissionPolicy = {
  name: 'ballast-data',
  about:
    'Volumes and credentials of Databases outlive what any tool deletes: only the controller deletes them, on a confirmed deletion of ' +
    'their Database, or a person who has confirmed it on the very object. It needs neither the webhook nor the controller.',
  matches: [{ operations: ['DELETE'], resources: [RESOURCES.PersistentVolumeClaim, RESOURCES.Secret], version: 'v1' }],
  who: NOT_THE_CONTROLLER,
  variables: {
    database: databaseOf('oldObject'),
    name: 'oldObject.metadata.name',
    resource: "request.resource.resource == 'secrets' ? 'secret' : 'pvc'",
  },
  validations: [
    {
      expression: cel`
        variables.database == '' ||
        has(oldObject.metadata.ownerReferences) ||
        has(namespaceObject.metadata.deletionTimestamp) ||
        (variables.resource == 'secret' && oldObject.type == 'kubernetes.io/tls') ||
        oldObject.metadata.?annotations[?${text(CONFIRM_DELETE)}].orValue('') == variables.name
      `,
      reason: 'Forbidden',
      messageExpression: cel`
        variables.name + (variables.resource == 'secret' ? ' holds credentials' : ' holds data') +
        ' of the Database ' + variables.database + ', which no tool deletes unasked: to destroy them for good, confirm it first: ' +
        'kubectl annotate ' + variables.resource + ' ' + variables.name +
        ' --namespace=' + oldObject.metadata.namespace + ${text(` ${CONFIRM_DELETE}=`)} + variables.name
      `,
    },
  ],
};
