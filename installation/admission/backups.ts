import { DATABASE_LABEL, RECORDED } from '../../database/vocabulary.ts';
import { MANAGED_BY_LABEL } from '../../generator/metadata.ts';
import { names } from '../../generator/names.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { NAMES } from '../names.ts';
import { cel, databaseOf, text } from './cel.ts';
import type { AdmissionPolicy } from './policy.ts';
import { THE_CONTROLLER } from './policy.ts';
import { POD_VALIDATIONS, POD_VARIABLES } from './workloads.ts';

const LABELS = (object: 'object' | 'oldObject'): string => `${object}.metadata.?labels`;

/** Limits the controller's writes to DatabaseBackups. */
export const databaseBackups: AdmissionPolicy = {
  name: `${NAMES.controller}-backups`,
  about:
    'The controller makes DatabaseBackups that bear its label and that of the Database that they name, and takes away those only that ' +
    'it made for a backup that the repository holds no more. What people ask for is theirs.',
  matches: [{ operations: ['CREATE', 'DELETE'], resources: [RESOURCES.DatabaseBackup] }],
  who: THE_CONTROLLER,
  validations: [
    {
      expression: cel`
        request.operation != 'CREATE' ||
        (${LABELS('object')}[?${text(MANAGED_BY_LABEL)}].orValue('') == 'ballast' &&
        ${LABELS('object')}[?${text(DATABASE_LABEL)}].orValue('') == object.spec.databaseRef.name &&
        !has(object.metadata.finalizers) && !has(object.metadata.ownerReferences))
      `,
      message: 'the controller may make DatabaseBackups with the labels of their Database only',
    },
    {
      expression: cel`
        request.operation != 'DELETE' ||
        (${LABELS('oldObject')}[?${text(MANAGED_BY_LABEL)}].orValue('') == 'ballast' &&
        ${text(RECORDED)} in oldObject.metadata.?annotations.orValue({}))
      `,
      message: 'the controller may delete DatabaseBackups only that it made for a backup in the repository',
    },
  ],
};

/** Limits the Jobs that the controller may make. */
export const jobs: AdmissionPolicy = {
  name: `${NAMES.controller}-jobs`,
  about:
    'A Job of the controller makes one backup: it is named after a DatabaseBackup, belongs to it, and its pods are those of the Database.',
  matches: [{ operations: ['CREATE'], resources: [RESOURCES.Job] }],
  who: THE_CONTROLLER,
  variables: { database: databaseOf('object'), template: 'object.spec.template', ...POD_VARIABLES },
  validations: [
    {
      expression: cel`
        variables.database != '' && object.metadata.?ownerReferences.orValue([]).size() == 1 &&
        object.metadata.ownerReferences.all(one, one.kind == ${text(RESOURCES.DatabaseBackup.kind)} &&
        one.apiVersion.startsWith(${text(`${RESOURCES.DatabaseBackup.group}/`)}) &&
        object.metadata.name == one.name + ${text(names.backupRun(''))})
      `,
      message: 'the controller may make the Jobs of DatabaseBackups only',
    },
    ...POD_VALIDATIONS,
  ],
};
