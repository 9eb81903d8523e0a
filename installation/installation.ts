import type { Manifest } from '../generator/metadata.ts';
import {
  DATA_POLICIES,
  DIRECT_POLICIES,
  CLUSTER_POLICIES,
  CONTROLLER_POLICIES,
  MEMBER_POLICIES,
} from './admission/policies.ts';
import type { AdmissionPolicy } from './admission/policy.ts';
import { admission, withExpressionsOnOneLine } from './admission/policy.ts';
import { certificate } from './certificate.ts';
import { configurations } from './configurations.ts';
import { controller, election, rights, rightsEverywhere, rightsIn, rightsToCluster } from './controller.ts';
import { withCommonLabels } from './labels.ts';
import { ownNamespace } from './namespace.ts';
import { certificateNetwork, closedNetwork, controllerNetwork, webhookNetwork } from './network.ts';
import type { ControllerOptions, InstallationOptions, SharedOptions, WebhookOptions } from './options.ts';
import type { Part } from './part.ts';
import { webhook } from './webhook.ts';

const manifestsOf = (parts: readonly Part[]): Manifest[] => parts.flatMap(({ manifests }) => manifests);
const admissions = (policies: readonly AdmissionPolicy[]): Manifest[] =>
  manifestsOf(policies.map((policy) => admission(withExpressionsOnOneLine(policy))));

function common(options: SharedOptions): Manifest[] {
  const own = [
    ownNamespace(options),
    ...closedNetwork(options).manifests,
    ...admissions([...MEMBER_POLICIES, ...DATA_POLICIES]),
  ];
  return own.map(withCommonLabels);
}

function webhookManifests(shared: SharedOptions, options: WebhookOptions): Manifest[] {
  const { certificate: source } = options;
  const own = [...webhook(shared, options), ...configurations(shared, options), ...webhookNetwork(shared).manifests];
  return [
    ...own.map(withCommonLabels),
    ...(source ? manifestsOf(certificate(source, shared)) : []),
    ...(source === 'self-signed' ? certificateNetwork(shared).manifests : []),
  ];
}

function controllerManifests(shared: SharedOptions, options: ControllerOptions): Manifest[] {
  const { mode, namespaces } = options;
  const own = [
    ...[...controller(shared, options), ...election(shared), rights(options)],
    ...[...controllerNetwork(shared).manifests, ...admissions(CONTROLLER_POLICIES)],
  ];
  const reach =
    namespaces.length > 0
      ? namespaces.map((namespace) => rightsIn(namespace, shared))
      : [rightsEverywhere(shared), ...rightsToCluster(shared), ...admissions(CLUSTER_POLICIES)];
  return [...own.map(withCommonLabels), ...reach, ...(mode === 'direct' ? admissions(DIRECT_POLICIES) : [])];
}

/** All manifests of an installation except the CRDs. Pure: the same options give the same manifests. */
export function installation(options: InstallationOptions): Manifest[] {
  return [
    ...common(options),
    ...(options.webhook ? webhookManifests(options, options.webhook) : []),
    ...(options.controller ? controllerManifests(options, options.controller) : []),
  ];
}
