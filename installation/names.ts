import { NO_SETTINGS } from '../database/settings.ts';

/** The service account of the controller, and its namespace, as the Roles of Databases name it unless the settings name another. */
const { namespace, serviceAccount } = NO_SETTINGS.controller;

/** The default namespace of an installation. */
export const NAMESPACE = namespace;

/** Names of an installation's own objects. They are the defaults of the programs' flags (cli/servers.ts). */
export const NAMES = {
  /** ServiceAccount, Service, Deployment, PodDisruptionBudget, rights and NetworkPolicy of the webhook; cert-manager's Issuer and Certificate. */
  webhook: 'ballast-webhook',
  /** The ValidatingWebhookConfiguration, and the MutatingWebhookConfiguration. */
  configuration: 'ballast',
  /** The Secret in which the replicas share the certificate that they make themselves. */
  certificateSecret: 'ballast-webhook-certificate',
  /** The Secret that cert-manager writes. */
  tlsSecret: 'ballast-webhook-tls',
  /** ServiceAccount, Service, Deployment, Lease, rights and NetworkPolicy of the controller; prefix of its policies' names. */
  controller: serviceAccount,
  /** The ClusterRole for cluster-scoped kinds. */
  clusterRights: `${serviceAccount}-cluster`,
  /** The ConfigMap from which the controller reads ballast.yaml. */
  settings: 'ballast-settings',
  /** The NetworkPolicy that denies all other traffic of the namespace. */
  nothingElse: 'ballast-nothing-else',
} as const;

/** The programs' ports, the defaults of their flags. */
export const PORTS = { https: 8443, metrics: 8080 } as const;
