import { expect } from 'chai';
import type { AdmissionRequest } from '../../webhook/admission.ts';
import { readReview } from '../../webhook/admission.ts';
import { patchOf } from '../../webhook/patch.ts';
import { mutateReview, validateReview } from '../../webhook/review.ts';

const NOW = new Date('2026-11-21T00:00:00Z');

function database(spec: object, metadata: object = {}): object {
  return {
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name: 'orders', namespace: 'shop', ...metadata },
    spec: { version: '16', storage: { size: '10Gi' }, ...spec },
  };
}

function request(parts: Partial<AdmissionRequest>): AdmissionRequest {
  const kind = { group: 'db.example.com', version: 'v1alpha1', kind: 'Database' };
  return { uid: 'a-uid', operation: 'CREATE', kind, name: 'orders', namespace: 'shop', ...parts };
}

const MYSQL = { engine: 'mysql', version: '8.4' };
const create = (spec: object): AdmissionRequest => request({ object: database(spec) });
const update = (was: object, now: object, metadata?: object): AdmissionRequest =>
  request({ operation: 'UPDATE', oldObject: database(was), object: database(now, metadata) });
const remove = (spec: object, metadata?: object): AdmissionRequest =>
  request({ operation: 'DELETE', oldObject: database(spec, metadata) });

const VERIFIED = { lastVerified: { name: '20261120-020000F', time: '2026-11-20T05:00:00Z', result: 'Succeeded' } };
const STALE = { lastVerified: { name: '20261101-020000F', time: '2026-11-01T05:00:00Z', result: 'Succeeded' } };
const FAILED = { lastVerified: { time: '2026-11-20T05:00:00Z', result: 'Failed' } };
const CONFIRMED = { generation: 2, annotations: { 'db.example.com/confirm-delete': 'orders' } };

/** A spec whose gate stands before its deletion and a change of its destination. */
function guarded(
  destination = 'gs://acme/orders',
  gate: object = { before: ['Deletion', 'DestinationChange'] },
): object {
  return { deletionPolicy: 'Delete', backup: { destination, verify: { schedule: '@daily', gate } } };
}

/** The confirmed deletion of a Database with a gate and a status; without one when that is undefined. */
function removeGuarded(status: object | undefined, spec = guarded()): AdmissionRequest {
  return request({ operation: 'DELETE', oldObject: { ...database(spec, CONFIRMED), ...(status && { status }) } });
}

/** A change of such a Database. */
function updateGuarded(status: object, now: object, claimed: object = status): AdmissionRequest {
  const oldObject = { ...database(guarded(), { generation: 2 }), status };
  return request({ operation: 'UPDATE', oldObject, object: { ...database(now, { generation: 3 }), status: claimed } });
}

const LOOKED = { observedGeneration: 2 };
const WITHOUT_GATE = { deletionPolicy: 'Delete', backup: { destination: 'gs://others/orders' } };

describe('The verdict on an admission request', () => {
  it('tells all problems at once, as causes and in the message', () => {
    const { response } = validateReview(update({ version: '16' }, { version: '18', replicas: 12 }), NOW);
    const lines = [
      'spec.version: Invalid value: "18": must not skip a major version: the database runs 16; keep the major version, which cannot be changed yet (version-no-major-skip)',
      'spec.replicas: Invalid value: 12: must be between 1 and 9; choose a number from 1 to 9, best an odd one (replicas-range)',
    ];
    expect(response.allowed).to.equal(false);
    expect(response.status).to.include({ status: 'Failure', code: 422, reason: 'Invalid' });
    expect(response.status?.message).to.equal(`The Database "orders" is invalid:\n* ${lines.join('\n* ')}`);
    expect(response.status?.details?.causes.map(({ field, message }) => `${field}: ${message}`)).to.deep.equal(lines);
    expect(response.status?.details).to.include({ group: 'db.example.com', kind: 'Database', name: 'orders' });
  });

  const allowed: [string, AdmissionRequest][] = [
    ['a good object', create({})],
    ['a growing volume', update({}, { storage: { size: '20Gi' } })],
    [
      'a growth that is taken back, which no volume had followed',
      request({
        operation: 'UPDATE',
        oldObject: { ...database({ storage: { size: '20Gi' } }), status: { largestVolume: '10Gi' } },
        object: database({}),
      }),
    ],
    ['an object of another group', request({ object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} } })],
    ['a label on an object that newer rules would refuse', update({ replicas: 12 }, { replicas: 12 }, { labels: {} })],
    [
      'a change of one that has a name which is reserved by now',
      request({
        operation: 'UPDATE',
        oldObject: database({}, { name: 'default' }),
        object: database({ replicas: 3 }, { name: 'default' }),
      }),
    ],
    ['the end of a finalizer', update({ version: '9' }, { version: '9' }, { finalizers: [] })],
    [
      'the confirmation of a deletion on an object that newer rules would refuse',
      update({ replicas: 12 }, { replicas: 12 }, { annotations: { 'db.example.com/confirm-delete': 'orders' } }),
    ],
    ['the way back from what should not have been let in', update({ replicas: 12 }, { replicas: 3 })],
    ['a deletion with Retain', remove({ deletionPolicy: 'Retain' })],
    [
      'a deletion that was confirmed',
      remove({ deletionPolicy: 'Delete' }, { annotations: { 'db.example.com/confirm-delete': 'orders' } }),
    ],
    ['a deletion that was confirmed, of verified backups', removeGuarded({ ...LOOKED, ...VERIFIED })],
    [
      'a deletion whose gate stands before something else',
      removeGuarded(undefined, guarded(undefined, { before: ['DestinationChange'] })),
    ],
    [
      'a change of destination with verified backups',
      updateGuarded({ ...LOOKED, ...VERIFIED }, guarded('gs://others/x')),
    ],
    [
      'the removal of a gate alone',
      updateGuarded(LOOKED, { ...WITHOUT_GATE, backup: { destination: 'gs://acme/orders' } }),
    ],
    ['a deletion of what cannot be read', request({ operation: 'DELETE', oldObject: { spec: 7 } })],
  ];
  for (const [name, asked] of allowed) {
    it(`lets through ${name}`, () => {
      expect(validateReview(asked, NOW).response).to.deep.equal({ uid: 'a-uid', allowed: true });
    });
  }

  const refused: [string, AdmissionRequest, string][] = [
    [
      'a growth that is taken back, which a volume has followed',
      request({
        operation: 'UPDATE',
        oldObject: { ...database({ storage: { size: '20Gi' } }), status: { largestVolume: '20Gi' } },
        object: { ...database({}), status: { largestVolume: '1Gi' } },
      }),
      'storage-no-shrink',
    ],
    ['a shrinking volume', update({}, { storage: { size: '5Gi' } }), 'storage-no-shrink'],
    ['a field that is wrong, though the rest is as before', update({}, { replicas: 'three' }), 'schema-type'],
    [
      'an annotation that the rules refuse, though the spec is as before',
      update(MYSQL, MYSQL, { annotations: { 'db.example.com/rotate-credentials': 'now' } }),
      'rotation-engine',
    ],
    ['a new one with a reserved name', request({ object: database({}, { name: 'default' }) }), 'name-reserved'],
    [
      'members under the account of every pod, though the name is as before',
      request({
        operation: 'UPDATE',
        oldObject: database({}, { name: 'default' }),
        object: database({}, { name: 'default', annotations: { 'db.example.com/member-account': 'default' } }),
      }),
      'member-account',
    ],
    ['a deletion with Protect', remove({ deletionPolicy: 'Protect' }), 'deletion-protected'],
    ['a deletion of backups that were never verified', removeGuarded(LOOKED), 'deletion-proven'],
    ['a deletion of a Database without a status', removeGuarded(undefined), 'deletion-proven'],
    ['a deletion whose last verification failed', removeGuarded({ ...LOOKED, ...FAILED }), 'deletion-proven'],
    ['a deletion whose last verification is old', removeGuarded({ ...LOOKED, ...STALE }), 'deletion-proven'],
    [
      'a deletion right after a change of the spec, which the status does not know',
      removeGuarded({ observedGeneration: 1, ...VERIFIED }),
      'deletion-proven',
    ],
    [
      'a change of destination without a verification',
      updateGuarded(LOOKED, guarded('gs://others/x')),
      'destination-change-proven',
    ],
    [
      'a change of destination together with the removal of its gate',
      updateGuarded(LOOKED, WITHOUT_GATE),
      'destination-change-proven',
    ],
    [
      'a change of destination together with a verification that the change itself claims',
      updateGuarded(LOOKED, guarded('gs://others/x'), { ...LOOKED, ...VERIFIED }),
      'destination-change-proven',
    ],
    [
      'a change of destination with a longer age',
      updateGuarded({ ...LOOKED, ...STALE }, guarded('gs://others/x', { before: ['DestinationChange'], maxAge: 365 })),
      'destination-change-proven',
    ],
    ['the end of backups that are left behind', updateGuarded(LOOKED, {}), 'destination-change-proven'],
    ['a deletion with Delete that was not confirmed', remove({ deletionPolicy: 'Delete' }), 'deletion-confirmed'],
  ];
  for (const [name, asked, rule] of refused) {
    it(`refuses ${name}`, () => {
      const { response, findings } = validateReview(asked, NOW);
      expect(response.allowed).to.equal(false);
      expect(findings.map((finding) => finding.rule)).to.deep.equal([rule]);
    });
  }

  it('warns without refusing', () => {
    const { response } = validateReview(create({ replicas: 4 }), NOW);
    expect(response.allowed).to.equal(true);
    expect(response.warnings).to.have.length(1);
    expect(response.warnings?.[0]).to.match(/^spec\.replicas: .*\(replicas-odd\)$/);
  });

  it('keeps hostile text on its line', () => {
    const { response } = validateReview(create({ 'x\n* spec.version: fine\u001b[2J': 1 }), NOW);
    const lines = response.status?.message.split('\n') ?? [];
    expect(lines).to.have.length(2);
    expect(lines[1]).to.include('x\\n* spec.version: fine\\u001b[2J');
  });
});

describe('The defaults at admission', () => {
  it('are a patch that adds only what is absent', () => {
    const { patch, patchType } = mutateReview(
      create({ backup: { destination: 's3://b/p' }, deletionPolicy: 'Delete' }),
    );
    const steps = JSON.parse(Buffer.from(patch ?? '', 'base64').toString()) as { op: string; path: string }[];
    expect(patchType).to.equal('JSONPatch');
    expect(new Set(steps.map(({ op }) => op))).to.deep.equal(new Set(['add']));
    expect(steps).to.deep.include({ op: 'add', path: '/spec/engine', value: 'postgresql' });
    expect(steps).to.deep.include({ op: 'add', path: '/spec/backup/schedule', value: '0 2 * * *' });
    expect(steps.map(({ path }) => path)).to.not.include('/spec/deletionPolicy');
  });

  it('are no patch the second time', () => {
    const object = database({ backup: { destination: 's3://b/p' } }) as { spec: Record<string, unknown> };
    const { patch } = mutateReview(request({ object }));
    for (const { path, value } of JSON.parse(Buffer.from(patch ?? '', 'base64').toString()) as PatchStep[]) {
      const [, , ...parts] = path.split('/');
      const last = parts.pop() ?? '';
      const parent = parts.reduce<Record<string, unknown>>((at, part) => at[part] as typeof at, object.spec);
      parent[last] = value;
    }
    expect(mutateReview(request({ object }))).to.deep.equal({ uid: 'a-uid', allowed: true });
  });

  it('name a field as a JSON pointer does', () => {
    const original = { labels: {}, list: [{}, { a: null }] };
    const filled = { labels: { 'example.com/a~b': 'x' }, list: [{ b: 1 }, { a: 2 }] };
    expect(patchOf(original, filled)).to.deep.equal([
      { op: 'add', path: '/labels/example.com~1a~0b', value: 'x' },
      { op: 'add', path: '/list/0/b', value: 1 },
      { op: 'replace', path: '/list/1/a', value: 2 },
    ]);
  });
});

type PatchStep = ReturnType<typeof patchOf>[number];

describe('An AdmissionReview', () => {
  const good = { uid: 'u', operation: 'CREATE', kind: { group: 'g', version: 'v', kind: 'K' }, object: {} };
  const review = (asked: unknown): object => ({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: asked,
  });

  it('is read with its fields', () => {
    const read = readReview(review({ ...good, name: 'n', namespace: 's', oldObject: null }));
    expect(read).to.deep.equal({ ok: true, request: { ...good, name: 'n', namespace: 's' } });
  });

  const wrong: [string, unknown, RegExp][] = [
    ['nothing', undefined, /must be an AdmissionReview/],
    ['a list', [], /must be an AdmissionReview/],
    ['another kind', { kind: 'Pod' }, /must be an AdmissionReview/],
    ['another version', { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1beta1' }, /apiVersion must be/],
    ['no request', review(null), /request must be/],
    ['no uid', review({ ...good, uid: '' }), /uid must be set/],
    ['a uid without end', review({ ...good, uid: 'u'.repeat(10_000) }), /uid must be set/],
    ['an unknown operation', review({ ...good, operation: 'PATCH' }), /operation must be/],
    ['no kind', review({ ...good, kind: 'Database' }), /kind must be/],
  ];
  for (const [name, body, problem] of wrong) {
    it(`is not ${name}`, () => {
      const read = readReview(body);
      expect(read.ok).to.equal(false);
      expect(!read.ok && read.problem).to.match(problem);
    });
  }
});
