import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { change } from './git-repository.ts';
import type { Files, Run } from './run.ts';
import { RUNS_MS, ballast, folderWith } from './run.ts';
import { backup, configMap, database } from './samples.ts';

const TWO = { 'in/orders.yaml': database('orders'), 'in/other.yaml': database('other', {}, { namespace: 'billing' }) };

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1)).sort();
}

const generate = (folder: string, ...more: string[]): Promise<Run> =>
  ballast(folder, ['generate', 'in', '--out', 'out', ...more]);

async function generated(files: Files, ...more: string[]): Promise<string> {
  const folder = folderWith(files);
  const { code, stdout, stderr } = await generate(folder, ...more);
  expect({ code, stdout }, stderr).to.deep.equal({ code: 0, stdout: '' });
  return folder;
}

describe('generate --out', function () {
  this.timeout(RUNS_MS);

  it('writes a file a Database, and one for each other object, by namespace', async () => {
    const folder = await generated({ ...TWO, 'in/b.yaml': backup('nightly', 'orders') });
    expect(filesIn(join(folder, 'out'))).to.deep.equal([
      'billing/other.yaml',
      'shop/databasebackup-nightly.yaml',
      'shop/orders.yaml',
    ]);
  });

  it('begins each file with a line that names Ballast and the source', async () => {
    const folder = await generated({ 'in/deep/or ders.yaml': database('orders') });
    const [first, second, third] = readFileSync(join(folder, 'out/shop/orders.yaml'), 'utf8').split('\n');
    expect(first).to.equal(
      '# Rendered by Ballast from in/deep/or ders.yaml. Do not edit: change the source and render again.',
    );
    expect([second, third]).to.deep.equal(['---', 'apiVersion: db.example.com/v1alpha1']);
  });

  it('keeps the name of a source on its line', async () => {
    const folder = await generated({ 'in/a\nkind: Evil\n.yaml': database('orders') });
    const [, second] = readFileSync(join(folder, 'out/shop/orders.yaml'), 'utf8').split('\n');
    expect(second).to.equal('---');
  });

  it('leaves unchanged files alone, and writes the changed one whole', async () => {
    const folder = await generated(TWO);
    const stateOf = (name: string): string => {
      const { ino, mtimeMs } = statSync(join(folder, 'out', name));
      return `${ino} ${mtimeMs}`;
    };
    const before = [stateOf('shop/orders.yaml'), stateOf('billing/other.yaml')];
    change(folder, { 'in/orders.yaml': database('orders', { replicas: 3 }) });
    const { stderr } = await generate(folder);
    expect(stderr).to.contain('1 file written, 1 unchanged, 0 removed');
    expect(stateOf('shop/orders.yaml')).not.to.equal(before[0]);
    expect(stateOf('billing/other.yaml')).to.equal(before[1]);
  });

  it('writes the same bytes again into an empty folder', async () => {
    const folder = await generated(TWO);
    const read = (): string => readFileSync(join(folder, 'out/shop/orders.yaml'), 'utf8');
    const first = read();
    rmSync(join(folder, 'out'), { recursive: true });
    await generate(folder);
    expect(read()).to.equal(first);
  });

  it('removes the file of a Database that left, and no file without its header', async () => {
    const folder = await generated(TWO);
    change(folder, { 'in/orders.yaml': undefined, 'out/shop/mine.yaml': 'mine: 1\n', 'out/shop/note.txt': 'x' });
    await generate(folder);
    expect(filesIn(join(folder, 'out'))).to.deep.equal(['billing/other.yaml', 'shop/mine.yaml', 'shop/note.txt']);
  });

  it('writes nothing at all with one error anywhere, and leaves what was there', async () => {
    const folder = await generated(TWO);
    change(folder, {
      'in/orders.yaml': database('orders', { replicas: 3 }),
      'in/other.yaml': undefined,
      'in/bad.yaml': database('bad', { replicas: 12 }),
    });
    const before = readFileSync(join(folder, 'out/shop/orders.yaml'), 'utf8');
    const { code, stdout, stderr } = await generate(folder);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.contain('nothing was rendered\n');
    expect(readFileSync(join(folder, 'out/shop/orders.yaml'), 'utf8')).to.equal(before);
    expect(filesIn(join(folder, 'out'))).to.deep.equal(['billing/other.yaml', 'shop/orders.yaml']);
  });

  it('writes JSON as a List that kubectl reads', async () => {
    const folder = await generated({ 'in/orders.yaml': database('orders') }, '--format', 'json');
    const list = JSON.parse(readFileSync(join(folder, 'out/shop/orders.json'), 'utf8'));
    expect(list).to.include({ apiVersion: 'v1', kind: 'List' });
    expect(list.items[0]).to.include({ kind: 'Database' });
  });

  it('leaves objects of other kinds out, and passes them through when asked to', async () => {
    const files = { 'in/orders.yaml': database('orders'), 'in/c.yaml': configMap('c', { a: 'yes', b: '1' }) };
    expect(filesIn(join(await generated(files), 'out'))).to.deep.equal(['shop/orders.yaml']);
    const folder = await generated(files, '--include-others');
    expect(readFileSync(join(folder, 'out/shop/configmap_c.yaml'), 'utf8')).to.match(/data:\n {2}a: "yes"\n/);
  });

  it('refuses two objects that would be one file', async () => {
    const folder = folderWith({ 'in/a.yaml': database('databasebackup-x'), 'in/b.yaml': backup('x', 'orders') });
    const { code, stderr } = await generate(folder);
    expect(code).to.equal(1);
    expect(stderr).to.match(/in\/b.yaml.* error: metadata.name: .* \(output-path-unique\)/);
    expect(filesIn(join(folder, 'out'))).to.deep.equal([]);
  });

  it('keeps objects of other kinds apart from each other and from ours', async () => {
    const service = (group: string): string =>
      `apiVersion: ${group}v1\nkind: Service\nmetadata: {name: c, namespace: shop}\n`;
    const role = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: "system:x"}\n';
    const files = {
      'in/a.yaml': database('configmap-c'),
      'in/b.yaml': configMap('c', { a: 'x' }),
      'in/c.yaml': `${service('')}---\n${service('serving.knative.dev/')}`,
      'in/d.yaml': `${role}---\nkind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\n`,
      'in/values.yaml': 'replicas: 3\n',
    };
    const folder = await generated(files, '--include-others');
    expect(filesIn(join(folder, 'out')).toSorted()).to.deep.equal([
      'default/clusterrole_rbac.authorization.k8s.io_system%3Ax.yaml',
      'shop/configmap-c.yaml',
      'shop/configmap_c.yaml',
      'shop/service_c.yaml',
      'shop/service_serving.knative.dev_c.yaml',
    ]);
  });

  it('writes nothing when two objects of another kind are one', async () => {
    const folder = folderWith({
      'in/a.yaml': database('orders'),
      'in/b.yaml': configMap('c', {}),
      'in/c.yaml': configMap('c', {}),
    });
    const { code, stderr } = await generate(folder, '--include-others');
    expect(code).to.equal(2);
    const line = 'two objects would be written to this file, from in/b.yaml and from in/c.yaml';
    expect(stderr).to.include(`ballast: out/shop/configmap_c.yaml: ${line}\n`);
    expect(filesIn(join(folder, 'out'))).to.deep.equal([]);
  });

  it('leaves out what the cluster wrote into an object, and says so', async () => {
    const exported = { uid: '3e2b3a3e', resourceVersion: '1', managedFields: [{ manager: 'kubectl' }], generation: 3 };
    const user = JSON.stringify({
      ...(JSON.parse(backup('nightly', 'orders')) as object),
      metadata: { name: 'nightly', namespace: 'shop', ...exported },
    });
    const folder = folderWith({ 'in/a.yaml': database('orders', {}, exported), 'in/b.yaml': user });
    const { code, stderr } = await generate(folder);
    expect(code).to.equal(0);
    expect(
      stderr.match(/warning: metadata.uid: .*uid, resourceVersion, generation, managedFields; /g),
    ).to.have.lengthOf(2);
    for (const file of ['orders.yaml', 'databasebackup-nightly.yaml']) {
      const text = readFileSync(join(folder, 'out/shop', file), 'utf8');
      expect(text).not.to.match(/3e2b3a3e|resourceVersion|managedFields|generation:/);
    }
  });

  it('overwrites no foreign file', async () => {
    const folder = folderWith({
      'in/a.yaml': database('a'),
      'in/orders.yaml': database('orders'),
      'out/shop/orders.yaml': 'mine\n',
    });
    const { code, stderr } = await generate(folder);
    expect(code).to.equal(2);
    expect(stderr).to.match(/ballast: out\/shop\/orders.yaml: it is not a file of Ballast's, and stands in the way\n$/);
    expect(filesIn(join(folder, 'out'))).to.deep.equal(['shop/orders.yaml']);
  });

  it('follows no link out of its folder', async () => {
    const folder = folderWith({ 'in/orders.yaml': database('orders'), 'out/other/.keep': '', 'elsewhere/.keep': '' });
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'out/shop'));
    const { code, stderr } = await generate(folder);
    expect(code).to.equal(2);
    expect(stderr).to.match(/ballast: out\/shop: it is a link; /);
    expect(existsSync(join(folder, 'elsewhere/orders.yaml'))).to.equal(false);
  });

  it('may lie inside the tree: what Ballast rendered is no source', async () => {
    const folder = folderWith({ 'orders.yaml': database('orders') });
    const args = ['generate', '.', '--out', 'rendered'];
    expect((await ballast(folder, args)).code).to.equal(0);
    const again = await ballast(folder, args);
    expect(again.code).to.equal(0);
    expect(again.stderr).to.equal(
      '1 object in 1 file: 0 errors, 0 warnings\n0 files written, 1 unchanged, 0 removed in rendered\n',
    );
    const validated = await ballast(folder, ['validate', '.']);
    expect(validated.code).to.equal(0);
    expect(validated.stderr).to.equal('1 object in 1 file: 0 errors, 0 warnings (1 rendered file left out)\n');
    const named = await ballast(folder, ['validate', 'rendered/shop/orders.yaml']);
    expect(named.stderr).to.equal('1 object in 1 file: 0 errors, 0 warnings\n');
  });

  const IN_THE_WAY: Readonly<Record<string, (folder: string) => void>> = {
    'a file for the folder': (folder) => {
      writeFileSync(join(folder, 'out'), 'mine');
    },
    'a file for the folder of a namespace': (folder) => {
      mkdirSync(join(folder, 'out'));
      writeFileSync(join(folder, 'out/shop'), 'mine');
    },
    'a folder for a file': (folder) => mkdirSync(join(folder, 'out/shop/orders.yaml'), { recursive: true }),
  };
  for (const [name, make] of Object.entries(IN_THE_WAY)) {
    it(`fails in one line with ${name}`, async () => {
      const folder = folderWith({ 'in/orders.yaml': database('orders') });
      make(folder);
      const { code, stdout, stderr } = await generate(folder);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr).to.match(/^1 object in 1 file: 0 errors, 0 warnings\nballast: out.*: [a-z ]+\n$/);
    });
  }
});

describe('generate without --out', function () {
  this.timeout(RUNS_MS);

  it('prints all documents, and what it did on stderr', async () => {
    const { code, stdout } = await ballast(folderWith(TWO), ['generate', 'in']);
    expect(code).to.equal(0);
    expect(stdout.match(/^kind: Database$/gm)).to.have.length(2);
    expect(stdout.startsWith('---\n')).to.equal(true);
  });

  it('prints JSON as one List', async () => {
    const { stdout } = await ballast(folderWith(TWO), ['generate', 'in', '--format', 'json']);
    expect(JSON.parse(stdout)).to.include({ apiVersion: 'v1', kind: 'List' });
  });

  it('prints nothing with one error', async () => {
    const folder = folderWith({ ...TWO, 'in/bad.yaml': 'kind: Database\na: [' });
    const { code, stdout } = await ballast(folder, ['generate', 'in']);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
  });
});
