import { expect } from 'chai';
import { quantityOf } from '../../../database/resolve.ts';
import { familyOf } from '../../../database/family.ts';
import { NO_SETTINGS } from '../../../database/settings.ts';
import { OWNER, SYSTEM_IDENTIFIER } from '../../../database/vocabulary.ts';
import type { Database } from '../../../database/object.ts';
import { render } from '../../../generator/render.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import type { Plain } from '../../../lab/world/objects.ts';
import { part } from '../../../lab/world/objects.ts';
import type { Scene } from '../../../lab/world/scene.ts';
import { KEY, NAME, NAMESPACE, conditionOf, leaderOf, statusOf } from '../../../lab/world/stage.ts';
import { filledDatabase } from '../../../lab/filled-database.ts';

/** The reason of a condition that holds; its status when it does not. */
export function conditionIn(scene: Scene, type: string): unknown {
  const condition = conditionOf(scene, type);
  return condition?.['status'] === 'True' ? condition['reason'] : condition?.['status'];
}

/** Pods in the order of their names. */
export const podsOf = ({ fake }: Scene): KubernetesObject[] =>
  [...fake.all('Pod')].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));

/** The Database as it is stored, without what the API server adds. */
export function databaseIn({ fake }: Scene): Database {
  const stored = fake.get('Database', KEY);
  const { name = '', annotations = {} } = stored?.metadata ?? {};
  return filledDatabase({ name, namespace: NAMESPACE, annotations }, part(stored, 'spec'));
}

/** A part of an object as the API server would be sent it. */
const plain = (object: KubernetesObject | undefined, ...path: readonly string[]): unknown =>
  JSON.parse(JSON.stringify(part(object, ...path)));

/** The StatefulSet that the Database is rendered to. */
function renderedWorkload(scene: Scene): KubernetesObject {
  const found = render(familyOf(databaseIn(scene)), NO_SETTINGS).find(({ kind }) => kind === 'StatefulSet');
  return found as unknown as KubernetesObject;
}

/** The status reports the Database as fully as requested. */
function expectStatus(scene: Scene, members: number): void {
  const { phase, ready, primary } = statusOf(scene);
  expect({ phase, ready, primary }).to.deep.equal({
    phase: 'Running',
    ready: `${members}/${members}`,
    primary: leaderOf(scene),
  });
  expect(conditionIn(scene, 'Ready')).to.equal('Serving');
  expect([conditionIn(scene, 'Reconciling'), conditionIn(scene, 'Stalled')]).to.deep.equal(['False', 'False']);
}

/** All members are there, of the present template, and run with the settings that were asked for. */
function expectMembers(scene: Scene, members: number): void {
  const { fake, cluster } = scene;
  const pods = podsOf(scene);
  expect(pods.map(({ metadata }) => metadata.name)).to.deep.equal(
    Array.from({ length: members }, (_, ordinal) => `${NAME}-${ordinal}`),
  );
  const set = fake.get('StatefulSet', KEY);
  const rendered = renderedWorkload(scene);
  expect(part(set, 'spec')['replicas']).to.equal(members);
  expect(plain(set, 'spec', 'template', 'spec')).to.deep.equal(plain(rendered, 'spec', 'template', 'spec'));
  const { updateRevision } = part(set, 'status');
  expect(pods.map(({ metadata }) => metadata.labels?.['controller-revision-hash'])).to.deep.equal(
    pods.map(() => updateRevision),
  );
  const { parameters = {} } = databaseIn(scene).spec as { parameters?: Plain };
  const { max_connections = 100, max_files_per_process = 1000 } = parameters;
  const values = {
    max_connections: Number(max_connections),
    max_files_per_process: Number(max_files_per_process),
  };
  for (const pod of pods) {
    const { runs, taken } = cluster.patroni.processes.of(pod) ?? {};
    expect({ runs, taken }, pod.metadata.name).to.deep.equal({ runs: values, taken: values });
  }
}

/** Patroni keeps no slot of a member that left, and no setting that was lent to it. */
function expectPatroni({ fake }: Scene, members: number): void {
  const { retain_slots: slots = '' } = fake.get('ConfigMap', `${KEY}-leader`)?.metadata.annotations ?? {};
  expect(JSON.parse(slots), 'slots').to.have.length(members - 1);
  const { config = '' } = fake.get('ConfigMap', `${KEY}-config`)?.metadata.annotations ?? {};
  expect(JSON.parse(config)).to.not.have.any.keys('synchronous_node_count', 'member_slots_ttl');
}

const bytesOf = (quantity: unknown): bigint => quantityOf(String(quantity))!.nano;

/** Every claim of a member is marked as this Database's, and its volume at least as large as was asked for. */
function expectVolumes(scene: Scene, members: number): void {
  const { fake } = scene;
  const initialize = fake.get('ConfigMap', `${KEY}-config`)?.metadata.annotations?.['initialize'];
  const { size } = databaseIn(scene).spec.storage;
  for (let ordinal = 0; ordinal < members; ordinal += 1) {
    const claim = fake.get('PersistentVolumeClaim', `${KEY.replace('/', '/data-')}-${ordinal}`);
    const { [OWNER]: owner, [SYSTEM_IDENTIFIER]: system } = claim?.metadata.annotations ?? {};
    expect({ owner, system }).to.deep.equal({ owner: fake.get('Database', KEY)?.metadata.uid, system: initialize });
    expect(bytesOf(part(claim, 'status', 'capacity')['storage']) >= bytesOf(size), 'capacity').to.equal(true);
  }
}

/** Asserts that the Database is all that was asked for. */
export function expectDone(scene: Scene): void {
  const { replicas = 1 } = databaseIn(scene).spec;
  expectStatus(scene, replicas);
  expectMembers(scene, replicas);
  expectPatroni(scene, replicas);
  expectVolumes(scene, replicas);
}
