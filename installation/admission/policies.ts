import { cronJobs, databaseBackups, jobs } from './backups.ts';
import { claims } from './claims.ts';
import { configMaps } from './configmaps.ts';
import { data } from './data.ts';
import { databases } from './databases.ts';
import { deletions } from './deletions.ts';
import { memberConfigMaps } from './member-configmaps.ts';
import { memberPods } from './member-pods.ts';
import { namespaces, protectedNamespaces } from './namespaces.ts';
import { objects } from './objects.ts';
import { pods } from './pods.ts';
import type { AdmissionPolicy } from './policy.ts';
import { bindings, roles } from './roles.ts';
import { scale } from './scale.ts';
import { secrets } from './secrets.ts';
import { workloads } from './workloads.ts';

/** The policies about members of Databases. */
export const MEMBER_POLICIES: readonly AdmissionPolicy[] = [memberPods, memberConfigMaps];

/** The policies about what no tool may delete. */
export const DATA_POLICIES: readonly AdmissionPolicy[] = [data];

/** The policies about every controller. */
export const CONTROLLER_POLICIES: readonly AdmissionPolicy[] = [
  ...[claims, configMaps, cronJobs, databaseBackups, databases, deletions, jobs, pods, scale, secrets],
];

/** The additional policies about a controller that applies manifests. */
export const DIRECT_POLICIES: readonly AdmissionPolicy[] = [objects, roles, bindings, workloads];

/** The policies about a controller for all namespaces. */
export const CLUSTER_POLICIES: readonly AdmissionPolicy[] = [namespaces, protectedNamespaces];
