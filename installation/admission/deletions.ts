import { names } from '../../generator/names.ts';
import { isNamedAfterBackup } from './backups.ts';
import { NAMES } from '../names.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { APPLIED_KINDS } from '../rights.ts';
import { cel, databaseOf, namesAfter, text } from './cel.ts';
import type { AdmissionPolicy } from './policy.ts';
import { THE_CONTROLLER } from './policy.ts';

/** Kinds that have policies of their own. */
const KINDS_WITH_OWN_POLICIES: ReadonlySet<string> = new Set(['ConfigMap', 'PersistentVolumeClaim']);

const { workload, primaryService, replicaService, podsService, networkPolicy, backup, verification } = names;
const NAMES_WITH_SUFFIX = namesAfter([
  ...[workload, primaryService, replicaService, podsService, networkPolicy, backup, verification],
  ...[names.memberRole, names.controllerRole],
]);

/** Limits the controller's deletions, besides those of pods, claims, ConfigMaps and Secrets. */
export const deletions: AdmissionPolicy = {
  name: `${NAMES.controller}-deletions`,
  about: 'What the controller takes away belongs to a Database, by its label and by the names that Ballast gives.',
  matches: [
    {
      operations: ['DELETE'],
      resources: [...APPLIED_KINDS.filter(({ kind }) => !KINDS_WITH_OWN_POLICIES.has(kind)), RESOURCES.Job],
    },
  ],
  who: THE_CONTROLLER,
  variables: {
    database: databaseOf('oldObject'),
    names: cel`
      ${NAMES_WITH_SUFFIX} +
      [${text(names.memberAccount(''))} + variables.database]
    `,
  },
  validations: [
    {
      expression: cel`
        variables.database != '' && (request.name in variables.names ||
        (${isNamedAfterBackup('oldObject', names.backupSchedule)}) ||
        (${isNamedAfterBackup('oldObject', names.backupRun)}))
      `,
      message: 'the controller may delete what belongs to a Database only',
    },
  ],
};
