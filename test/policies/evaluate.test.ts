import { expect } from 'chai';
import { describeProblem, formatPath } from '../../database/finding.ts';
import type { Finding } from '../../database/finding.ts';
import type { Change } from '../../policies/evaluate.ts';
import { evaluate, evaluateTree } from '../../policies/evaluate.ts';
import { OBJECT_RULES } from '../../policies/rules/index.ts';
import { summarize } from '../../policies/summary.ts';
import { CONTEXT, seen, written } from '../contract/objects.ts';
import { kept } from './kept.ts';

/** A Database that is written, or changed when there are fields of the one before. */
function database(spec: object, was?: object): Change {
  const object = seen(written('Database', { spec }));
  return was ? { object, old: seen(written('Database', { spec: was })) } : { object };
}

/** A finding as every report words it. */
function line(finding: Finding): string {
  return `${formatPath(finding.path)}: ${describeProblem(finding)}; ${finding.remedy} (${finding.rule})`;
}

const linesOf = (change: Change): string[] => kept(evaluate(change, CONTEXT)).map(line);
const rulesOf = (change: Change): string[] => kept(evaluate(change, CONTEXT)).map(({ rule }) => rule);

/** A change of the destination of a Database with a gate and a status. */
function guarded(status: object | undefined): Change {
  const verify = { schedule: '@daily', gate: { before: ['DestinationChange'] } };
  const at = (destination: string): object => ({ backup: { destination, verify } });
  const spec = at('gs://acme/orders');
  const was = written('Database', { spec, metadata: { generation: 4 }, ...(status && { status }) });
  return { object: seen(written('Database', { spec: at('gs://others/orders') })), old: seen(was) };
}

const ASKED = 'must not leave the backups in gs://acme/orders behind unless they were verified in the last 7 days';
const VERIFY =
  'verify them (kubectl -n shop create job --from=cronjob/orders-verify orders-verify-now) until status.lastVerified is Succeeded, or remove spec.backup.verify.gate first, in a change of its own (destination-change-proven)';

const ODD = 'choose a number from 1 to 9, best an odd one (replicas-range)';

/** Changes, and every line that is said about them. */
const MESSAGES: Readonly<Record<string, readonly [change: Change, lines: readonly string[]]>> = {
  'the example of the contract': [
    database({ version: '18', replicas: 12 }, { version: 16 }),
    [
      'spec.version: Invalid value: "18": must not skip a major version: the database runs 16; keep the major version, which cannot be changed yet (version-no-major-skip)',
      `spec.replicas: Invalid value: 12: must be between 1 and 9; ${ODD}`,
    ],
  ],
  'a problem without a value, where there is none': [
    database({ backup: { schedule: '@daily', enabled: true } }),
    [
      'spec.backup.destination: must be set while backups are enabled; add destination, for example s3://bucket/prefix or pvc://, or set enabled to false (backup-destination-required)',
    ],
  ],
  'a secret, which is not repeated': [
    database({ backup: { enabled: true, destination: 's3://key:hunter2@acme/orders' } }),
    [
      'spec.backup.destination: must not hold credentials; remove them, change them where they were issued, and name a Secret in credentialsSecret of the long form (backup-destination-no-credentials)',
    ],
  ],
  'a store without TLS, whose scheme must not just be left out': [
    database({ backup: { enabled: true, destination: { s3: { bucket: 'acme', endpoint: 'http://minio:9000' } } } }),
    [
      'spec.backup.destination.s3.endpoint: Invalid value: "http://minio:9000": must be host or host:port; give the store a certificate and write its host:port: backups go over TLS only, and without the scheme every backup would fail (backup-destination-form)',
    ],
  ],
  'options of a URL, which may be keys': [
    database({ backup: { enabled: true, destination: 's3://acme/orders?secret=hunter2' } }),
    [
      'spec.backup.destination: must not have options after ? or #; use the long form, such as s3: {bucket, prefix, region, endpoint}, for options (backup-destination-form)',
    ],
  ],
  'a gate that is shut, with what opens it': [
    guarded({
      observedGeneration: 4,
      lastVerified: { name: '20261109-020000F', time: '2026-11-09T05:00:00Z', result: 'Succeeded' },
    }),
    [
      `spec.backup.destination: ${ASKED}: the verification of 20261109-020000F ended at 2026-11-09T05:00:00Z, 11 days ago; ${VERIFY}`,
    ],
  ],
  'a gate whose status is about an earlier spec': [
    guarded({
      observedGeneration: 3,
      lastVerified: { name: '20261119-020000F', time: '2026-11-19T05:00:00Z', result: 'Succeeded' },
    }),
    [`spec.backup.destination: ${ASKED}: the controller has not looked at the present spec yet; ${VERIFY}`],
  ],
  'a gate that no file can open': [
    guarded(undefined),
    [
      `spec.backup.destination: ${ASKED}: the API server refuses it otherwise, and no file says whether they were; ${VERIFY}`,
    ],
  ],
  'a name with a dot, in brackets': [
    database({ parameters: { 'a.b.c': '1' } }),
    [
      'spec.parameters[a.b.c]: must have a name in the form of PostgreSQL’s settings; write the name as the engine’s manual does, such as max_connections (parameters-name)',
    ],
  ],
  'an entry of a list': [
    database({ networkPolicy: { from: [{ podSelector: {} }, {}] } }),
    [
      'spec.networkPolicy.from[1]: must have podSelector, namespaceSelector or ipBlock; write exceptions inside their range, and one kind of peer an entry (network-policy-peer)',
    ],
  ],
};

/** A Database with a mistake in each of its parts, in the order of their rules. */
const MANY = database({
  storage: { size: '20GB' },
  parameters: { port: 1 },
  backup: { enabled: true, schedule: '0 2 L * *', timeZone: 'europe/berlin', destination: 's3://acme/../x' },
  replicas: 10,
  version: 13,
});

const PROTECTED = seen(written('Database', { spec: { deletionPolicy: 'Protect' } }));

describe('Findings', () => {
  for (const [name, [change, lines]] of Object.entries(MESSAGES)) {
    it(`are worded as the contract says: ${name}`, () => {
      expect(linesOf(change)).to.deep.equal(lines);
    });
  }

  it('are reported all at once, in the order of the rules and not of the fields', () => {
    const order = OBJECT_RULES.map(({ id }) => id);
    const found = rulesOf(MANY);
    expect(found).to.have.members([
      ...['version-supported', 'replicas-range', 'storage-quantity', 'parameters-owned'],
      ...['schedule-valid', 'time-zone-known', 'backup-destination-no-traversal', 'backup-destination-region'],
    ]);
    expect(found).to.deep.equal([...found].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
  });

  it('are not reported about the immutable beginning of an existing object', () => {
    const spec = { bootstrap: { restore: { from: 'billing', destination: 'file://acme/billing' } } };
    expect(rulesOf(database(spec))).to.deep.equal(['backup-destination-form']);
    expect(rulesOf(database({ ...spec, replicas: 3 }, spec))).to.deep.equal([]);
    const other = { bootstrap: { restore: { from: 'billing', destination: 'file://acme/b' } } };
    expect(rulesOf(database(other, spec))).to.have.members(['backup-destination-form', 'bootstrap-immutable']);
  });

  it('are the same each time, and leave the objects as they were', () => {
    const before = structuredClone(MANY);
    expect(linesOf(MANY)).to.deep.equal(linesOf(MANY));
    expect(MANY).to.deep.equal(before);
  });
});

describe('The occasion', () => {
  const shrunk = { storage: { size: '5Gi' } };
  const remembered = seen(written('Database'));

  it('of an update brings the rules about updates, on top of the others', () => {
    expect(rulesOf(database({ ...shrunk, replicas: 0 }, {}))).to.deep.equal(['replicas-range', 'storage-no-shrink']);
  });

  it('of a creation has no object before', () => {
    expect(rulesOf(database(shrunk))).to.deep.equal([]);
  });

  it('of a deletion brings the rules about deletion alone', () => {
    expect(rulesOf({ object: PROTECTED, deleted: true })).to.deep.equal(['deletion-protected']);
    expect(rulesOf({ object: PROTECTED })).to.deep.equal([]);
    const wrong = seen(written('Database', { spec: { replicas: 0, storage: { size: '1' } } }));
    expect(rulesOf({ object: wrong, old: remembered, deleted: true })).to.deep.equal([]);
  });

  it('decides by the kind: a rule about Databases is not asked about a user', () => {
    const user = seen(written('DatabaseUser', { spec: { username: 'postgres', replicas: 0 } }));
    expect(rulesOf({ object: user })).to.deep.equal(['user-name']);
  });
});

describe('The clock', () => {
  const destination = { s3: { bucket: 'acme-backups', region: 'eu-central-1' } };
  const restore = (targetTime: string): Change =>
    database({ bootstrap: { restore: { from: 'orders', targetTime, destination } } });
  const at = (now: string, change: Change): string[] =>
    kept(evaluate(change, { now: new Date(now) })).map(({ rule }) => rule);

  it('is the one that is given: a moment is in the future until it has come', () => {
    const change = restore('2027-01-01T00:00:00Z');
    expect(at('2026-12-31T23:59:59.999Z', change)).to.deep.equal(['bootstrap-target-time']);
    expect(at('2027-01-01T00:00:00Z', change)).to.deep.equal([]);
  });

  it('is the one that is given: a release has its support to the end of its last day', () => {
    const change = database({ engine: 'mysql', version: '8.0' });
    expect(at('2026-04-30T23:59:59Z', change)).to.deep.equal([]);
    expect(at('2026-05-01T00:00:00Z', change)).to.deep.equal(['version-end-of-life']);
  });
});

describe('Findings about a tree', () => {
  it('come with the object that they are about, the later of two', () => {
    const destination = 's3://acme/shop';
    const named = (name: string) =>
      summarize(seen(written('Database', { metadata: { name }, spec: { backup: { destination } } })));
    const tree = [named('orders'), named('billing')];
    const [found, ...others] = evaluateTree(tree);
    expect(others).to.deep.equal([]);
    expect(found?.of).to.equal(tree[1]);
    expect(line(found!.finding)).to.equal(
      'spec.backup.destination: must not be shared: Database shop/orders backs up there too; give each its own prefix, for example s3://bucket/<namespace>/<name> (backup-path-unique)',
    );
  });
});
