import { names } from './names.ts';

/** Kind and name of an object in its namespace. */
export interface Identity {
  readonly kind: string;
  readonly name: string;
}

type Naming = (name: string) => string;

/** The names that Ballast gives, by kind; without the numbered claims of members. */
const NAMINGS: ReadonlyMap<string, readonly Naming[]> = new Map([
  // The first is the account of members from an earlier version.
  ['ServiceAccount', [names.workload, names.memberAccount]],
  ['Role', [names.memberRole, names.controllerRole]],
  ['RoleBinding', [names.memberRole, names.controllerRole]],
  ['ConfigMap', [names.settings, names.dashboard]],
  ['Service', [names.primaryService, names.replicaService, names.podsService, names.backup]],
  ['NetworkPolicy', [names.networkPolicy, names.backup]],
  ['PodDisruptionBudget', [names.workload]],
  ['StatefulSet', [names.workload]],
  ['PersistentVolumeClaim', [names.backup]],
  ['CronJob', [names.backup, names.verification]],
  ['Deployment', [names.backup]],
  ['ServiceMonitor', [names.workload]],
  ['PrometheusRule', [names.workload]],
]);

/**
 * Every object that Ballast may render for the Database of this name, whatever its spec; without the claims of members
 * (test/generator/identities.test.ts).
 */
export function identitiesOf(database: string): Identity[] {
  return [...NAMINGS].flatMap(([kind, namings]) => namings.map((make) => ({ kind, name: make(database) })));
}

/** Whether Ballast gives this name to an object of this kind for the Database; claims of members are left out. */
export function isIdentityOf(database: string, { kind, name }: Identity): boolean {
  return NAMINGS.get(kind)?.some((make) => make(database) === name) ?? false;
}
