import type { EngineName } from '../../database/engines/index.ts';
import { ENGINES } from '../../database/engines/index.ts';
import type { Control } from '../databases/observation.ts';
import { postgresql } from './postgresql/control.ts';
import { singleMember } from './single-member.ts';

// Patroni alone keeps an engine's state in Kubernetes objects.
export type { ConfigMapProjection } from './postgresql/config-maps.ts';
export { clusterStateIn, isLeaderChange, projectConfigMap, steadyState } from './postgresql/config-maps.ts';

/** The control of each engine. */
export const CONTROLS: Readonly<Record<EngineName, Control>> = {
  postgresql,
  mysql: singleMember(ENGINES.mysql),
  mongodb: singleMember(ENGINES.mongodb),
};
