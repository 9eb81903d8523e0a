import { expect } from 'chai';
import fc from 'fast-check';
import type { Database } from '../../database/object.ts';
import type { Settings } from '../../database/types.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { familyOf } from '../../database/family.ts';
import { manifestsToYaml, render } from '../../generator/render.ts';
import { changes } from '../contract/specs.ts';
import { seen, written as example } from '../contract/objects.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import { admit, databases, settings, written } from './databases.ts';
import { containersOf, labelsOf, nameOf, podsOf, referencesOf, selectorsOf, waveOf } from './manifests.ts';

/** Holds whatever a Database and an installation look like. */
function always(check: (manifests: Manifest[], database: Database, installation: Settings) => void): void {
  fc.assert(
    fc.property(databases, settings, (database, installation) => {
      check(render(familyOf(database), installation), database, installation);
    }),
    { numRuns: 300 },
  );
}

const ofKind = (manifests: readonly Manifest[], kind: string): Manifest[] =>
  manifests.filter((manifest) => manifest.kind === kind);

/** The same value with the keys of every map in another order. */
function shuffled<T>(value: T): T {
  if (Array.isArray(value)) return value.map(shuffled) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, child]): [string, unknown] => [name, shuffled(child)]);
  return Object.fromEntries(entries.reverse()) as T;
}

/** What members and their clients need beside the account, as suffixes of the names. */
const SERVING = ['primary', 'replica', 'pods', 'settings'];

/** The account that members run under. */
function podAccountOf(manifests: readonly Manifest[]): string | undefined {
  const [set] = ofKind(manifests, 'StatefulSet') as unknown as {
    spec: { template: { spec: { serviceAccountName: string } } };
  }[];
  return set?.spec.template.spec.serviceAccountName;
}

/** The manifests whose annotation tells Argo CD how to sync them in these words. */
const withSyncOptions = (manifests: readonly Manifest[], options: string): Manifest[] =>
  manifests.filter(({ metadata }) => {
    const { annotations } = metadata as { annotations: Record<string, string> };
    return annotations['argocd.argoproj.io/sync-options'] === options;
  });

describe('Every Database that the rules admit', function () {
  this.timeout(20_000);

  it('is rendered: Databases that are all meant to be right', () => {
    fc.assert(
      fc.property(written, settings, (object, installation) => {
        expect(manifestsToYaml(render(familyOf(admit(object)), installation))).to.match(
          /^---\napiVersion: db\.example\.com/,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('is rendered: Databases of any fields, most of which the rules refuse', () => {
    const fewFields = fc.tuple(changes('Database'), fc.infiniteStream(fc.nat())).map(([{ now }, numbers]) => {
      const fields = Object.entries(now.spec ?? {});
      const some = Array.from({ length: 2 }, () => fields[Number(numbers.next().value) % fields.length]);
      return Object.fromEntries(some.filter((field) => field !== undefined));
    });
    const samples = fc.sample(fewFields, { numRuns: 2000, seed: 20261120 });
    const admitted = samples.flatMap((spec) => {
      try {
        return [admit(example('Database', { spec }))];
      } catch {
        return [];
      }
    });
    expect(admitted.length).to.be.within(300, 1900);
    for (const database of admitted) expect(render(familyOf(database), NO_SETTINGS)).to.have.length.above(9);
  });
});

describe('Rendering', () => {
  it('gives the same bytes each time, and leaves its input alone', () => {
    always((manifests, database, installation) => {
      const [before, text] = [JSON.stringify([database, installation]), manifestsToYaml(manifests)];
      expect(manifestsToYaml(render(familyOf(structuredClone(database)), structuredClone(installation)))).to.equal(
        text,
      );
      expect(JSON.stringify([database, installation])).to.equal(before);
    });
  });

  it('gives the same objects whatever the order of fields in the source', () => {
    fc.assert(
      fc.property(written, settings, (object, installation) => {
        expect(render(familyOf(admit(shuffled(object))), shuffled(installation))).to.deep.equal(
          render(familyOf(admit(object)), installation),
        );
      }),
    );
  });

  it('does not depend on the environment or the time zone', () => {
    const kept = { TZ: process.env['TZ'], LANG: process.env['LANG'] };
    const samples = fc.sample(fc.tuple(databases, settings), { numRuns: 50, seed: 1 });
    const all = (): string[] => samples.map(([database, own]) => manifestsToYaml(render(familyOf(database), own)));
    const before = all();
    try {
      Object.assign(process.env, { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8' });
      expect(all()).to.deep.equal(before);
    } finally {
      for (const [name, value] of Object.entries(kept)) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    }
  });
});

/** Places of a first backup that an earlier version let in. */
const EARLIER: readonly unknown[] = [
  undefined,
  {},
  'file://acme/billing',
  's3://key:secret@acme/billing',
  { s3: { bucket: 'acme', region: 'x\nrecovery-option=archive_cleanup_command=false' } },
  { s3: { bucket: 'acme', endpoint: 'user:pass@\nminio' } },
];

describe('A Database that began with a backup before the rules refused its place', () => {
  for (const destination of EARLIER) {
    it(`never begins empty: ${JSON.stringify(destination)}`, () => {
      const restore = { from: 'billing', ...(destination !== undefined && { destination }) };
      const database = seen(example('Database', { spec: { bootstrap: { restore } } })) as Database;
      const config = render(familyOf(database), NO_SETTINGS).find((manifest) => nameOf(manifest) === 'orders-settings');
      const files = config?.['data'] as Readonly<Record<string, string>>;
      expect(files['patroni.yaml']).to.include('method: restore');
      expect(files).not.to.have.property('pgbackrest-restore.conf');
    });
  }
});

describe('What is rendered', function () {
  this.timeout(20_000);

  it('begins with the Database itself, whole', () => {
    always(([first], database) => {
      expect(first?.kind).to.equal('Database');
      expect(first?.['spec']).to.deep.equal(database.spec);
    });
  });

  it('can be written into one file: no object comes twice, all are in the namespace of the Database', () => {
    always((manifests, { metadata }) => {
      const keys = manifests.map((manifest) => `${manifest.kind} ${nameOf(manifest)}`);
      expect(new Set(keys).size).to.equal(keys.length);
      for (const manifest of manifests) expect(manifest['metadata']).to.include({ namespace: metadata.namespace });
    });
  });

  it('comes in the order of the waves, but for what is in the wave of the StatefulSet', () => {
    always((manifests) => {
      const waves = manifests.map(waveOf);
      expect(waves.every(Number.isInteger)).to.equal(true);
      expect(waves[0]).to.be.below(Math.min(...waves.slice(1)));
      const set = waveOf(ofKind(manifests, 'StatefulSet')[0]!);
      for (const claim of ofKind(manifests, 'PersistentVolumeClaim')) expect(waveOf(claim)).to.be.at.least(set);
      for (const kind of ['ConfigMap', 'ServiceAccount', 'Role', 'RoleBinding', 'NetworkPolicy']) {
        const used = ofKind(manifests, kind).filter((one) => !nameOf(one).endsWith('-dashboard'));
        for (const one of used) expect(waveOf(one), kind).to.be.below(set);
      }
    });
  });

  it('holds no Secret, and no owner that could take the data along', () => {
    always((manifests) => {
      expect(ofKind(manifests, 'Secret')).to.deep.equal([]);
      expect(JSON.stringify(manifests.slice(1))).to.not.contain('ownerReferences');
    });
  });

  it('keeps Argo CD from pruning or deleting what holds data, what members need to serve, and nothing else', () => {
    always((manifests, { metadata: { name } }) => {
      const kept = withSyncOptions(manifests, 'Prune=false,Delete=false');
      const held = manifests.filter(
        (manifest) =>
          ['PersistentVolumeClaim', 'StatefulSet', 'Role', 'RoleBinding'].includes(manifest.kind) ||
          (manifest.kind === 'ServiceAccount' && nameOf(manifest) === podAccountOf(manifests)) ||
          SERVING.some((suffix) => nameOf(manifest) === `${name ?? ''}-${suffix}`),
      );
      expect(kept.map(nameOf)).to.deep.equal(held.map(nameOf));
      // What may go goes only when nothing is refused that stands in an earlier wave, as the Database.
      expect([...kept, ...withSyncOptions(manifests, 'PruneLast=true')]).to.have.members(manifests.slice(1));
    });
  });

  it('has no members and no alerts while the Database hibernates, and everything else as before', () => {
    fc.assert(
      fc.property(databases, settings, (object, installation) => {
        const awake = admit(object);
        const annotations = { ...awake.metadata.annotations, 'db.example.com/hibernate': 'true' };
        const asleep = render(familyOf({ ...awake, metadata: { ...awake.metadata, annotations } }), installation).slice(
          1,
        );
        const [set] = ofKind(asleep, 'StatefulSet') as unknown as { spec: { replicas: number } }[];
        expect(set?.spec.replicas).to.equal(0);
        const rest = render(familyOf(awake), installation).filter(
          ({ kind }) => !['StatefulSet', 'PrometheusRule'].includes(kind),
        );
        expect(asleep.filter((one) => one !== (set as unknown))).to.deep.equal(rest.slice(1));
      }),
    );
  });

  it('has a claim of the asked size for each member, under the name that the StatefulSet looks for', () => {
    always((manifests, { metadata, spec }) => {
      const set = ofKind(manifests, 'StatefulSet')[0] as unknown as {
        spec: { replicas: number; volumeClaimTemplates: { metadata: { name: string } }[] };
      };
      const template = set.spec.volumeClaimTemplates[0]?.metadata.name;
      const wanted = Array.from({ length: set.spec.replicas }, (_, at) => `${template}-${metadata.name}-${at}`);
      const claims = ofKind(manifests, 'PersistentVolumeClaim').map(nameOf);
      expect(claims.filter((name) => name !== `${metadata.name}-backup`)).to.deep.equal(wanted);
      if (spec.replicas !== undefined) expect(wanted).to.have.lengthOf(spec.replicas);
    });
  });

  it('selects only pods that are there, by labels that they have', () => {
    always((manifests) => {
      const pods = podsOf(manifests).map(labelsOf);
      const role = 'db.example.com/role';
      const selectors = selectorsOf(manifests);
      expect(selectors.length).to.be.above(4);
      for (const { of, selector } of selectors) {
        const { [role]: ignored, ...fixed } = selector;
        expect(Object.keys(fixed), of).to.not.be.empty;
        const selected = pods.filter((labels) =>
          Object.entries(fixed).every(([name, value]) => labels[name] === value),
        );
        // Jobs that back up and verify, and the host of the repository, are held by one policy.
        expect(selected.length, of).to.be.within(1, of.startsWith('NetworkPolicy') ? 3 : 1);
        if (ignored !== undefined) expect(['primary', 'replica'], of).to.include(ignored);
      }
    });
  });

  it('has Services whose ports some container listens at, once backups and monitoring are on', () => {
    always((manifests, { spec }, installation) => {
      const open = podsOf(manifests)
        .flatMap(containersOf)
        .flatMap(({ ports = [] }) => ports.map((one) => one.containerPort));
      const asked = ofKind(manifests, 'Service').flatMap((service) =>
        (service['spec'] as { ports: { targetPort: number }[] }).ports.map(({ targetPort }) => targetPort),
      );
      const off = spec.backup?.enabled ? [] : [8432];
      expect(asked).to.not.be.empty;
      expect(asked.filter((port) => !open.includes(port) && !off.includes(port))).to.deep.equal([]);
      if (spec.monitoring?.enabled ?? installation.monitoring)
        expect(ofKind(manifests, 'ServiceMonitor')).to.have.lengthOf(1);
    });
  });

  it('gives the exporter of PostgreSQL neither keys nor data', () => {
    always((manifests) => {
      const members = podsOf(manifests).filter(
        ({ metadata }) => metadata.labels['app.kubernetes.io/name'] === 'postgresql',
      );
      for (const { volumeMounts = [] } of members.flatMap(containersOf).filter(({ name }) => name === 'exporter')) {
        expect(volumeMounts.map(({ name }) => name)).to.deep.equal(['settings', 'socket']);
      }
    });
  });

  it('refers to objects that are rendered, that the controller makes, or that the user named', () => {
    always((manifests, { metadata: { name }, spec }) => {
      const made = ['superuser', 'replication', 'app', 'tls', 'backup-key'].map((suffix) => `Secret ${name}-${suffix}`);
      const own = [spec.backup?.destination, spec.bootstrap?.restore?.destination].flatMap((destination) => {
        const { s3, gcs, azure } = typeof destination === 'object' ? destination : {};
        return [s3, gcs, azure].flatMap((bucket) => [bucket?.credentialsSecret, bucket?.caSecret]);
      });
      own.push(spec.bootstrap?.restore?.encryptionSecret);
      const named = own.map((secret) => `Secret ${secret ?? ''}`);
      const known = [...manifests.map((one) => `${one.kind} ${nameOf(one)}`), ...made, ...named];
      const references = podsOf(manifests).flatMap(referencesOf);
      expect(references).to.include(`ConfigMap ${name}-settings`);
      expect(references.filter((reference) => !known.includes(reference))).to.deep.equal([]);
    });
  });

  it('mounts only volumes of the pod, and the pod has no unmounted volume', () => {
    always((manifests) => {
      for (const pod of podsOf(manifests)) {
        const { volumes = [] } = pod.spec;
        const mounted = containersOf(pod).flatMap(({ volumeMounts = [] }) => volumeMounts.map((mount) => mount.name));
        const there = [...volumes.map((volume) => volume.name), ...(pod.of === 'StatefulSet' ? ['data'] : [])];
        expect([...new Set(mounted)].sort()).to.deep.equal(there.sort());
      }
    });
  });

  it('gives every container requests and limits, of processor time too where the server has one', () => {
    always((manifests) => {
      for (const pod of podsOf(manifests)) {
        const [server, ...beside] = containersOf(pod).map(({ resources }) => resources);
        const isLimited = pod.of === 'StatefulSet' && server?.limits?.['cpu'] !== undefined;
        for (const { limits, requests } of beside) {
          expect(limits).to.include.keys('memory', ...(isLimited ? ['cpu'] : []));
          expect(requests).to.have.keys('cpu', 'memory');
        }
      }
    });
  });

  it('runs every container under the restricted pod security standard', () => {
    always((manifests) => {
      for (const pod of podsOf(manifests)) {
        expect(pod.spec.securityContext).to.deep.include({
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
        });
        for (const { name, securityContext } of containersOf(pod)) {
          // Of the server the exporter may ask less than the account of the pod.
          const account = name === 'exporter' && pod.metadata.labels['app.kubernetes.io/name'] === 'postgresql';
          expect(securityContext).to.deep.equal({
            ...(account && { runAsUser: 998 }),
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
          });
        }
      }
    });
  });
});
