import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { merged } from '../../review/merge.ts';
import { SimulatedClock } from '../../lab/world/simulated-clock.ts';
import { isComplete } from '../complete.ts';
import { kept } from '../policies/kept.ts';
import { change, git, repositoryWith } from './git-repository.ts';
import type { Files, Run } from './run.ts';
import { RUNS_MS, ballast, folderWith, writeFiles } from './run.ts';
import { database } from './samples.ts';

type Changes = Readonly<Record<string, string | undefined>>;

const orders = (spec: object): string => database('orders', spec);
const TEN = { storage: { size: '10Gi' } };
const TWENTY = { storage: { size: '20Gi' } };
const bucket = (name: string): string =>
  database(name, {
    backup: { destination: { s3: { bucket: 'acme-backups', prefix: 'one', region: 'eu-central-1' } } },
  });
const user = (of: string): string =>
  `${JSON.stringify({
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'DatabaseUser',
    metadata: { name: 'reader', namespace: 'shop' },
    spec: { databaseRef: { name: of }, username: 'reader' },
  })}\n`;

/** A branch that began from files, and a main that went on since; the branch is checked out, its last change not committed. */
function diverged(
  start: Files,
  { theirs, ours, rest = {} }: { theirs: Changes; ours: Changes; rest?: Changes },
): string {
  const folder = repositoryWith({ '.keep': '', ...start });
  git(folder, 'checkout', '-q', '-b', 'feature');
  change(folder, ours);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'ours');
  git(folder, 'checkout', '-q', 'main');
  change(folder, theirs);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'theirs');
  git(folder, 'checkout', '-q', 'feature');
  change(folder, rest);
  return folder;
}

async function findings(folder: string): Promise<string[]> {
  const { stdout } = await ballast(folder, ['validate', '.', '--against', 'main', '--format', 'json']);
  return kept(JSON.parse(stdout) as { file: string; rule: string }[]).map(({ file, rule }) => `${file} ${rule}`);
}

interface Case {
  readonly start: Files;
  readonly theirs: Changes;
  readonly ours: Changes;
  readonly rest?: Changes;
  readonly found?: readonly string[];
}

const START: Files = { 'orders.yaml': orders(TEN) };

const CASES: Readonly<Record<string, Case>> = {
  'a branch that is behind, and adds something': {
    start: START,
    theirs: {
      'orders.yaml': orders({ ...TWENTY, deletionPolicy: 'Protect' }),
      'billing.yaml': database('billing', { deletionPolicy: 'Protect' }),
    },
    ours: { 'small.yaml': database('small') },
  },
  'a change of another field of the same object': {
    start: START,
    theirs: { 'orders.yaml': orders(TWENTY) },
    ours: { 'orders.yaml': orders({ ...TEN, replicas: 3 }) },
  },
  'the same change on both sides': {
    start: START,
    theirs: { 'orders.yaml': orders(TWENTY) },
    ours: { 'orders.yaml': orders(TWENTY) },
  },
  'a renamed folder, in which the other side went on': {
    start: { 'dbs/orders.yaml': orders(TEN) },
    theirs: { 'dbs/orders.yaml': orders({ ...TWENTY, version: '17.5' }) },
    ours: { 'dbs/orders.yaml': undefined, 'databases/shop/orders.yaml': orders(TEN) },
  },
  'what the other side removed and this one left alone': {
    start: { ...START, 'old.yaml': database('old') },
    theirs: { 'old.yaml': undefined },
    ours: {},
  },
  'a shrink of what the other side has grown': {
    start: START,
    theirs: { 'orders.yaml': orders(TWENTY) },
    ours: { 'orders.yaml': orders({ storage: { size: '15Gi' } }) },
    found: ['orders.yaml storage-no-shrink'],
  },
  'a shrink that is not committed': {
    start: START,
    theirs: { 'billing.yaml': database('billing') },
    ours: {},
    rest: { 'orders.yaml': orders({ storage: { size: '5Gi' } }) },
    found: ['orders.yaml storage-no-shrink'],
  },
  'a removal of what the other side has protected': {
    start: START,
    theirs: { 'orders.yaml': orders({ ...TEN, deletionPolicy: 'Protect' }) },
    ours: { 'orders.yaml': undefined },
    found: ['orders.yaml deletion-protected'],
  },
  'two places for backups that are one together': {
    start: START,
    theirs: { 'a.yaml': bucket('zebra') },
    ours: { 'b.yaml': bucket('aardvark') },
    found: ['b.yaml backup-path-unique'],
  },
  'a removal of what the other side refers to': {
    start: START,
    theirs: { 'user.yaml': user('orders') },
    ours: { 'orders.yaml': undefined },
    found: ['main:user.yaml reference-exists'],
  },
  'a reference to what the other side removed': {
    start: START,
    theirs: { 'orders.yaml': undefined },
    ours: { 'user.yaml': user('orders') },
    found: ['user.yaml reference-exists'],
  },
  'one name on both sides': {
    start: START,
    theirs: { 'a.yaml': database('new', TWENTY) },
    ours: { 'b.yaml': database('new', TEN) },
    found: ['b.yaml storage-no-shrink'],
  },
  'two halves that are wrong together': {
    start: { 'orders.yaml': orders({ ...TEN, replicas: 3 }) },
    theirs: { 'orders.yaml': orders({ ...TEN, replicas: 3, highAvailability: { synchronous: 'required' } }) },
    ours: { 'orders.yaml': orders({ ...TEN, replicas: 1 }) },
    found: ['orders.yaml synchronous-needs-standby'],
  },
  'settings that the other side changed': {
    start: { ...START, 'ballast.yaml': 'storageClassName: a\n' },
    theirs: { 'ballast.yaml': 'storageClassName: b\n' },
    ours: { 'small.yaml': database('small') },
  },
};

describe('validate --against, beside a main that went on', function () {
  this.timeout(RUNS_MS);

  for (const [name, { found = [], ...versions }] of Object.entries(CASES)) {
    it(`${found.length > 0 ? 'refuses' : 'allows'} ${name}`, async () => {
      expect(await findings(diverged(versions.start, versions))).to.deep.equal(found);
    });
  }

  it('says what was compared where the history is cut off', async () => {
    const origin = diverged(START, {
      theirs: { 'orders.yaml': orders(TWENTY) },
      ours: { 'small.yaml': database('small') },
    });
    const clone = folderWith({ x: '' });
    git(clone, 'clone', '-q', '--depth', '1', '-b', 'feature', `file://${origin}`, 'c');
    git(join(clone, 'c'), 'fetch', '-q', '--depth', '1', 'origin', 'main:refs/remotes/origin/main');
    const { code, stdout } = await ballast(join(clone, 'c'), ['validate', '.', '--against', 'origin/main']);
    expect(code).to.equal(1);
    expect(stdout).to.match(
      /^\.:1:1: warning: is compared with origin\/main as it is: .*fetch-depth: 0.* \(file-not-compared\)$/m,
    );
  });
});

describe('validate --against, after merges crosswise', function () {
  this.timeout(RUNS_MS);

  it('compares with the revision as it is, and says so', async () => {
    const folder = diverged(START, { theirs: { 'a.yaml': database('a') }, ours: { 'b.yaml': database('b') } });
    git(folder, 'branch', 'before');
    git(folder, 'merge', '-q', '--no-edit', 'main');
    git(folder, 'checkout', '-q', 'main');
    git(folder, 'merge', '-q', '--no-edit', 'before');
    change(folder, { 'orders.yaml': orders(TWENTY) });
    git(folder, 'commit', '-q', '-a', '-m', 'grown');
    git(folder, 'checkout', '-q', 'feature');
    expect(await findings(folder)).to.deep.equal(['. file-not-compared', 'orders.yaml storage-no-shrink']);
  });
});

describe('diff, beside a main that went on', function () {
  this.timeout(RUNS_MS);
  const diff = (folder: string): Promise<Run> => ballast(folder, ['diff', '.', '--against', 'main']);

  it('shows what the merge changes, and nothing else', async () => {
    const { stdout } = await diff(
      diverged(START, {
        theirs: { 'orders.yaml': orders(TWENTY), 'billing.yaml': database('billing') },
        ours: { 'orders.yaml': orders({ ...TEN, replicas: 3 }), 'small.yaml': database('small') },
      }),
    );
    expect(stdout.match(/^Database .*$/gm)).to.have.length(2);
    expect(stdout)
      .to.match(/^Database shop\/orders is changed/m)
      .and.match(/^Database shop\/small is made/m);
    expect(stdout).not.to.match(/^[-+].*(10Gi|billing)/m);
  });

  it('shows nothing of settings that the other side changed', async () => {
    const { stdout, stderr } = await diff(
      diverged(
        { ...START, 'ballast.yaml': 'labels: {team: a}\n' },
        { theirs: { 'ballast.yaml': 'labels: {team: b}\nmonitoring: true\n' }, ours: {} },
      ),
    );
    expect(stdout).to.equal('');
    expect(stderr).to.contain('nothing changes in the rendered manifests');
  });
});

const HISTORIES = isComplete ? 1000 : 60;
const FIELDS = ['a', 'b', 'c', 'd', 'e', 'f'];

describe('Merging an object', function () {
  this.timeout(HISTORIES * 500);
  const { random } = new SimulatedClock(28);
  const pick = (count: number): number => Math.floor(random() * count);

  /** Fields, some of them in a group of their own, each with a value or absent. */
  function changed(value: Record<string, unknown>, changes: number): Record<string, unknown> {
    const copy = structuredClone(value);
    for (let at = 0; at < changes; at += 1) {
      const group = pick(2) === 0 ? copy : (copy['group'] as Record<string, unknown>);
      const field = FIELDS[pick(FIELDS.length)]!;
      if (pick(3) === 0) Reflect.deleteProperty(group, field);
      else group[field] = pick(1000);
    }
    return copy;
  }

  /** As text in which no two fields are so near that git takes them for one place. */
  function spaced(value: Record<string, unknown>): string {
    const group = value['group'] as Record<string, unknown>;
    const line = (of: Record<string, unknown>, field: string, indent: string): string =>
      `${field in of ? `${indent}${dump({ [field]: of[field] })}` : ''}${`${indent}# ${field}\n`.repeat(4)}`;
    const own = FIELDS.map((field) => line(value, field, '')).join('');
    return `${own}group:\n  name: x\n${FIELDS.map((field) => line(group, field, '  ')).join('')}`;
  }

  it(`gives what git makes of ${HISTORIES} histories that it merges`, () => {
    let merges = 0;
    const folder = folderWith({ x: '' });
    for (let number = 0; number < HISTORIES; number += 1) {
      const base = changed({ group: { name: 'x' } }, 8);
      const [theirs, ours] = [changed(base, pick(3)), changed(base, pick(3))];
      writeFiles(folder, { ours: spaced(ours), base: spaced(base), theirs: spaced(theirs) });
      const { status, stdout } = spawnSync('git', ['merge-file', '-p', 'ours', 'base', 'theirs'], {
        cwd: folder,
        encoding: 'utf8',
      });
      if (status !== 0) continue;
      merges += 1;
      expect(merged(base, theirs, ours), stdout).to.deep.equal(load(stdout));
    }
    expect(merges).to.be.above(HISTORIES / 2);
  });
});
