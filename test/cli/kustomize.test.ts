import { expect } from 'chai';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { change, git, repositoryWith } from './git-repository.ts';
import type { GitOpsPrograms } from './gitops-programs.ts';
import { gitOpsProgramsOrSkip } from './gitops-programs.ts';
import { OVERLAYS, baseDatabase, overlay, patch, patchedBy } from './overlays.ts';
import type { Files, Run } from './run.ts';
import { RUNS_MS, ballast, folderWith } from './run.ts';
import { kept } from '../policies/kept.ts';

type Changes = Readonly<Record<string, string | undefined>>;

interface Case {
  readonly before?: Files;
  /** What main got since the branch left it. */
  readonly theirs?: Changes;
  readonly change?: Changes;
  /** `file:line rule` of each finding, for each overlay that is read. */
  readonly found: Readonly<Record<string, readonly string[]>>;
}

const PROD = 'overlays/prod';
const TEST = 'overlays/test';
const protectedOrders = baseDatabase('orders', { deletionPolicy: 'Protect' });
const without = (...names: string[]): Changes => Object.fromEntries(names.map((name) => [name, undefined]));

const CASES: Readonly<Record<string, Case>> = {
  nothing: { found: { [PROD]: [], [TEST]: [] } },
  'growth in the base': {
    change: { 'base/orders.yaml': baseDatabase('orders', { storage: { size: '30Gi' } }) },
    found: { [PROD]: [], [TEST]: [] },
  },
  'a shrink in the base, which one of two overlays takes': {
    change: { 'base/orders.yaml': baseDatabase('orders', { storage: { size: '10Gi' } }) },
    found: { [PROD]: ['base/orders.yaml:8 storage-no-shrink'], [TEST]: [] },
  },
  'another version in the base, which both overlays take': {
    change: { 'base/orders.yaml': baseDatabase('orders', { version: '15' }) },
    found: { [PROD]: ['base/orders.yaml:6 version-no-downgrade'], [TEST]: ['base/orders.yaml:6 version-no-downgrade'] },
  },
  'a shrink by a new patch, with no change of the base': {
    change: {
      [`${PROD}/kustomization.yaml`]: overlay('shop', patchedBy('members.yaml', 'small.yaml')),
      [`${PROD}/small.yaml`]: patch('orders', { storage: { size: '2Gi' } }),
    },
    found: { [PROD]: [`${PROD}/kustomization.yaml:1 storage-no-shrink`], [TEST]: [] },
  },
  'a shrink because a patch left': {
    before: { [`${TEST}/small.yaml`]: patch('orders', { storage: { size: '50Gi' } }) },
    change: { [`${TEST}/kustomization.yaml`]: overlay('shop-test'), ...without(`${TEST}/small.yaml`) },
    found: { [PROD]: [], [TEST]: ['base/orders.yaml:8 storage-no-shrink'] },
  },
  'a wrong number of members by a patch': {
    change: { [`${PROD}/members.yaml`]: patch('orders', { replicas: 12 }) },
    found: { [PROD]: [`${PROD}/kustomization.yaml:1 replicas-range`] },
  },
  'a field that does not exist, in the base': {
    change: { 'base/orders.yaml': baseDatabase('orders', { replcas: 3 }) },
    found: { [PROD]: ['base/orders.yaml:9 schema-unknown-field'], [TEST]: ['base/orders.yaml:9 schema-unknown-field'] },
  },
  'a protected Database that leaves the overlay': {
    before: { 'base/orders.yaml': protectedOrders, 'base/other.yaml': baseDatabase('other') },
    change: {
      'base/kustomization.yaml': dump({ resources: ['other.yaml'] }),
      ...without(`${PROD}/members.yaml`),
      [`${PROD}/kustomization.yaml`]: overlay('shop'),
    },
    found: { [PROD]: [`${PROD}/kustomization.yaml:1 deletion-protected`] },
  },
  'another namespace, which is a deletion': {
    before: { 'base/orders.yaml': protectedOrders },
    change: { [`${PROD}/kustomization.yaml`]: overlay('shop-2', patchedBy('members.yaml')) },
    found: { [PROD]: [`${PROD}/kustomization.yaml:1 deletion-protected`] },
  },
  'a new overlay': {
    change: { 'overlays/new/kustomization.yaml': overlay('shop-new') },
    found: { 'overlays/new': ['overlays/new/kustomization.yaml:1 file-not-compared'] },
  },
  'an overlay that does not build': {
    before: { 'base/orders.yaml': protectedOrders },
    change: { [`${PROD}/kustomization.yaml`]: overlay('shop', patchedBy('gone.yaml')) },
    found: { [PROD]: [`${PROD}/kustomization.yaml:1 kustomize-build`], [TEST]: [] },
  },
  'an overlay that did not build': {
    before: { [`${PROD}/kustomization.yaml`]: overlay('shop', patchedBy('gone.yaml')) },
    change: { [`${PROD}/kustomization.yaml`]: overlay('shop') },
    found: { [PROD]: [`${PROD}/kustomization.yaml:1 file-not-compared`], [TEST]: [] },
  },
  'a folder that was no kustomization': {
    before: { 'plain/orders.yaml': protectedOrders },
    change: { 'plain/kustomization.yaml': dump({ resources: ['orders.yaml'] }) },
    found: { plain: ['plain/kustomization.yaml:1 file-not-compared'] },
  },
  'a shrink of others, on a branch that is behind': {
    theirs: { 'base/orders.yaml': baseDatabase('orders', { storage: { size: '40Gi' } }) },
    change: { [`${PROD}/members.yaml`]: patch('orders', { replicas: 1 }) },
    found: { [PROD]: [], [TEST]: [] },
  },
  'a Database that others added to the base': {
    theirs: {
      'base/kustomization.yaml': dump({ resources: ['orders.yaml', 'billing.yaml'] }),
      'base/billing.yaml': baseDatabase('billing', { deletionPolicy: 'Protect' }),
    },
    change: { [`${PROD}/members.yaml`]: patch('orders', { replicas: 1 }) },
    found: { [PROD]: [] },
  },
};

/** A repository whose branch is checked out, with the change not committed. */
function changed({ before = {}, theirs, change: ours = {} }: Case): string {
  const folder = repositoryWith({ ...OVERLAYS, ...before });
  if (theirs) {
    git(folder, 'branch', 'feature');
    change(folder, theirs);
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '-m', 'theirs');
    git(folder, 'checkout', '-q', 'feature');
  }
  change(folder, ours);
  return folder;
}

describe('A build of kustomize', function () {
  this.timeout(RUNS_MS);
  let programs: GitOpsPrograms;
  before(async function () {
    programs = await gitOpsProgramsOrSkip(this, 'kustomize', 'kubectl');
  });

  const run = (folder: string, ...args: string[]): Promise<Run> => ballast(folder, args, '', programs.variables);
  const against = (folder: string, overlayPath: string, format: string): Promise<Run> =>
    run(folder, 'validate', '--kustomize', overlayPath, '--against', 'main', '--format', format);

  for (const [name, one] of Object.entries(CASES)) {
    it(`is compared with the build before: ${name}`, async () => {
      const folder = changed(one);
      for (const [path, wanted] of Object.entries(one.found)) {
        const { stdout, stderr } = await against(folder, path, 'json');
        const rows = JSON.parse(stdout || '[]') as { file: string; line: number; rule: string }[];
        const found = kept(rows).map(({ file, line, rule }) => `${file}:${line} ${rule}`);
        expect(found, `${path}: ${stderr}`).to.deep.equal(wanted);
      }
    });
  }

  it('has its findings in the lines of the base, with the overlay', async () => {
    const folder = changed({
      found: {},
      change: { 'base/orders.yaml': baseDatabase('orders', { storage: { size: '10Gi' } }) },
    });
    const { code, stdout } = await against(folder, PROD, 'text');
    expect(code).to.equal(1);
    expect(stdout).to.equal(
      'base/orders.yaml:8:11: error: spec.storage.size: Invalid value: "10Gi": must not shrink: the volumes have 20Gi; keep the size; to save space, move the data into a new Database by a dump [Database shop/orders, built from overlays/prod] (storage-no-shrink)\n',
    );
  });

  it('names the line that a patch changes, beside the kustomization with the patch', async () => {
    const folder = changed({
      found: {},
      change: { [`${TEST}/small.yaml`]: patch('orders', { storage: { size: '2Gi' } }) },
    });
    const { stdout } = await against(folder, TEST, 'text');
    expect(stdout).to.match(
      /^overlays\/test\/kustomization\.yaml:1:1: error: spec\.storage\.size: .*"2Gi": must not shrink/,
    );
    expect(stdout).to.contain('[Database shop-test/orders, built from overlays/test; it changes base/orders.yaml:8]');
  });

  it('annotates the line of the base in GitHub and SARIF', async () => {
    const folder = changed({ found: {}, change: { 'base/orders.yaml': baseDatabase('orders', { version: '15' }) } });
    const github = await against(folder, PROD, 'github');
    expect(github.stdout).to.match(
      /^::error file=base\/orders\.yaml,line=6,col=12,title=version-no-downgrade::spec\.version: /,
    );
    expect(github.stdout).to.contain('[Database shop/orders, built from overlays/prod]');
    const sarif = JSON.parse((await against(folder, PROD, 'sarif')).stdout) as {
      runs: { results: { locations: unknown[]; message: { text: string } }[] }[];
    };
    const [result] = sarif.runs[0]?.results ?? [];
    expect(result?.locations).to.deep.equal([
      {
        physicalLocation: {
          artifactLocation: { uri: 'base/orders.yaml' },
          region: { startLine: 6, startColumn: 12 },
        },
      },
    ]);
    expect(result?.message.text).to.match(/\[Database shop\/orders, built from overlays\/prod\]$/);
  });

  it('has its context as a field of JSON', async () => {
    const folder = changed({ found: {}, change: { 'base/orders.yaml': baseDatabase('orders', { version: '15' }) } });
    const [row] = JSON.parse((await against(folder, PROD, 'json')).stdout) as Record<string, unknown>[];
    expect(row).to.include({ namespace: 'shop', context: 'Database shop/orders, built from overlays/prod' });
  });

  it('that fails is told in the words of kustomize, with paths as the user knows them', async () => {
    const folder = changed({
      found: {},
      before: { [`${PROD}/kustomization.yaml`]: overlay('shop', patchedBy('gone.yaml')) },
    });
    const now = await run(folder, 'validate', '--kustomize', PROD);
    expect(now.code).to.equal(1);
    expect(now.stdout).to.match(
      /^overlays\/prod\/kustomization\.yaml:1:1: error: must build: .*gone\.yaml.*; correct what kustomize names; .* \(kustomize-build\)\n$/,
    );
    expect(now.stdout).not.to.contain(folder);
    change(folder, { [`${PROD}/kustomization.yaml`]: overlay('shop') });
    const then = await against(folder, PROD, 'text');
    expect(then.code).to.equal(1);
    expect(then.stdout).to.match(
      /: error: must be comparable: at main it does not build: .*overlays\/prod\/gone\.yaml.*; mend it there first, or compare with a build of your own: --previous FILE \(file-not-compared\)\n$/,
    );
    expect(then.stdout).not.to.contain('/ballast-');
  });

  it('is the same with kubectl, where there is no kustomize', async () => {
    const { variables } = programs;
    const folder = changed({ found: {}, change: { 'base/orders.yaml': baseDatabase('orders', { version: '15' }) } });
    const onlyKubectl = folderWith();
    const [first = ''] = variables.PATH.split(':');
    symlinkSync(join(first, 'kubectl'), join(onlyKubectl, 'kubectl'));
    symlinkSync('/usr/bin/git', join(onlyKubectl, 'git'));
    const args = ['validate', '--kustomize', PROD, '--against', 'main'];
    const one = await ballast(folder, args, '', { PATH: onlyKubectl });
    const other = await ballast(folder, args, '', variables);
    expect(one.stdout).to.contain('(version-no-downgrade)');
    expect(one).to.deep.equal(other);
  });

  it('shows in diff what the change of a base does to an overlay', async () => {
    const folder = changed({
      found: {},
      change: { 'base/orders.yaml': baseDatabase('orders', { storage: { size: '30Gi' } }) },
    });
    const { code, stdout } = await run(folder, 'diff', '--kustomize', PROD, '--against', 'main', '--format', 'json');
    const { objects } = JSON.parse(stdout) as { objects: { namespace: string; name: string; fate: string }[] };
    expect(code).to.equal(0);
    expect(objects.map(({ namespace, name, fate }) => `${fate} ${namespace}/${name}`)).to.deep.equal([
      'changed shop/orders',
    ]);
  });

  it('is rendered with the built Database first, the same in each run, and checked', async () => {
    const folder = changed({ found: {} });
    const generate = (...more: string[]): Promise<Run> =>
      run(folder, 'generate', '--kustomize', PROD, '--out', 'rendered', ...more);
    expect((await generate()).stderr).to.contain('1 file written, 0 unchanged, 0 removed in rendered\n');
    const text = readFileSync(join(folder, 'rendered/shop/orders.yaml'), 'utf8');
    const [header = '', first = ''] = text.split(/^---\n/m);
    expect(header).to.equal(
      '# Rendered by Ballast from overlays/prod/kustomization.yaml. Do not edit: change the source and render again.\n',
    );
    const { kind, metadata, spec } = load(first) as { kind: string; metadata: object; spec: object };
    expect(kind).to.equal('Database');
    expect(metadata).to.deep.equal({
      annotations: { 'argocd.argoproj.io/sync-wave': '-20' },
      name: 'orders',
      namespace: 'shop',
    });
    expect(spec).to.include({ replicas: 3 });
    expect((await generate()).stderr).to.contain('0 files written, 1 unchanged, 0 removed');
    expect((await generate('--check')).code).to.equal(0);
    change(folder, { [`${PROD}/members.yaml`]: patch('orders', { replicas: 1 }) });
    const check = await generate('--check');
    expect([check.code, check.stdout]).to.deep.equal([1, 'changed: rendered/shop/orders.yaml\n']);
  });

  it('removes from the output what left the overlay, and nothing of another overlay', async () => {
    const folder = changed({
      found: {},
      before: {
        'base/kustomization.yaml': dump({ resources: ['orders.yaml', 'billing.yaml', 'users.yaml'] }),
        'base/billing.yaml': baseDatabase('billing'),
        'base/users.yaml': baseDatabase('users'),
      },
    });
    const generate = (path: string): Promise<Run> => run(folder, 'generate', '--kustomize', path, '--out', 'rendered');
    await generate(PROD);
    await generate(TEST);
    change(folder, { 'base/kustomization.yaml': dump({ resources: ['orders.yaml', 'users.yaml'] }) });
    expect((await generate(PROD)).stderr).to.match(/1 removed in rendered; 3 files of other sources left alone\n$/);
  });

  it('passes other objects on when it is asked to', async () => {
    const more = { configMapGenerator: [{ name: 'more', literals: ['a=b'] }] };
    const folder = changed({ found: {}, before: { [`${PROD}/kustomization.yaml`]: overlay('shop', more) } });
    const args = ['generate', '--kustomize', PROD, '--out', 'rendered'];
    expect((await run(folder, ...args)).stderr).to.contain('1 file written');
    expect((await run(folder, ...args, '--include-others')).stderr).to.contain('1 file written, 1 unchanged');
  });

  it('obeys the settings of the tree, and those of the revision', async () => {
    const folder = changed({ found: {}, before: { 'ballast.yaml': 'storageClassName: fast\n' } });
    change(folder, { 'ballast.yaml': 'storageClassName: slow\n' });
    const { code, stdout, stderr } = await against(folder, PROD, 'text');
    expect(code).to.equal(1);
    expect(stdout).to.match(
      /^ballast\.yaml:1:1: error: must not change what cannot change .*shop\/orders.*\(settings-immutable\)\n$/,
    );
    expect(stderr).to.match(/; settings of ballast\.yaml\n$/);
  });

  it('can be compared with a build that the user kept', async () => {
    const folder = changed({ found: {} });
    const old = programs.run(folder, 'kustomize', 'build', PROD);
    change(folder, { 'old.yaml': old, 'base/orders.yaml': baseDatabase('orders', { storage: { size: '10Gi' } }) });
    const { code, stdout } = await run(folder, 'validate', '--kustomize', PROD, '--previous', 'old.yaml');
    expect(code).to.equal(1);
    expect(stdout).to.match(/^base\/orders\.yaml:8:11: error: .*\(storage-no-shrink\)\n$/);
  });
});
