import { expect } from 'chai';
import type { TreeChange } from '../../cli/diff/changes.ts';
import { change, repositoryWith } from './git-repository.ts';
import type { Run } from './run.ts';
import { RUNS_MS, ballast } from './run.ts';
import { database } from './samples.ts';

type Files = Readonly<Record<string, string | undefined>>;

const START = { 'dbs/orders.yaml': database('orders', { version: '16', replicas: 2 }) };
const orders = (spec: object): Files => ({
  'dbs/orders.yaml': database('orders', { version: '16', replicas: 2, ...spec }),
});
const REMOVED: Files = { 'dbs/orders.yaml': undefined };

async function diff(changed: Files, ...flags: string[]): Promise<Run> {
  const folder = repositoryWith(START);
  change(folder, changed);
  return await ballast(folder, ['diff', 'dbs', '--against', 'HEAD', ...flags]);
}

async function changeOf(changed: Files): Promise<TreeChange> {
  const { stdout } = await diff(changed, '--format', 'json');
  return JSON.parse(stdout) as TreeChange;
}

const told = ({ objects }: TreeChange): string[] =>
  objects.flatMap(({ name, effects }) => effects.map(({ level, text }) => `${name}: ${level}: ${text}`));

describe('diff', function () {
  this.timeout(RUNS_MS);

  it('says that nothing changes', async () => {
    const { code, stdout, stderr } = await diff({});
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '' });
    expect(stderr).to.equal('1 object in 1 file: 0 errors, 0 warnings\nnothing changes in the rendered manifests\n');
  });

  it('shows the lines of each manifest that change', async () => {
    const { code, stdout } = await diff(orders({ storage: { size: '30Gi' } }));
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Database shop\/orders is changed \(\d+ manifests\)\n/);
    expect(stdout).to.match(/^-.*storage: "20Gi"\n\+.*storage: "30Gi"$/m);
    expect(stdout).to.match(/^--- PersistentVolumeClaim shop\/data-orders-0\n\+\+\+ PersistentVolumeClaim/m);
  });

  it('shows what is made and what is removed', async () => {
    const { stdout } = await diff({ ...REMOVED, 'dbs/fresh.yaml': database('fresh') });
    expect(stdout)
      .to.match(/^Database shop\/fresh is made/m)
      .and.match(/^Database shop\/orders is removed/m);
    expect(stdout).to.contain('+++ /dev/null\n');
  });

  it('tells what happens to the database before the lines, worst first', async () => {
    const { stdout } = await diff(orders({ replicas: 1, storage: { size: '30Gi' } }));
    const heads = stdout.slice(0, stdout.indexOf('\n--- '));
    expect([...heads.matchAll(/^ {2}([a-z ]+): /gm)].map(([, level]) => level)).to.deep.equal([
      ...['data loss', 'one way', 'switchover'],
    ]);
  });

  it('refuses what a change may not do, and shows nothing', async () => {
    const { code, stdout, stderr } = await diff(orders({ version: '18' }));
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.contain('version-no-major-skip');
  });
});

const ADOPT =
  'a revert makes the Database again, but it waits until bootstrap.adopt: true has it take over its volumes';

/** Changes, each with its full report. */
const WAYS: Readonly<Record<string, readonly [change: Files, told: readonly string[]]>> = {
  'a volume that grows': [
    orders({ storage: { size: '30Gi' } }),
    [
      'orders: one-way: a revert is refused: spec.storage.size: Invalid value: "20Gi": must not shrink: the volumes have 30Gi (storage-no-shrink)',
    ],
  ],
  'a minor version, which never goes down': [
    orders({ version: '16.4' }),
    ['orders: switchover: the pods change: standbys restart first, then a switchover interrupts writes for seconds'],
  ],
  'a Database that is removed': [
    REMOVED,
    [`orders: one-way: ${ADOPT}`, 'orders: downtime: the database is removed; its volumes and credentials stay'],
  ],
  'a Database that may not be removed again': [
    { 'dbs/fresh.yaml': database('fresh', { deletionPolicy: 'Protect' }) },
    [
      'fresh: one-way: a revert is refused: spec.deletionPolicy: Invalid value: "Protect": must not be Protect when the Database is deleted (deletion-protected)',
    ],
  ],
  'another name for a Database': [
    { ...REMOVED, 'dbs/renamed.yaml': database('renamed', { version: '16', replicas: 2 }) },
    [
      `orders: one-way: ${ADOPT}`,
      'orders: downtime: the database is removed; its volumes and credentials stay',
      'renamed: downtime: it is made empty: a new name takes no data along, and those of shop/orders stay in its volumes',
    ],
  ],
  'another namespace for a Database': [
    { 'dbs/orders.yaml': database('orders', { version: '16', replicas: 3 }, { namespace: 'stock' }) },
    [
      `orders: one-way: ${ADOPT}`,
      'orders: downtime: the database is removed; its volumes and credentials stay',
      'orders: downtime: it is made empty: a new name takes no data along, and those of shop/orders stay in its volumes',
    ],
  ],
  'one Database for a different one': [
    { ...REMOVED, 'dbs/fresh.yaml': database('fresh') },
    [`orders: one-way: ${ADOPT}`, 'orders: downtime: the database is removed; its volumes and credentials stay'],
  ],
  'the same Database in another file': [{ ...REMOVED, 'dbs/sub/orders.yaml': START['dbs/orders.yaml'] }, []],
};

describe('diff tells what happens, and what a revert cannot undo, of', function () {
  this.timeout(RUNS_MS);

  for (const [name, [changed, effects]] of Object.entries(WAYS)) {
    it(name, async () => {
      expect(told(await changeOf(changed))).to.deep.equal(effects);
    });
  }
});

describe('diff --fail-on', function () {
  this.timeout(RUNS_MS);

  const TABLE = [
    [orders({ parameters: { work_mem: '8MB' } }), 'reload', 1],
    [orders({ parameters: { work_mem: '8MB' } }), 'restart', 0],
    [orders({ storage: { size: '30Gi' } }), 'one-way', 1],
    [orders({ storage: { size: '30Gi' } }), 'data-loss', 0],
    [orders({}), 'none', 0],
    [orders({ deletionPolicy: 'Protect' }), 'none', 1],
  ] as const;
  for (const [changed, level, expected] of TABLE) {
    it(`${level} exits with ${expected} for ${JSON.stringify(changed['dbs/orders.yaml']).slice(100, 220)}`, async () => {
      const { code, stderr, stdout } = await diff(changed, '--fail-on', level);
      expect(code).to.equal(expected);
      if (expected === 1) expect(stderr).to.match(/^Database shop\/orders: .*\(--fail-on /m);
      if (expected === 1) expect(stdout).to.contain('Database shop/orders is changed');
    });
  }

  it('takes no level that there is not', async () => {
    const { code, stderr } = await diff({}, '--fail-on', 'disaster');
    expect(code).to.equal(2);
    expect(stderr).to.contain('data-loss, one-way, downtime, switchover, restart, reload, none');
  });
});

const LABEL = { 'dbs/ballast.yaml': 'labels: {team: blue}\n' };

describe('diff folds labels and annotations', function () {
  this.timeout(RUNS_MS);

  it('that change in many manifests into one line', async () => {
    const { settings, objects } = await changeOf(LABEL);
    const [{ manifests, metadata }] = objects as [TreeChange['objects'][number]];
    expect(settings.map(({ text }) => text)).to.deep.equal([
      'labels: "team": on every object; other programs may obey it',
    ]);
    expect(manifests.map(({ manifest }) => manifest)).to.deep.equal(['StatefulSet shop/orders']);
    expect(metadata.map(({ change: line }) => line)).to.deep.equal(['labels team: none → "blue"']);
    expect(metadata[0]?.manifests)
      .to.include('Service shop/orders-primary')
      .and.include('ConfigMap shop/orders-settings');
  });

  it('in the text too, and counts them', async () => {
    const { stdout } = await diff(LABEL);
    const [, count] = /^Database shop\/orders is changed \((\d+) manifests\)$/m.exec(stdout) ?? [];
    expect(stdout).to.contain(`\n  ${Number(count) - 1} manifests: labels team: none → "blue"\n--- StatefulSet`);
  });
});

describe('diff --format markdown', function () {
  this.timeout(RUNS_MS);

  it('says that nothing changes', async () => {
    expect((await diff({}, '--format', 'markdown')).stdout).to.equal('Nothing changes in the rendered manifests.\n');
  });

  it('tells the worst first, has a table of what happens, and folds the lines away', async () => {
    const { stdout } = await diff(orders({ storage: { size: '30Gi' } }), '--format', 'markdown');
    expect(stdout).to.match(/^\*\*1 object changes; the worst that happens to a running database: one way\*\*\n/);
    expect(stdout).to.match(
      /^### Database shop\/orders is changed\n\n\| what it does \| \|\n\| --- \| --- \|\n\| \*\*one way\*\* \| /m,
    );
    expect(stdout).to.match(/^<details><summary>\d+ manifests<\/summary>\n+```diff\n--- /m);
  });

  it('lets no value out of its cell or its block', async () => {
    const name = { 'example.com/a': '</details>\n```\n# @everyone [x](http://evil)' };
    const changed = { 'dbs/orders.yaml': database('orders', { version: '16', replicas: 2 }, { annotations: name }) };
    const { stdout } = await diff(changed, '--format', 'markdown');
    const outside = stdout.replace(/^(`{3,})diff\n[^]*?^\1$/gm, '');
    expect(outside).to.not.match(/@everyone|\]\(http|^# /m);
    expect(outside.match(/<\/details>/g)).to.have.length(1);
  });

  it('leaves out the lines when a comment would be too long for GitHub', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`dbs/n${index}.yaml`, database(`n${index}`)]),
    );
    const { stdout } = await diff(many, '--format', 'markdown');
    expect(stdout.length).to.be.lessThan(65_536);
    expect(stdout).to.contain('Too long for a comment').and.contain('### Database shop/n11 is made');
    expect((await diff(many)).stdout.length).to.be.greaterThan(65_536);
  });
});
