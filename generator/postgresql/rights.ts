import { MOST_REPLICAS } from '../../policies/rules/replicas-range.ts';
import type { Json } from '../../database/json.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';

/**
 * Ends of the names of the ConfigMaps that Patroni writes on Kubernetes (patroni/dcs/kubernetes.py). What it tells its members
 * for the time without an API server is in the leader's; the name NAME-failsafe is kept free all the same.
 */
const WRITTEN = ['config', 'failover', 'leader', 'sync'] as const;

const rule = (resource: string, verbs: readonly string[], resourceNames?: readonly string[]): Json => ({
  apiGroups: [''],
  ...(resourceNames && { resourceNames: [...resourceNames] }),
  resources: [resource],
  verbs: [...verbs],
});

/**
 * What Patroni 4.1 asks of the API server, and nothing else. It finds pods and ConfigMaps by label, and a right to list, to
 * watch or to create knows no names; what a member may create and write then is held by installation/admission/.
 * Members that the Database does not ask for any more are among the names: they still end in order.
 */
export function memberRights({ name }: Model): Json[] {
  const members = Array.from({ length: MOST_REPLICAS }, (_, ordinal) => names.member(name, ordinal));
  const notes = WRITTEN.map((end) => `${name}-${end}`);
  return [
    rule('configmaps', ['create', 'list', 'watch']),
    rule('configmaps', ['get', 'patch'], notes),
    rule('pods', ['list', 'watch']),
    rule('pods', ['patch'], members),
  ];
}
