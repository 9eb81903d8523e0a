import { expect } from 'chai';
import type { StoredDatabase } from '../../../cli/kubectl/objects.ts';
import { stampedName } from '../../../cli/kubectl/stamp.ts';
import { RUNS_MS } from '../run.ts';
import type { Answer } from './fake-kubectl.ts';
import { withFakeKubectl } from './fake-kubectl.ts';
import { storedDatabase } from './stored.ts';

const GET = 'get databases.db.example.com orders';
const THERE: Answer = { to: GET, stdout: storedDatabase({ phase: 'Running', primary: 'orders-0' }) };

/** A Database whose annotation for switchovers is kept by a program. */
function keptBy(manager: string): StoredDatabase {
  const fieldsV1 = { 'f:metadata': { 'f:annotations': { 'f:db.example.com/switchover': {} } } };
  const database = storedDatabase({ phase: 'Running', primary: 'orders-0' });
  return { ...database, metadata: { ...database.metadata, managedFields: [{ manager, fieldsV1 }] } };
}

describe('kubectl ballast switchover', function () {
  this.timeout(RUNS_MS);

  it('writes the annotation, and gives up waiting when the time is over', async () => {
    const { code, stderr, calls } = await withFakeKubectl(
      ['switchover', 'orders', 'orders-1', '--timeout', '0'],
      [THERE, { to: 'annotate' }],
    );
    const annotate = calls.find(({ args: [verb] }) => verb === 'annotate')?.args ?? [];
    expect(annotate.slice(0, 3)).to.deep.equal(['annotate', 'databases.db.example.com', 'orders']);
    expect(annotate[3]).to.match(/^db\.example\.com\/switchover=orders-1@\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(annotate.slice(4)).to.deep.equal(['--overwrite', '--field-manager=kubectl-ballast']);
    expect(code).to.equal(1);
    expect(stderr).to.equal(
      'asked for a switchover to orders-1; the primary is orders-0\n' +
        'kubectl ballast: not done after 0 seconds; it stays asked for: kubectl ballast status orders says what it waits for\n',
    );
  });

  it('leaves the annotation alone where Git keeps it', async () => {
    const { code, stderr, calls } = await withFakeKubectl(
      ['switchover', 'orders'],
      [{ to: GET, stdout: keptBy('argocd-controller') }],
    );
    expect({ code, calls: calls.length }).to.deep.equal({ code: 1, calls: 1 });
    expect(stderr).to.match(
      /^kubectl ballast: argocd-controller writes the annotation .*; change it in Git, or take it out there first\n$/,
    );
  });

  for (const manager of ['kubectl-ballast', 'kubectl-annotate']) {
    it(`writes over what ${manager} wrote`, async () => {
      const { calls } = await withFakeKubectl(
        ['switchover', 'orders', '--timeout', '0'],
        [{ to: GET, stdout: keptBy(manager) }, { to: 'annotate' }],
      );
      expect(calls.map(({ args: [verb] }) => verb)).to.include('annotate');
    });
  }
});

describe('kubectl ballast backup', function () {
  this.timeout(RUNS_MS);
  const phase = (name: string, message?: string): object => ({ status: { phase: name, ...(message && { message }) } });
  const looks = (...seen: readonly object[]): Answer[] =>
    seen.map((stdout) => ({ to: 'get databasebackups.db.example.com orders-', stdout }));

  it('makes a DatabaseBackup, and tells its phases until it succeeded', async () => {
    const { code, stderr, calls } = await withFakeKubectl(
      ['backup', 'orders', '--type', 'full', '--keep-forever'],
      [THERE, { to: 'create' }, ...looks({}, phase('Running'), phase('Succeeded', 'made'))],
    );
    const create = calls.find(({ args: [verb] }) => verb === 'create');
    expect(create?.args).to.deep.equal(['create', '--filename=-', '--field-manager=kubectl-ballast']);
    const { metadata, spec } = JSON.parse(create?.input ?? '{}') as { metadata: { name: string }; spec: object };
    expect(spec).to.deep.equal({ databaseRef: { name: 'orders' }, type: 'full', keepForever: true });
    expect(stderr).to.equal(`DatabaseBackup ${metadata.name} is made\nPending\nRunning\nSucceeded: made\n`);
    expect(code).to.equal(0);
  });

  it('fails as the backup does', async () => {
    const answers = [THERE, { to: 'create' }, ...looks(phase('Failed', 'the bucket does not answer'))];
    const { code, stderr } = await withFakeKubectl(['backup', 'orders'], answers);
    expect(code).to.equal(1);
    expect(stderr).to.match(/\nFailed: the bucket does not answer\n$/);
  });

  it('goes on waiting when a look fails', async () => {
    const away: Answer = { to: 'get databasebackups.db.example.com orders-', code: 1, stderr: 'connection refused' };
    const answers = [THERE, { to: 'create' }, away, ...looks(phase('Succeeded'))];
    expect((await withFakeKubectl(['backup', 'orders'], answers)).code).to.equal(0);
  });
});

describe('The name of an object that is made now', () => {
  const now = new Date('2026-11-28T09:59:07.123Z');
  const names: readonly (readonly [database: string, what: string, name: string])[] = [
    ['orders', '', 'orders-20261128-095907'],
    ['orders', 'restore', 'orders-restore-20261128-095907'],
    ['a'.repeat(40), 'restore', `${'a'.repeat(16)}-restore-20261128-095907`],
    [`${'a'.repeat(15)}-${'b'.repeat(9)}`, 'restore', `${'a'.repeat(15)}-restore-20261128-095907`],
  ];
  for (const [database, what, name] of names) {
    it(`is ${name}`, () => {
      expect(stampedName(database, what, now)).to.equal(name);
      expect(name.length).to.be.at.most(40);
    });
  }
});
