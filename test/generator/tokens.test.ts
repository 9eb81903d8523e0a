import { expect } from 'chai';
import fc from 'fast-check';
import type { Manifest } from '../../generator/metadata.ts';
import { familyOf } from '../../database/family.ts';
import { render } from '../../generator/render.ts';
import { databases, settings } from './databases.ts';
import { goldenCases } from './golden-cases.ts';
import { nameOf } from './manifests.ts';
import { rendered } from './network-scene.ts';

interface Mount {
  readonly name: string;
  readonly mountPath: string;
}

interface Volume {
  readonly name: string;
  readonly projected?: { readonly sources: readonly { readonly serviceAccountToken?: object }[] };
}

interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly serviceAccountName?: string;
  readonly containers: readonly { readonly name: string; readonly volumeMounts?: readonly Mount[] }[];
  readonly initContainers?: PodSpec['containers'];
  readonly volumes?: readonly Volume[];
}

const WHERE_PROGRAMS_LOOK = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Every pod template that stands anywhere in an object, whatever its kind. */
function podSpecsIn(value: unknown): PodSpec[] {
  if (typeof value !== 'object' || value === null) return [];
  const here = 'containers' in value && Array.isArray(value.containers) ? [value as PodSpec] : [];
  return [...here, ...Object.values(value).flatMap(podSpecsIn)];
}

/** Whether the API server mounts the token in every container: the pod's word counts, then the account's, then yes. */
function isMountedByItself(pod: PodSpec, manifests: readonly Manifest[]): boolean {
  const account = manifests.find((one) => one.kind === 'ServiceAccount' && nameOf(one) === pod.serviceAccountName);
  const said = pod.automountServiceAccountToken ?? account?.['automountServiceAccountToken'];
  return said !== false;
}

/** Which containers get a token, as `KIND container`. */
function holdersOf(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap((manifest) =>
    podSpecsIn(manifest['spec']).flatMap((pod) => {
      const tokens = (pod.volumes ?? [])
        .filter(({ projected }) => projected?.sources.some(({ serviceAccountToken }) => serviceAccountToken))
        .map(({ name }) => name);
      return [...pod.containers, ...(pod.initContainers ?? [])]
        .filter(
          ({ volumeMounts = [] }) =>
            isMountedByItself(pod, manifests) || volumeMounts.some(({ name }) => tokens.includes(name)),
        )
        .map(({ name }) => `${manifest.kind} ${name}`);
    }),
  );
}

/** Patroni keeps its state in the API server, and the jobs tell what came of them; nothing else in a Database has business there. */
function needed(manifests: readonly Manifest[]): string[] {
  const set = manifests.find(({ kind }) => kind === 'StatefulSet');
  const names = podSpecsIn(set?.['spec']).flatMap(({ containers }) => containers.map(({ name }) => name));
  if (!names.includes('postgresql')) return [];
  const jobs = manifests.filter(({ kind }) => kind === 'CronJob').map((job) => nameOf(job).replace(/.*-/, ''));
  return ['StatefulSet postgresql', ...jobs.map((job) => `CronJob ${job}`)];
}

const EARLIER = 'members-of-an-earlier-account';

describe('A token of an account is mounted only where the API server is asked', () => {
  for (const { name, read } of goldenCases().filter((one) => one.name !== EARLIER)) {
    it(`in what becomes of ${name}`, () => {
      const { database, settings: own } = read();
      const manifests = render(familyOf(database), own);
      expect(holdersOf(manifests)).to.deep.equal(needed(manifests));
    });
  }

  it('in what becomes of any Database', () => {
    fc.assert(
      fc.property(databases, settings, (database, own) => {
        const manifests = render(familyOf(database), own);
        expect(holdersOf(manifests)).to.deep.equal(needed(manifests));
      }),
      { numRuns: 300 },
    );
  });

  it('but in members of an earlier account, which are not recreated for that', () => {
    const manifests = rendered({ spec: { backup: { destination: 'pvc://' } }, account: 'orders' });
    expect(holdersOf(manifests)).to.deep.equal([
      'StatefulSet postgresql',
      'StatefulSet backup-server',
      'CronJob backup',
    ]);
  });

  it('and lies where programs look for it, with the authority and the namespace', () => {
    const [pod] = podSpecsIn(rendered({ spec: {} }).find(({ kind }) => kind === 'StatefulSet')?.['spec']);
    const volume = pod?.volumes?.find(({ projected }) => projected);
    const mount = pod?.containers[0]?.volumeMounts?.find(({ name }) => name === volume?.name);
    expect(mount).to.deep.equal({ mountPath: WHERE_PROGRAMS_LOOK, name: volume?.name, readOnly: true });
    const paths = JSON.stringify(volume?.projected).match(/"path":"[^"]+"/g);
    expect(paths).to.deep.equal(['"path":"token"', '"path":"ca.crt"', '"path":"namespace"']);
  });
});
