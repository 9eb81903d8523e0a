import { MEMBER_ACCOUNT_PREFIX } from '../policies/rules/member-account.ts';

/**
 * Every name that Ballast makes for a Database. No suffix ends with another of the same kind, so that two Databases never make the same
 * name (test/generator/names.test.ts). Patroni's own names are beside them.
 */
export const names = {
  /** StatefulSet, PodDisruptionBudget, ServiceMonitor and PrometheusRule; the members' account up to version 0.1. */
  workload: (name: string): string => name,
  member: (name: string, ordinal: number): string => `${name}-${ordinal}`,
  claim: (name: string, ordinal: number): string => `${CLAIM_TEMPLATE}-${name}-${ordinal}`,
  primaryService: (name: string): string => `${name}-primary`,
  replicaService: (name: string): string => `${name}-replica`,
  podsService: (name: string): string => `${name}-pods`,
  settings: (name: string): string => `${name}-settings`,
  networkPolicy: (name: string): string => `${name}-network`,
  /** CronJob, and with a backup volume its claim, the Deployment of the repository host, its Service and its NetworkPolicy. */
  backup: (name: string): string => `${name}-backup`,
  /** CronJob that verifies backups. */
  verification: (name: string): string => `${name}-verify`,
  /** ConfigMap with the list of backups, which the backup job writes. */
  backups: (name: string): string => `${name}-backups`,
  /** ConfigMap with the request for a restore in place; there only while one is under way. */
  restore: (name: string): string => `${name}-restore`,
  /** Job of one requested backup, after the name of its DatabaseBackup. */
  backupRun: (name: string): string => `${name}-run`,
  /** CronJob of a DatabaseBackup with a schedule, after its name. */
  backupSchedule: (name: string): string => `${name}-schedule`,
  /** ServiceAccount of the members; never the namespace's default one, nor another application's. */
  memberAccount: (name: string): string => `${MEMBER_ACCOUNT_PREFIX}${name}`,
  /** Role and RoleBinding of the members; with NAME alone, those of `orders-controller` would be those of the controller for `orders`. */
  memberRole: (name: string): string => `${name}-members`,
  /** Role and RoleBinding of the controller. */
  controllerRole: (name: string): string => `${name}-controller`,
  dashboard: (name: string): string => `${name}-dashboard`,
  superuserSecret: (name: string): string => `${name}-superuser`,
  replicationSecret: (name: string): string => `${name}-replication`,
  appSecret: (name: string): string => `${name}-app`,
  tlsSecret: (name: string): string => `${name}-tls`,
  /** The passphrase of encrypted backups; the controller never changes or deletes it. */
  backupKeySecret: (name: string): string => `${name}-backup-key`,
  /** The authority behind the TLS pair; no pod mounts it. */
  authoritySecret: (name: string): string => `${name}-ca`,
};

/** Suffixes of Patroni's own ConfigMaps, named NAME-suffix (patroni/dcs/kubernetes.py). */
export const PATRONI_CONFIG_MAPS = ['leader', 'config', 'failover', 'sync', 'failsafe'] as const;
/** One of these suffixes. */
export type PatroniConfigMap = (typeof PATRONI_CONFIG_MAPS)[number];

/** The suffix of a name among Patroni's ConfigMaps for a Database; undefined for any other name. */
export function patroniConfigMapOf(database: string, name: string): PatroniConfigMap | undefined {
  return PATRONI_CONFIG_MAPS.find((part) => name === `${database}-${part}`);
}

/** Name of the volumeClaimTemplate, from which a StatefulSet derives the names of claims. */
export const CLAIM_TEMPLATE = 'data';
