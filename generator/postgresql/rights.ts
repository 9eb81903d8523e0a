import { MOST_REPLICAS } from '../../policies/rules/replicas-range.ts';
import type { Json } from '../../database/json.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';

/**
 * Suffixes of the ConfigMaps that Patroni writes on Kubernetes (patroni/dcs/kubernetes.py). The failsafe state is in the leader's
 * ConfigMap; the name NAME-failsafe is reserved all the same.
 */
const WRITTEN = ['config', 'failover', 'leader', 'sync'] as const;

const rule = (resource: string, verbs: readonly string[], resourceNames?: readonly string[]): Json => ({
  apiGroups: [''],
  ...(resourceNames && { resourceNames: [...resourceNames] }),
  resources: [resource],
  verbs: [...verbs],
});

/**
 * The rights that Patroni 4.1 and the backup job need at the API server, and no others. Patroni finds pods and ConfigMaps by label, and rights to list,
 * watch or create cannot name objects; installation/admission/ limits what a member may create and write. The names include members that
 * the Database no longer asks for: they still end in order.
 */
export function memberRights({ name, backup }: Model): Json[] {
  const members = Array.from({ length: MOST_REPLICAS }, (_, ordinal) => names.member(name, ordinal));
  const notes = [
    ...WRITTEN.map((end) => `${name}-${end}`),
    ...(backup ? [names.backups(name), names.restore(name)] : []),
  ];
  return [
    rule('configmaps', ['create', 'list', 'watch']),
    rule('configmaps', ['get', 'patch'], notes),
    rule('pods', ['list', 'watch']),
    rule('pods', ['patch'], members),
  ];
}
