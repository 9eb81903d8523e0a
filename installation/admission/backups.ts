import { DATABASE_LABEL, RECORDED } from '../../database/vocabulary.ts';
import { MANAGED_BY_LABEL } from '../../generator/metadata.ts';
import { names } from '../../generator/names.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { NAMES } from '../names.ts';
import { KEEPS_DATABASE, cel, databaseOf, namesAfter, text } from './cel.ts';
import type { AdmissionPolicy } from './policy.ts';
import { APPLIES_MANIFESTS, THE_CONTROLLER } from './policy.ts';
import { POD_OF_DATABASE, POD_VALIDATIONS, POD_VARIABLES } from './workloads.ts';

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

const OWNERS = (object: 'object' | 'oldObject'): string => `${object}.metadata.?ownerReferences.orValue([])`;

/** Whether an object belongs to one DatabaseBackup alone, and is named after it. */
export function isNamedAfterBackup(object: 'object' | 'oldObject', make: (backup: string) => string): string {
  const { kind, group } = RESOURCES.DatabaseBackup;
  return cel`
    ${OWNERS(object)}.size() == 1 && ${OWNERS(object)}.all(one, one.kind == ${text(kind)} &&
    one.apiVersion.startsWith(${text(`${group}/`)}) && ${object}.metadata.name == one.name + ${text(make(''))})
  `;
}

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
        variables.database != '' &&
        ${isNamedAfterBackup('object', names.backupRun)}
      `,
      message: 'the controller may make the Jobs of DatabaseBackups only',
    },
    POD_OF_DATABASE,
    ...POD_VALIDATIONS,
  ],
};

/** Limits the CronJobs that the controller may make and change. */
export const cronJobs: AdmissionPolicy = {
  name: `${NAMES.controller}-cronjobs`,
  about:
    'A CronJob of the controller is that of a DatabaseBackup with a schedule: it is named after that, belongs to it, and its pods are ' +
    'those of the Database. Where the controller applies manifests, it may also be one of those that are rendered.',
  matches: [{ operations: ['CREATE', 'UPDATE'], resources: [RESOURCES.CronJob] }],
  who: THE_CONTROLLER,
  variables: {
    database: databaseOf('object'),
    template: 'object.spec.jobTemplate.spec.template',
    ...POD_VARIABLES,
    rendered: namesAfter([names.backup, names.verification]),
  },
  validations: [
    {
      expression: cel`
        variables.database != '' && ${KEEPS_DATABASE} &&
        ((${isNamedAfterBackup('object', names.backupSchedule)} &&
        (request.operation != 'UPDATE' || (${isNamedAfterBackup('oldObject', names.backupSchedule)}))) ||
        (object.metadata.name in variables.rendered && ${APPLIES_MANIFESTS}))
      `,
      message: 'the controller may apply the CronJobs of DatabaseBackups, and what is rendered of a Database, only',
    },
    POD_OF_DATABASE,
    ...POD_VALIDATIONS,
  ],
};
