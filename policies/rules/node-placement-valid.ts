import type { DatabaseSpec } from '../../database/object.ts';
import { below, wrongLabels } from '../labels.ts';
import type { Found } from '../rule.ts';
import { objectRule } from '../rule.ts';

type Toleration = NonNullable<DatabaseSpec['tolerations']>[number];

/** The problems that a pod's validation finds (k8s.io/kubernetes, pkg/apis/core/validation, ValidateTolerations). */
function wrongToleration({
  key = '',
  operator = 'Equal',
  value = '',
  effect,
  tolerationSeconds,
}: Toleration): string[] {
  return [
    ...(key === '' && operator !== 'Exists' ? ['must have a key, or the operator Exists'] : []),
    ...(operator === 'Exists' && value !== '' ? ['must not have a value with the operator Exists'] : []),
    ...wrongLabels({ [key === '' ? 'a' : key]: operator === 'Exists' ? '' : value }).map(({ problem }) => problem),
    ...(tolerationSeconds !== undefined && effect !== 'NoExecute'
      ? ['must have the effect NoExecute with tolerationSeconds']
      : []),
  ];
}

/** Requires a placement of pods that Kubernetes accepts. */
export const nodePlacementValid = objectRule({
  id: 'node-placement-valid',
  kinds: ['Database'],
  path: 'spec',
  severity: 'error',
  on: 'write',
  why: 'What the API server refuses in a pod it refuses in the StatefulSet, after the merge and with a message about the StatefulSet.',
  remedy: 'write it as in a pod',
  allowed: [
    { spec: { nodeSelector: { 'kubernetes.io/arch': 'arm64' } } },
    { spec: { tolerations: [{ operator: 'Exists' }, { key: 'database', value: 'yes', effect: 'NoSchedule' }] } },
  ],
  denied: [
    { spec: { nodeSelector: { 'two words': 'x' } } },
    { spec: { tolerations: [{ operator: 'Equal', value: 'x' }] } },
    { spec: { tolerations: [{ key: 'a', operator: 'Exists', value: 'x' }] } },
    { spec: { tolerations: [{ key: 'two words', operator: 'Exists' }] } },
    { spec: { tolerations: [{ key: 'a', value: 'two words' }] } },
    { spec: { tolerations: [{ key: 'a', effect: 'NoSchedule', tolerationSeconds: 5 }] } },
  ],
  check: ({ spec: { nodeSelector, tolerations = [] } }) => [
    ...below(['spec', 'nodeSelector'], wrongLabels(nodeSelector)),
    ...tolerations.flatMap((toleration, index) =>
      wrongToleration(toleration).map((problem): Found => ({ path: ['spec', 'tolerations', index], problem })),
    ),
  ],
});
