import { DATABASE_LABEL } from '../../database/vocabulary.ts';
import { names } from '../../generator/names.ts';
import { NAMES } from '../names.ts';
import { APPLIED_KINDS } from '../rights.ts';
import { KEEPS_DATABASE, cel, databaseOf, namesAfter, text } from './cel.ts';
import type { AdmissionPolicy } from './policy.ts';
import { THE_CONTROLLER } from './policy.ts';

/** Kinds that have policies of their own. */
const KINDS_WITH_OWN_POLICIES: ReadonlySet<string> = new Set([
  'ConfigMap',
  'CronJob',
  'PersistentVolumeClaim',
  'Role',
  'RoleBinding',
]);

const { workload, primaryService, replicaService, podsService, networkPolicy, backup } = names;
const NAMES_WITH_SUFFIX = namesAfter([
  ...[workload, primaryService, replicaService, podsService, networkPolicy, backup],
]);

/** Limits the manifests that the controller applies, besides claims, ConfigMaps and rights. */
export const objects: AdmissionPolicy = {
  name: `${NAMES.controller}-objects`,
  about:
    'What is rendered bears the names and the label of its Database and selects its pods only. An object of that name without the ' +
    'label is somebody else’s: who wants it to be taken over labels it.',
  matches: [
    {
      operations: ['CREATE', 'UPDATE'],
      resources: APPLIED_KINDS.filter(({ kind }) => !KINDS_WITH_OWN_POLICIES.has(kind)),
    },
  ],
  who: THE_CONTROLLER,
  variables: {
    database: databaseOf('object'),
    names: cel`
      ${NAMES_WITH_SUFFIX} +
      [${text(names.memberAccount(''))} + variables.database]
    `,
    selected: cel`
      object.kind == 'Service' ? object.spec.?selector.orValue({}) :
      object.kind == 'NetworkPolicy' ? object.spec.podSelector.?matchLabels.orValue({}) :
      object.kind in ['StatefulSet', 'Deployment', 'PodDisruptionBudget', 'ServiceMonitor']
      ? object.spec.?selector.?matchLabels.orValue({}) : object.metadata.labels
    `,
  },
  validations: [
    {
      expression: cel`
        variables.database != '' && request.name in variables.names &&
        ${KEEPS_DATABASE}
      `,
      message: 'the controller may apply what is rendered of a Database only',
    },
    {
      expression: `variables.selected[?${text(DATABASE_LABEL)}].orValue('') == variables.database`,
      message: 'the controller may apply what selects the pods of its Database only',
    },
    {
      expression: cel`
        object.kind != 'Service' || (object.spec.type == 'ClusterIP' &&
        object.spec.?externalIPs.orValue([]).all(one, one in oldObject.?spec.?externalIPs.orValue([])))
      `,
      message: 'the controller may give a Service no address outside of the cluster',
    },
  ],
};
