import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import type { ObjectsByHand } from './fake-api/objects-by-hand.ts';
import { part, setStatus } from './objects.ts';

const PROTECTED = 'kubernetes.io/pvc-protection';

interface Volume {
  readonly persistentVolumeClaim?: { readonly claimName: string };
}

/** The claims that the pods of a specification mount. */
function mountedIn(spec: object): string[] {
  const { volumes = [] } = spec as { readonly volumes?: readonly Volume[] };
  return volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
}

/** Whether a pod has the claim: a member, or the pod of a Deployment or of a Job, which has no object of its own here. */
function isMounted(objects: ObjectsByHand, { metadata: { name, namespace } }: KubernetesObject): boolean {
  const ofMembers = objects
    .all('Pod')
    .some((pod) => keyOf(pod.metadata) === `${namespace ?? ''}/${name.replace('data-', '')}`);
  const running = [...objects.all('Deployment'), ...objects.all('Job')].filter(
    (one) => one.metadata.namespace === namespace && part(one, 'status')['conditions'] === undefined,
  );
  return ofMembers || running.some((one) => mountedIn(part(one, 'spec', 'template', 'spec')).includes(name));
}

/** Keeps a deleted claim while a pod mounts it, as Kubernetes does. */
export function protectVolume(objects: ObjectsByHand, claim: KubernetesObject): void {
  const { deletionTimestamp, finalizers = [] } = claim.metadata;
  const isHeld = finalizers.includes(PROTECTED);
  const holds = deletionTimestamp === undefined || isMounted(objects, claim);
  if (isHeld === holds) return;
  const others = finalizers.filter((one) => one !== PROTECTED);
  objects.change('PersistentVolumeClaim', keyOf(claim.metadata), (old) => ({
    ...old,
    metadata: { ...old.metadata, finalizers: holds ? [...others, PROTECTED] : others },
  }));
}

/** Binds a claim at once, and grows it where its class allows. */
export function provideVolume(objects: ObjectsByHand, claim: KubernetesObject): void {
  const { storage } = part(claim, 'spec', 'resources', 'requests');
  if (part(claim, 'status', 'capacity')['storage'] === storage) return;
  setStatus(objects, 'PersistentVolumeClaim', keyOf(claim.metadata), { phase: 'Bound', capacity: { storage } });
}
