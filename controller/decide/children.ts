import { DEFAULT_ACCOUNT } from '../../policies/rules/member-account.ts';
import { names } from '../../generator/names.ts';
import { nameOf } from '../facts/database.ts';
import type { Condemned } from '../decision.ts';
import type { Child, Observation } from '../observation.ts';

/** Kinds that hold data or credentials. */
const KEPT: ReadonlySet<string> = new Set(['PersistentVolumeClaim', 'Secret']);
/** Ends of the names of Patroni's own ConfigMaps. */
const PATRONIS: readonly string[] = ['-config', '-leader', '-failover', '-sync', '-failsafe'];

/** What Ballast names the objects of a Database that hold nothing. Who labels an object of another name keeps it. */
const RENDERED: readonly ((name: string) => string)[] = [
  names.workload,
  names.primaryService,
  names.replicaService,
  names.podsService,
  names.settings,
  names.networkPolicy,
  names.memberAccount,
  names.backup,
  names.memberRole,
  names.controllerRole,
  names.dashboard,
];

/** Whether an object holds data or credentials: it goes only with a confirmed deletion. */
function isKept({ kind }: Pick<Child, 'kind'>): boolean {
  return KEPT.has(kind);
}

/** The account of every pod of the namespace that names none: a Database of that name once took it over. */
function isOfAll({ kind, name }: Pick<Child, 'kind' | 'name'>): boolean {
  return kind === 'ServiceAccount' && name === DEFAULT_ACCOUNT;
}

/** Whether an object is one in which Patroni keeps its state. */
export function isPatronis(seen: Observation, { kind, name }: Pick<Child, 'kind' | 'name'>): boolean {
  return kind === 'ConfigMap' && PATRONIS.some((end) => name === `${nameOf(seen)}${end}`);
}

/** Whether an object may be taken away with the workload: it has a name that Ballast gives, and holds nothing. */
export function isExpendable(seen: Observation, child: Pick<Child, 'kind' | 'name'>): boolean {
  if (isKept(child) || child.kind === 'StatefulSet' || isOfAll(child)) return false;
  return RENDERED.some((make) => make(nameOf(seen)) === child.name);
}

/** An object as a deletion names it. */
export function condemned({ apiVersion, kind, name, uid, resourceVersion }: Condemned): Condemned {
  return { apiVersion, kind, name, uid, resourceVersion };
}
