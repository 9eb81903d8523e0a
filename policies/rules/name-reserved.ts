import { objectRule } from '../rule.ts';

/** The prefix of Ballast's own installation and of all members' accounts. */
const OWN_PREFIX = 'ballast-';

/**
 * Names whose objects would collide with those of others: the namespace's default account; Ballast's Role, RoleBinding and settings; the
 * ConfigMaps kubeadm-config and kubelet-config, since Patroni makes one named NAME-config.
 */
const RESERVED: ReadonlySet<string> = new Set(['default', 'ballast', 'kubeadm', 'kubelet']);

/** Refuses a new Database whose objects would have names that Kubernetes or Ballast uses itself. */
export const nameReserved = objectRule({
  id: 'name-reserved',
  kinds: ['Database'],
  path: 'metadata.name',
  severity: 'error',
  on: 'create',
  why: 'What is made for a Database is named after it; under this name it would be an account, a Role or settings that Kubernetes or Ballast itself works with.',
  remedy: 'choose another name; one that stood before this rule may stay, which a comparison (--against) sees',
  cel: "!(self.metadata.name in ['default', 'ballast', 'kubeadm', 'kubelet']) && !self.metadata.name.startsWith('ballast-')",
  allowed: [
    { metadata: { name: 'orders' } },
    { metadata: { name: 'default-orders' } },
    { metadata: { name: 'ballasts' } },
  ],
  denied: [...RESERVED, 'ballast-member-orders', 'ballast-webhook'].map((name) => ({ metadata: { name } })),
  check: ({ metadata: { name = '' } }) => {
    if (!RESERVED.has(name) && !name.startsWith(OWN_PREFIX)) return [];
    return [
      { value: name, problem: 'must not be a name that objects of Kubernetes or of Ballast itself are made from' },
    ];
  },
});
