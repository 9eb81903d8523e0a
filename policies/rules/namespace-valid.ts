import { isNamespaceName } from '../../database/values/labels.ts';
import { objectRule } from '../rule.ts';

/** Requires a valid name of a namespace, which is also the name of a folder. */
export const namespaceValid = objectRule({
  id: 'namespace-valid',
  kinds: ['Database', 'DatabaseBackup', 'DatabaseRestore', 'DatabaseUser'],
  path: 'metadata.namespace',
  severity: 'error',
  on: 'write',
  why: 'No namespace has a name of another form; and rendered files go to a folder of that name, so ../ would lead out.',
  remedy: 'use up to 63 lower-case letters, digits and hyphens, not beginning or ending with a hyphen',
  allowed: [{ metadata: { namespace: 'shop' } }, { metadata: { namespace: '2025-archive' } }],
  denied: [
    { metadata: { namespace: '../../etc' } },
    { metadata: { namespace: 'Shop' } },
    { metadata: { namespace: 'shop.example' } },
    { metadata: { namespace: 'a'.repeat(64) } },
  ],
  check: ({ metadata: { namespace } }) => {
    if (namespace === undefined || isNamespaceName(namespace)) return [];
    return [{ value: namespace, problem: 'must be the name of a namespace' }];
  },
});
