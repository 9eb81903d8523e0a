import type { Json } from '../../database/json.ts';
import type { Manifest } from '../../generator/metadata.ts';
import type { Resource } from '../../kubernetes/objects.ts';
import type { Part } from '../part.ts';
import { resourceName } from '../rbac.ts';
import { ACT_WITHIN } from '../rights.ts';
import { oneLine } from './cel.ts';

const VERSION = 'admissionregistration.k8s.io/v1';

/** The requests that a policy matches. */
export interface RequestFilter {
  readonly operations: readonly ('CREATE' | 'UPDATE' | 'DELETE')[];
  readonly resources: readonly Resource[];
  readonly subresource?: string;
  /** Version of their API; any when absent. */
  readonly version?: string;
}

/** A condition, with the message of its refusal. */
export interface Validation {
  readonly expression: string;
  /** The message, or an expression that computes it. */
  readonly message?: string;
  readonly messageExpression?: string;
  /** Kubernetes' reason of the refusal; `Invalid` when absent. */
  readonly reason?: 'Forbidden';
}

/** A ValidatingAdmissionPolicy, for limits that RBAC cannot express. */
export interface AdmissionPolicy {
  readonly name: string;
  readonly about?: string;
  readonly matches: readonly RequestFilter[];
  /** The callers that the policy applies to; all when absent. */
  readonly who?: { readonly name: string; readonly expression: string };
  /** Each variable may use those before it. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly validations: readonly Validation[];
}

/** Whether the caller holds the right `act-within`, without holding every right there, as admins do. */
function holdsIn(within: '' | '.namespace(request.namespace)'): string {
  const { group, plural } = ACT_WITHIN.resource;
  const [verb] = ACT_WITHIN.verbs;
  return [
    `authorizer.group('${group}').resource('${plural}')${within}.check('${verb}').allowed() &&`,
    `!authorizer.group('*').resource('*')${within}.check('*').allowed()`,
  ].join('\n');
}

/** Callers with the controller's rights in the request's namespace, under any name. */
export const THE_CONTROLLER = {
  ...{ name: 'the-controller', expression: holdsIn('.namespace(request.namespace)') },
} as const;

/** All other callers. */
export const NOT_THE_CONTROLLER = {
  ...{ name: 'not-the-controller', expression: `!(${THE_CONTROLLER.expression})` },
} as const;

/** The same for cluster-scoped objects. */
export const THE_CONTROLLER_OF_CLUSTER = { ...THE_CONTROLLER, expression: holdsIn('') } as const;

/** Whether the caller applies rendered manifests. */
export const APPLIES_MANIFESTS =
  "authorizer.group('apps').resource('statefulsets').namespace(request.namespace).check('create').allowed()";

function rulesOf({ operations, resources, subresource, version = '*' }: RequestFilter): Json[] {
  return [...Map.groupBy(resources, ({ group }) => group)].map(([group, ofGroup]) => ({
    ...{ apiGroups: [group], apiVersions: [version], operations: [...operations] },
    resources: ofGroup.map((resource) => resourceName(resource, subresource)),
  }));
}

function policyManifest({ name, matches, who, variables = {}, validations }: AdmissionPolicy): Manifest {
  const entries = Object.entries(variables).map(([variable, expression]) => ({ name: variable, expression }));
  return {
    ...{ apiVersion: VERSION, kind: 'ValidatingAdmissionPolicy', metadata: { name } },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: { resourceRules: matches.flatMap(rulesOf) },
      ...(who && { matchConditions: [{ ...who }] }),
      ...(entries.length > 0 && { variables: entries }),
      validations: validations.map((validation) => ({ ...validation })),
    },
  };
}

/** The policy in the form for the API server. */
export function withExpressionsOnOneLine(policy: AdmissionPolicy): AdmissionPolicy {
  const { who, variables = {}, validations } = policy;
  const entries = Object.entries(variables).map(([name, expression]) => [name, oneLine(expression)]);
  return {
    ...policy,
    ...(who && { who: { ...who, expression: oneLine(who.expression) } }),
    variables: Object.fromEntries(entries) as Record<string, string>,
    validations: validations.map(({ expression, messageExpression, ...rest }) => ({
      ...{ ...rest, expression: oneLine(expression) },
      ...(messageExpression !== undefined && { messageExpression: oneLine(messageExpression) }),
    })),
  };
}

/** The policy, with the binding that enforces it. */
export function admission(policy: AdmissionPolicy): Part {
  const { name, about } = policy;
  const binding = {
    ...{ apiVersion: VERSION, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name } },
    spec: { policyName: name, validationActions: ['Deny'] },
  };
  return { ...(about !== undefined && { about }), manifests: [policyManifest(policy), binding] };
}
