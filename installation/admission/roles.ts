import { names } from '../../generator/names.ts';
import { DEFAULT_ACCOUNT } from '../../policies/rules/member-account.ts';
import { RESOURCES } from '../../controller/resources.ts';
import { NAMES } from '../names.ts';
import { KEEPS_DATABASE, MEMBERS_CONFIG_MAPS, ORDINALS, SECRETS, cel, databaseOf, list, text } from './cel.ts';
import type { AdmissionPolicy, Validation } from './policy.ts';
import { THE_CONTROLLER } from './policy.ts';

const MEMBER_ROLE = `variables.database + ${text(names.memberRole(''))}`;
/** The Secret that nothing but its owner may change: backups are lost with it. */
const PASSPHRASE = `variables.database + ${text(names.backupKeySecret(''))}`;
const CONTROLLER_ROLE = `variables.database + ${text(names.controllerRole(''))}`;

/** Whether the object is a Role of the members, or the controller's own, of the Database in its label, before and after the change. */
const IS_OF_DATABASE = `variables.database != '' && request.name in [${MEMBER_ROLE}, ${CONTROLLER_ROLE}]`;

/** Verbs of members on objects of theirs by name (generator/postgresql/rights.ts), now and in earlier versions. */
const VERBS_BY_NAME = `{'pods': ${list(['get', 'patch'])}, 'configmaps': ${list(['get', 'patch', 'update'])}}`;
/** Verbs of members on all objects: rights to list, watch or create cannot name objects. */
const VERBS_ON_ALL = `{'pods': ${list(['list', 'watch'])}, 'configmaps': ${list(['create', 'list', 'watch'])}}`;

const ROLE_VALIDATIONS: readonly Validation[] = [
  {
    expression: cel`
      ${IS_OF_DATABASE} &&
      ${KEEPS_DATABASE}
    `,
    message: 'the controller may make the Roles of a Database only',
  },
  {
    expression: cel`
      variables.rules.all(rule, !has(rule.nonResourceURLs) && rule.?apiGroups.orValue([]) == [''] &&
      rule.?resources.orValue([]).size() == 1)
    `,
    message: 'the controller may give rights to one resource a rule, of the core group',
  },
  {
    expression: cel`
      request.name != ${MEMBER_ROLE} || variables.rules.all(rule,
      rule.resources.all(resource, resource in variables.named && (rule.?resourceNames.orValue([]).size() > 0
      ? rule.verbs.all(verb, verb in variables.named[resource]) &&
      rule.resourceNames.all(name, name in variables.names[resource])
      : rule.verbs.all(verb, verb in variables.unnamed[resource]))))
    `,
    message:
      "the controller may give a Database's members no rights but those to pods, Patroni's ConfigMaps, the list of backups and a restore",
  },
  {
    expression: cel`
      request.name != ${CONTROLLER_ROLE} || variables.rules.all(rule,
      rule.resources == ['secrets'] && rule.verbs.all(verb, verb in ${list(['get', 'patch', 'delete'])}) &&
      rule.?resourceNames.orValue([]).size() > 0 && rule.resourceNames.all(name, name in variables.secrets))
    `,
    message: "the controller may give itself no rights but those to a Database's Secrets, by their names",
  },
  {
    expression: cel`
      request.name != ${CONTROLLER_ROLE} || variables.rules.all(rule,
      !(${PASSPHRASE} in rule.?resourceNames.orValue([])) || rule.verbs == ['get'])
    `,
    message: 'the controller may give itself to read the passphrase of backups, and nothing more',
  },
];

/** Limits the rights that the controller may grant. */
export const roles: AdmissionPolicy = {
  name: `${NAMES.controller}-roles`,
  about:
    'The controller must be able to give rights that it does not have, and RBAC cannot say which: this says that they are those ' +
    'of a Database’s members, and its own to the Secrets of a Database, by the names that they have.',
  matches: [{ operations: ['CREATE', 'UPDATE'], resources: [RESOURCES.Role] }],
  who: THE_CONTROLLER,
  variables: {
    database: databaseOf('object'),
    named: VERBS_BY_NAME,
    unnamed: VERBS_ON_ALL,
    names: cel`
      {'pods': ${ORDINALS}.map(one, variables.database + '-' + one),
      'configmaps': ${MEMBERS_CONFIG_MAPS}}
    `,
    secrets: SECRETS,
    rules: 'object.?rules.orValue([])',
  },
  validations: ROLE_VALIDATIONS,
};

/** Limits the subjects to which the controller may grant rights. */
export const bindings: AdmissionPolicy = {
  name: `${NAMES.controller}-bindings`,
  matches: [{ operations: ['CREATE', 'UPDATE'], resources: [RESOURCES.RoleBinding] }],
  who: THE_CONTROLLER,
  variables: {
    database: databaseOf('object'),
    members: cel`
      ${list(['', names.memberAccount('')])}.map(start, start + variables.database)
      .filter(name, name != ${text(DEFAULT_ACCOUNT)})
    `,
  },
  validations: [
    {
      expression: cel`
        ${IS_OF_DATABASE} &&
        object.roleRef.kind == 'Role' && object.roleRef.name == request.name &&
        ${KEEPS_DATABASE}
      `,
      message: 'the controller may bind the Roles of a Database only',
    },
    {
      expression: cel`
        object.?subjects.orValue([]).all(subject, subject.kind == 'ServiceAccount' &&
        (request.name == ${MEMBER_ROLE}
        ? subject.name in variables.members && subject.namespace == request.namespace
        : request.userInfo.username == 'system:serviceaccount:' + subject.namespace + ':' + subject.name))
      `,
      message: 'the controller may bind a Role of the members to them, and its own to itself, only',
    },
  ],
};
