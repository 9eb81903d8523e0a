import { OWN_PREFIX } from '../../database/vocabulary.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { names } from '../../generator/names.ts';
import { NAMES } from '../names.ts';
import {
  KEEPS_DATABASE,
  CHANGED_ANNOTATIONS,
  PATRONI,
  RENDERED_CONFIG_MAPS,
  cel,
  databaseOf,
  isSame,
  list,
  text,
} from './cel.ts';
import type { AdmissionPolicy, Validation } from './policy.ts';
import { APPLIES_MANIFESTS, THE_CONTROLLER } from './policy.ts';

/**
 * Patroni's annotations that the controller writes: the leader lock, a switchover, and the dynamic configuration
 * (controller/databases/acts/patroni.ts).
 */
const CONTROLLER_ANNOTATIONS = list(['leader', 'member', 'scheduled_at', 'config']);

const VALIDATIONS: readonly Validation[] = [
  {
    expression: cel`
      variables.database != '' && request.name != '' &&
      request.name in variables.patroni + variables.rendered + [variables.restore] &&
      ${KEEPS_DATABASE}
    `,
    message: 'the controller may touch the ConfigMaps of a Database only',
  },
  {
    expression: cel`
      request.name in variables.patroni + [variables.restore] || request.operation == 'DELETE' || variables.applies
    `,
    message: 'the controller may write what is rendered only where it applies it',
  },
  {
    expression: cel`
      request.operation != 'CREATE' || request.name in variables.rendered ||
      (request.name in [variables.database + '-failover', variables.restore] &&
      !has(object.data) && !has(object.binaryData))
    `,
    message:
      "the controller may make none of Patroni's ConfigMaps but the one that asks for a switchover, and the one that asks for a restore",
  },
  {
    expression: cel`
      request.operation != 'UPDATE' || request.name in variables.rendered ||
      (object.?data.orValue({}) == oldObject.?data.orValue({}) &&
      object.?binaryData.orValue({}) == oldObject.?binaryData.orValue({}) &&
      ${isSame('labels')} &&
      ${isSame('finalizers')} &&
      ${isSame('ownerReferences')} &&
      variables.changed.all(name, name.startsWith(${text(OWN_PREFIX)}) || name in ${CONTROLLER_ANNOTATIONS}))
    `,
    message:
      "the controller may change nothing of Patroni's ConfigMaps but the leader, a switchover and the configuration",
  },
];

/** Limits the controller's writes to the ConfigMaps of Databases. */
export const configMaps: AdmissionPolicy = {
  name: `${NAMES.controller}-configmaps`,
  about:
    'Of ConfigMaps the controller writes annotations of those in which Patroni keeps its state, makes the one that asks for a ' +
    'switchover and the one that asks for a restore, and, where it applies what is rendered, writes those that are rendered. It takes all of them away.',
  matches: [{ operations: ['CREATE', 'UPDATE', 'DELETE'], resources: [RESOURCES.ConfigMap] }],
  who: THE_CONTROLLER,
  variables: {
    one: "request.operation == 'DELETE' ? oldObject : object",
    database: databaseOf('variables.one'),
    applies: APPLIES_MANIFESTS,
    patroni: PATRONI,
    restore: `variables.database + ${text(names.restore(''))}`,
    rendered: RENDERED_CONFIG_MAPS,
    changed: CHANGED_ANNOTATIONS,
  },
  validations: VALIDATIONS,
};
