import { keyOf } from '../../../kubernetes/objects.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import type { RecordedWrite } from '../../../lab/world/fake-api/record.ts';
import { annotate } from '../../../lab/world/objects.ts';
import type { Scene } from '../../../lab/world/scene.ts';
import type { Stage } from '../../../lab/world/stage.ts';
import { KEY, isRunning } from '../../../lab/world/stage.ts';
import type { Scenario } from './scenario.ts';

const secretAnnotation = ({ fake }: Scene, account: string, name: string): string | undefined =>
  fake.get('Secret', `${KEY}-${account}`)?.metadata.annotations?.[`db.example.com/${name}`];
const isRotated = (scene: Scene, account: string): boolean => secretAnnotation(scene, account, 'rotated-for') === '1';

/** Whether a member was made when the present passwords of the system were in force. */
function isYoungerThanPasswords(scene: Scene, pod: KubernetesObject): boolean {
  const since = ['superuser', 'replication'].map((account) => secretAnnotation(scene, account, 'in-force-since') ?? '');
  return since.every((date) => date !== '' && date < String(pod.metadata.creationTimestamp));
}

const isPodOf = ({ kind }: RecordedWrite): boolean => kind === 'Pod';

/** Makes the request by its annotation. */
const ask =
  (request: string) =>
  ({ scene }: Stage): void => {
    annotate(scene.fake, 'Database', KEY, { annotations: { [`db.example.com/${request}`]: '1' } });
  };

/** Marks the pods that a restart must replace. */
const FORMER = { 'test/former': 'true' };

/** Scenarios about requests that an annotation makes. */
export const REQUESTS: readonly Scenario[] = [
  {
    name: 'a new password of the application is asked for',
    modes: ['gitops'],
    before: { replicas: 1 },
    change: ask('rotate-credentials'),
    isOver: (scene: Scene): boolean => isRunning(scene, 1) && isRotated(scene, 'app'),
    rotates: true,
  },
  {
    name: 'new passwords of the system are asked for',
    modes: ['gitops'],
    before: { replicas: 2 },
    change: ask('rotate-system-credentials'),
    isOver: (scene: Scene): boolean =>
      isRunning(scene, 2) &&
      ['superuser', 'replication'].every((account) => isRotated(scene, account)) &&
      scene.fake.all('Pod').every((pod) => isYoungerThanPasswords(scene, pod)),
    mayDestroy: isPodOf,
    rotates: true,
  },
  {
    name: 'a restart of all members is asked for',
    modes: ['gitops'],
    before: { replicas: 3 },
    change: (stage: Stage): void => {
      const { fake } = stage.scene;
      for (const { metadata } of fake.all('Pod')) annotate(fake, 'Pod', keyOf(metadata), { annotations: FORMER });
      ask('restart')(stage);
    },
    isOver: (scene: Scene): boolean =>
      isRunning(scene, 3) && scene.fake.all('Pod').every(({ metadata }) => !metadata.annotations?.['test/former']),
    mayDestroy: isPodOf,
    anyMayLead: true,
  },
];
