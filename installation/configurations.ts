import { KINDS } from '../database/schema/kinds.ts';
import { GROUP, VERSION } from '../database/schema/common.ts';
import type { Json } from '../database/json.ts';
import type { Manifest } from '../generator/metadata.ts';
import type { CONFIGURATIONS } from '../webhook/resources.ts';
import { NAMES } from './names.ts';
import type { SharedOptions, WebhookOptions } from './options.ts';

type Kind = keyof typeof CONFIGURATIONS;

/** A webhook of the API server, and its failure policy. */
interface Webhook {
  readonly name: string;
  readonly path: string;
  readonly operations: readonly string[];
  readonly rest: Readonly<Record<string, Json>>;
}

const WEBHOOKS: Readonly<Record<Kind, Webhook>> = {
  ValidatingWebhookConfiguration: {
    ...{ name: `validate.${GROUP}`, path: '/validate', operations: ['CREATE', 'UPDATE', 'DELETE'] },
    // An unchecked object is not admitted.
    rest: { failurePolicy: 'Fail', timeoutSeconds: 5 },
  },
  MutatingWebhookConfiguration: {
    ...{ name: `mutate.${GROUP}`, path: '/mutate', operations: ['CREATE', 'UPDATE'] },
    // The CRDs hold the same defaults.
    rest: { failurePolicy: 'Ignore', timeoutSeconds: 3, reinvocationPolicy: 'IfNeeded' },
  },
};

const OUTSIDE_KUBE_SYSTEM: Json = {
  matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }],
};

/** The requests to review. Without the status subresource: the controller alone writes it, and often; rules read it where the rest is written. */
function rule(operations: readonly string[]): Json {
  return {
    ...{ apiGroups: [GROUP], apiVersions: [VERSION], operations: [...operations] },
    ...{ resources: KINDS.map(({ plural }) => plural), scope: 'Namespaced' },
  };
}

/** The annotation by which cert-manager injects its authority into a configuration. */
export function injection(namespace: string): Readonly<Record<string, string>> {
  return { 'cert-manager.io/inject-ca-from': `${namespace}/${NAMES.webhook}` };
}

/** The two configurations that register the webhook with the API server. */
export function configurations(
  { namespace }: SharedOptions,
  { certificate }: Pick<WebhookOptions, 'certificate'>,
): Manifest[] {
  const annotations = certificate === 'cert-manager' && { annotations: injection(namespace) };
  return Object.entries(WEBHOOKS).map(([kind, { name, path, operations, rest }]) => ({
    ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind },
    metadata: { name: NAMES.configuration, ...annotations },
    webhooks: [
      {
        ...{ name, admissionReviewVersions: ['v1'] },
        clientConfig: { service: { name: NAMES.webhook, namespace, path } },
        ...{ ...rest, matchPolicy: 'Equivalent', sideEffects: 'None' },
        ...{ namespaceSelector: OUTSIDE_KUBE_SYSTEM, rules: [rule(operations)] },
      },
    ],
  }));
}
