import { NO_SETTINGS } from '../database/settings.ts';

/** The service account of the controller, and its namespace, as the Roles of Databases name it unless the settings name another. */
const { namespace, serviceAccount } = NO_SETTINGS.controller;

/** The namespace in which Ballast is installed unless somebody says otherwise. */
export const NAMESPACE = namespace;

/** What an installation calls its own objects. The flags of the programs have these names as defaults (cli/servers.ts). */
export const NAMES = {
  /** ServiceAccount, Service, Deployment, PodDisruptionBudget, rights and NetworkPolicy of the webhook; cert-manager's Issuer and Certificate. */
  webhook: 'ballast-webhook',
  /** The ValidatingWebhookConfiguration, and the MutatingWebhookConfiguration. */
  configuration: 'ballast',
  /** The Secret that the replicas share the certificate in that they make themselves. */
  certificateSecret: 'ballast-webhook-certificate',
  /** The Secret that cert-manager writes. */
  tlsSecret: 'ballast-webhook-tls',
  /** ServiceAccount, Service, Deployment, Lease, rights and NetworkPolicy of the controller; how the names of its policies begin. */
  controller: serviceAccount,
  /** The ClusterRole for kinds that stand in no namespace. */
  clusterRights: `${serviceAccount}-cluster`,
  /** The ConfigMap from which the controller reads ballast.yaml. */
  settings: 'ballast-settings',
  /** The NetworkPolicy that closes the namespace. */
  nothingElse: 'ballast-nothing-else',
} as const;

/** Where the programs listen. The flags of the programs have these ports as defaults. */
export const PORTS = { https: 8443, metrics: 8080 } as const;
