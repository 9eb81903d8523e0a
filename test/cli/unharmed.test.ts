import { expect } from 'chai';
import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { change, git, repositoryWith } from './git-repository.ts';
import type { Files, Run } from './run.ts';
import { RUNS_MS, ballast, folderWith } from './run.ts';
import { configMap, database, databaseYaml } from './samples.ts';

const FAST = 'storageClassName: fast\n';
const TREE = {
  'ballast.yaml': FAST,
  'databases/shop/orders.yaml': database('orders'),
  'databases/blog/posts.yaml': database('posts', {}, { namespace: 'blog' }),
};

const textOf = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

async function generate(folder: string, from: string, ...args: string[]): Promise<Run> {
  return ballast(join(folder, from), ['generate', ...args]);
}

describe('The same tree', function () {
  this.timeout(RUNS_MS);
  const FROM: Readonly<Record<string, readonly [from: string, path: string]>> = {
    'its root': ['', '.'],
    'its root, by the name of a folder': ['', 'databases'],
    'a folder below': ['databases', '.'],
    'a folder beside': ['rendered', '../databases'],
    'a folder outside, by its full name': ['/', ''],
  };

  for (const [name, [from, path]] of Object.entries(FROM)) {
    it(`gives the same bytes from ${name}, and the run names its settings`, async () => {
      const folder = repositoryWith({ ...TREE, 'rendered/.keep': '' });
      const run =
        from === '/'
          ? await ballast('/', ['generate', join(folder, 'databases'), '--out', join(folder, 'rendered')])
          : await generate(folder, from, path, '--out', join(folder, 'rendered'));
      expect(run.code, run.stderr).to.equal(0);
      expect(run.stderr).to.match(/; settings of \S*ballast\.yaml\n/);
      const text = textOf(folder, 'rendered/shop/orders.yaml');
      expect(text).to.contain('storageClassName: fast\n');
      expect(text).to.match(/^# Rendered by Ballast from databases\/shop\/orders\.yaml\. /);
    });
  }

  it('has one file with settings: those of two trees are refused', async () => {
    const folder = folderWith({ 'a/ballast.yaml': FAST, 'a/x.yaml': database('x'), 'b/y.yaml': database('y') });
    git(join(folder, 'a'), 'init', '-q');
    git(join(folder, 'b'), 'init', '-q');
    const alone = await ballast(folder, ['validate', 'a', 'b']);
    expect(alone).to.include({ code: 0 });
    change(folder, { 'b/ballast.yaml': FAST });
    const { code, stderr } = await ballast(folder, ['validate', 'a', 'b']);
    expect({ code, stderr }).to.deep.equal({
      code: 2,
      stderr:
        'ballast: a/ballast.yaml and b/ballast.yaml hold settings of two trees; name one with --settings, or run twice\n',
    });
  });

  for (const name of ['databases/ballast.yaml', 'ballast.yml', 'databases/ballast.json']) {
    it(`does not pass over settings in ${name}`, async () => {
      const folder = repositoryWith({ ...TREE, 'ballast.yaml': '', [name]: JSON.stringify({ storageClassName: 'x' }) });
      const { code, stdout } = await ballast(folder, ['validate', '.']);
      expect(code).to.equal(1);
      expect(stdout).to.match(new RegExp(`^${name}:1:1: error: must not hold settings: .* \\(settings-place\\)\n$`));
    });
  }

  it('may hold a manifest that is called ballast.yaml, and a foreign file of that name', async () => {
    const folder = repositoryWith({
      'a/ballast.yaml': database('orders', { replicas: 12 }),
      'b/ballast.yaml': 'chart: ballast\nvalues: {}\n',
    });
    const { stdout } = await ballast(folder, ['validate', '.', '--format', 'json']);
    expect(
      (JSON.parse(stdout) as { file: string; rule: string }[]).map(({ file, rule }) => [file, rule]),
    ).to.deep.equal([['a/ballast.yaml', 'replicas-range']]);
  });
});

/** Files of other programs that are no YAML for Kubernetes. */
const UNRELATED: Files = {
  'recyclarr.yml': 'sonarr:\n  api_key: !env_var KEY\n',
  'blueprint.yaml': 'entries:\n  - id: !Find [a, [b, c]]\n',
  'templates/x.yaml': '{{- if .Values.on }}\napiVersion: v1\n{{- end }}\n',
  'playbook.yaml': '- name: x\n  when: {{ a }}\n',
  'tabs.yaml': 'a:\n\tb: 1\n',
  'twice.yaml': 'a: 1\na: 2\n',
  'latin.yaml': Buffer.from('a: \xe9\n', 'latin1'),
  'large.json': `[${'"x",'.repeat(4_300_000)}1]`,
};

describe('Files of others', function () {
  this.timeout(RUNS_MS);

  it('refuse no tree, whatever they are', async () => {
    const folder = folderWith({ ...UNRELATED, 'orders.yaml': database('orders') });
    const run = await ballast(folder, ['validate', '.']);
    expect(run).to.deep.equal({ code: 0, stdout: '', stderr: '1 object in 9 files: 0 errors, 0 warnings\n' });
  });

  for (const name of Object.keys(UNRELATED).filter((one) => !one.startsWith('large'))) {
    it(`are refused when they are named: ${name}`, async () => {
      const { code } = await ballast(folderWith({ x: '', ...UNRELATED }), ['validate', name]);
      expect(code).to.equal(1);
    });
  }

  const OURS: Files = {
    'of our group': `${databaseYaml()}\ta: 1\n`,
    'of our kind in no group of ours': 'kind: Database\nspec: {a: !x y, a: 1}\n',
    'in JSON': '{"kind": "DatabaseUser", }}',
    'in UTF-16': Buffer.from(`\ufeff${databaseYaml()}`, 'utf16le'),
    'beyond the first megabyte of a large file': `#${'x'.repeat(17 * 2 ** 20)}\n${databaseYaml()}`,
    'across two pieces of a large file': `#${' '.repeat(2 ** 20 - 5)}db.example.com${' '.repeat(16 * 2 ** 20)}`,
  };
  for (const [name, text] of Object.entries(OURS)) {
    it(`count as ours when they may hold an object ${name}`, async () => {
      const { code, stdout } = await ballast(folderWith({ 'a/x.yaml': text }), ['validate', '.']);
      expect(code, stdout).to.equal(1);
    });
  }
});

describe('What generate removes', function () {
  this.timeout(RUNS_MS);

  async function rendered(files: Files = TREE): Promise<string> {
    const folder = repositoryWith(files);
    expect((await generate(folder, '', 'databases', '--out', 'rendered')).code).to.equal(0);
    return folder;
  }

  it('lay under the paths of the run', async () => {
    const folder = await rendered();
    const { stderr } = await generate(folder, '', 'databases/shop', '--out', 'rendered');
    expect(stderr).to.contain(
      '0 files written, 1 unchanged, 0 removed in rendered; 1 file of other sources left alone',
    );
    expect(existsSync(join(folder, 'rendered/blog/posts.yaml'))).to.equal(true);
  });

  it('is not more than it keeps, unless that is said', async () => {
    const folder = await rendered({ ...TREE, 'databases/shop/x.yaml': database('x') });
    change(folder, { 'databases/shop': undefined });
    const before = textOf(folder, 'rendered/blog/posts.yaml');
    change(folder, { 'databases/blog/posts.yaml': database('posts', { replicas: 3 }, { namespace: 'blog' }) });
    const { code, stderr } = await generate(folder, '', 'databases', '--out', 'rendered');
    expect(code).to.equal(1);
    expect(stderr).to.match(
      /^nothing was written: 2 files would be removed and 1 kept \(rendered\/shop\/orders\.yaml, rendered\/shop\/x\.yaml\); .*--allow-removal/m,
    );
    expect(textOf(folder, 'rendered/blog/posts.yaml')).to.equal(before);
    const allowed = await generate(folder, '', 'databases', '--out', 'rendered', '--allow-removal');
    expect(allowed.stderr).to.contain('1 file written, 0 unchanged, 2 removed');
  });

  it('is not all, unless that is said', async () => {
    const folder = await rendered();
    const { code, stderr } = await generate(folder, '', 'databases', '--out', 'rendered', '--exclude', '**');
    expect(code).to.equal(1);
    expect(stderr).to.contain('2 files would be removed and 0 kept');
  });

  it('is no file whose header has been changed, nor a link', async () => {
    const folder = await rendered();
    change(folder, {
      'rendered/shop/a.yaml': '# Rendered by Ballast from "\\x. Do not edit: change the source and render again.\n',
    });
    symlinkSync('orders.yaml', join(folder, 'rendered/shop/b.yaml'));
    const { stderr } = await generate(folder, '', 'databases', '--out', 'rendered');
    expect(stderr).to.contain(
      '0 files written, 2 unchanged, 0 removed in rendered; 1 file of other sources left alone',
    );
    expect(existsSync(join(folder, 'rendered/shop/b.yaml'))).to.equal(true);
  });
});

describe('What generate writes', function () {
  this.timeout(RUNS_MS);

  it('lies below its folder, also beside a planted link', async () => {
    const folder = folderWith({ 'in/orders.yaml': database('orders'), 'out/shop/.keep': '', 'secret.txt': 'mine\n' });
    symlinkSync(join(folder, 'secret.txt'), join(folder, 'out/shop/orders.yaml.part'));
    expect((await ballast(folder, ['generate', 'in', '--out', 'out'])).code).to.equal(0);
    expect(textOf(folder, 'secret.txt')).to.equal('mine\n');
    expect(textOf(folder, 'out/shop/orders.yaml')).to.match(/^# Rendered/);
  });

  for (const namespace of ['..', '.', '../..', 'a/../..', '/etc']) {
    it(`lies below its folder with others’ objects in the namespace ${namespace}`, async () => {
      const other = configMap('x').replace('"shop"', JSON.stringify(namespace));
      const folder = folderWith({ 'a/in/o.yaml': database('o'), 'a/in/x.yaml': other });
      const { code } = await ballast(join(folder, 'a'), ['generate', 'in', '--out', 'out', '--include-others']);
      expect(code).to.equal(0);
      for (const place of ['configmap_x.yaml', 'a/configmap_x.yaml', 'a/out/configmap_x.yaml']) {
        expect(existsSync(join(folder, place)), place).to.equal(false);
      }
    });
  }
});

describe('generate --check', function () {
  this.timeout(RUNS_MS);

  it('names what differs, and writes nothing', async () => {
    const folder = repositoryWith({ ...TREE, 'databases/shop/x.yaml': database('x') });
    const check = ['databases', '--out', 'rendered', '--check'];
    const missing = await generate(folder, '', ...check);
    expect(missing.code).to.equal(1);
    expect(missing.stdout.split('\n').filter((line) => line.startsWith('missing: '))).to.have.length(3);
    expect(existsSync(join(folder, 'rendered'))).to.equal(false);
    await generate(folder, '', 'databases', '--out', 'rendered');
    expect(await generate(folder, '', ...check)).to.include({ code: 0, stdout: '' });
    change(folder, { 'databases/shop/orders.yaml': database('orders', { replicas: 3 }) });
    rmSync(join(folder, 'databases/shop/x.yaml'));
    rmSync(join(folder, 'rendered/blog/posts.yaml'));
    const { code, stdout, stderr } = await generate(folder, '', ...check);
    expect({ code, stdout }).to.deep.equal({
      code: 1,
      stdout:
        'changed: rendered/shop/orders.yaml\nleft over: rendered/shop/x.yaml\nmissing: rendered/blog/posts.yaml\n',
    });
    expect(stderr).to.contain('rendered is not up to date; run ballast generate, and commit what it writes\n');
    expect(existsSync(join(folder, 'rendered/blog/posts.yaml'))).to.equal(false);
  });

  it('needs a folder', async () => {
    const { code, stderr } = await ballast(folderWith({ 'a.yaml': database('a') }), ['generate', '.', '--check']);
    expect({ code, stderr }).to.deep.equal({
      code: 2,
      stderr: 'ballast: --check needs --out, the folder to compare with\n',
    });
  });
});

describe('An object without a namespace', function () {
  this.timeout(RUNS_MS);
  const bare = (name: string): string => database(name, {}, { namespace: undefined });

  it('is counted, with the namespace that was assumed', async () => {
    const folder = folderWith({ 'a.yaml': bare('a'), 'b.yaml': database('b') });
    const { code, stderr } = await ballast(folder, ['validate', '.', '-n', 'shop']);
    expect({ code, stderr }).to.deep.equal({
      code: 0,
      stderr: '2 objects in 2 files: 0 errors, 0 warnings; namespace shop assumed for 1 object\n',
    });
  });

  it('is refused where one is required, at its metadata', async () => {
    const folder = folderWith({ 'a.yaml': bare('a'), 'b.yaml': database('b') });
    const { code, stdout } = await ballast(folder, ['validate', '.', '--require-namespace']);
    expect(code).to.equal(1);
    expect(stdout).to.match(/^a\.yaml:1:.*: error: metadata\.namespace: must be set .* \(namespace-required\)\n$/);
  });

  it('is no copy of another because both were assumed, and the message says so', async () => {
    const folder = folderWith({ 'a/db.yaml': bare('orders'), 'b/db.yaml': bare('orders') });
    const { stdout } = await ballast(folder, ['validate', '.']);
    expect(stdout).to.contain(
      'another Database in namespace default has this name, and default was assumed where no namespace is written; write metadata.namespace; a kustomization is judged as it is built: kustomize build DIR | ballast validate -',
    );
  });
});

describe('A change of the settings', function () {
  this.timeout(RUNS_MS);
  const spec = (storageClassName?: string): object => ({
    storage: { size: '20Gi', ...(storageClassName && { storageClassName }) },
  });
  const START: Files = { 'ballast.yaml': 'storageClassName: standard\n', 'orders.yaml': database('orders', spec()) };

  const CHANGES: Readonly<
    Record<string, readonly [changed: Readonly<Record<string, string | undefined>>, wrong: boolean]>
  > = {
    'to another class of volumes': [{ 'ballast.yaml': FAST }, true],
    'to no class': [{ 'ballast.yaml': '' }, true],
    'to no file': [{ 'ballast.yaml': undefined }, true],
    'to another class, with a new Database instead': [
      { 'ballast.yaml': FAST, 'orders.yaml': database('fresh', spec()) },
      false,
    ],
    'to other images, labels and names': [
      {
        'ballast.yaml':
          'storageClassName: standard\nimages: {postgresql: {"17": "x/y:1"}}\nlabels: {team: a}\nannotations: {b: c}\nclusterDomain: other.local\nmonitoring: true\ncontroller: {namespace: a, serviceAccount: b}\n',
      },
      false,
    ],
  };

  for (const [name, [changed, isWrong]] of Object.entries(CHANGES)) {
    it(`${isWrong ? 'is refused' : 'passes'}: ${name}`, async () => {
      const folder = repositoryWith(START);
      change(folder, changed);
      for (const command of ['validate', 'diff']) {
        const { code, stdout, stderr } = await ballast(folder, [command, '.', '--against', 'HEAD']);
        expect(code, stdout + stderr).to.equal(isWrong ? 1 : 0);
        if (isWrong) {
          expect(stdout + stderr).to.contain(
            'ballast.yaml:1:1: error: must not change what cannot change in objects that are there: those of shop/orders (PersistentVolumeClaim data-orders-0 spec.storageClassName)',
          );
        }
      }
    });
  }
});
