import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { change, git, repositoryWith } from './git-repository.ts';
import type { Run } from './run.ts';
import { RUNS_MS, ballast, folderWith } from './run.ts';
import { database } from './samples.ts';

const KEY = 'db.example.com/member-account';
const annotated = (name: string, account: string): string => database(name, {}, { annotations: { [KEY]: account } });

/** A folder whose output an earlier version rendered: pods under the Database's own name. */
async function renderedBefore(name: string, format: 'yaml' | 'json'): Promise<string> {
  const folder = folderWith({ 'in/a.yaml': annotated(name, name), 'in/b.yaml': database('other') });
  const { code, stderr } = await generate(folder, format);
  expect(code, stderr).equal(0);
  change(folder, { 'in/a.yaml': database(name) });
  return folder;
}

const generate = (folder: string, format = 'yaml'): Promise<Run> =>
  ballast(folder, ['generate', 'in', '--out', 'out', '--format', format]);

const fileOf = (folder: string, name: string, format = 'yaml'): string =>
  readFileSync(join(folder, `out/shop/${name}.${format}`), 'utf8');

describe('generate, over files that an earlier version wrote', function () {
  this.timeout(RUNS_MS);

  for (const [name, format] of [
    ['orders', 'yaml'],
    ['orders', 'json'],
    // A word that YAML reads as something else, and that stands in quotes.
    ['on', 'yaml'],
  ] as const) {
    it(`writes nothing, and says what to annotate ${name} with (${format})`, async () => {
      const folder = await renderedBefore(name, format);
      change(folder, { 'in/b.yaml': database('other', { replicas: 3 }) });
      const before = [fileOf(folder, name, format), fileOf(folder, 'other', format)];
      const { code, stdout, stderr } = await generate(folder, format);
      expect({ code, stdout }).eql({ code: 1, stdout: '' });
      expect(stderr)
        .match(/^in\/a\.yaml:1:\d+: error: metadata\.annotations: must say what becomes of the account /m)
        .and.include('(member-account)');
      expect(stderr).include(`${KEY}: ${name}, which changes nothing`);
      expect(stderr).include(`${KEY}: ballast-member-${name}, which restarts the members in order`);
      expect(stderr).include('nothing was rendered');
      expect([fileOf(folder, name, format), fileOf(folder, 'other', format)]).eql(before);
    });
  }

  it('follows the annotation: keeps the account, changes over, and removes the old one', async () => {
    const folder = await renderedBefore('orders', 'yaml');
    const before = fileOf(folder, 'orders');
    const accounts = (): string[] =>
      [...fileOf(folder, 'orders').matchAll(/serviceAccountName: (.*)/g)].map(([, name = '']) => name);
    change(folder, { 'in/a.yaml': annotated('orders', 'orders') });
    expect((await generate(folder)).code).equal(0);
    expect(fileOf(folder, 'orders')).equal(before);
    change(folder, { 'in/a.yaml': annotated('orders', 'ballast-member-orders') });
    expect((await generate(folder)).code).equal(0);
    expect(accounts()).eql(['ballast-member-orders']);
    expect(fileOf(folder, 'orders')).match(/^kind: ServiceAccount\nmetadata:\n {2}name: orders$/m);
    change(folder, { 'in/a.yaml': database('orders') });
    expect((await generate(folder)).code).equal(0);
    expect(fileOf(folder, 'orders')).not.match(/^kind: ServiceAccount\nmetadata:\n {2}name: orders$/m);
  });

  it('asks nothing of a Database that is new, or of which there is no file', async () => {
    const folder = folderWith({ 'in/a.yaml': database('orders') });
    expect((await generate(folder)).code).equal(0);
    expect((await generate(folder)).code).equal(0);
  });
});

describe('A reserved name', function () {
  this.timeout(RUNS_MS);
  const DEFAULT = { 'dbs/a.yaml': database('default') };

  it('is refused for a Database whose members are unknown', async () => {
    const folder = folderWith(DEFAULT);
    for (const command of ['validate', 'generate']) {
      const { code, stdout, stderr } = await ballast(folder, [command, 'dbs']);
      expect(code).equal(1);
      expect(stdout + stderr).include('(name-reserved)');
    }
  });

  it('is refused for one that a change makes, and left to one that was there', async () => {
    const folder = repositoryWith({ 'dbs/b.yaml': database('other') });
    change(folder, DEFAULT);
    expect((await ballast(folder, ['validate', 'dbs', '--against', 'HEAD'])).code).equal(1);
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '-m', 'made by an earlier version');
    change(folder, { 'dbs/a.yaml': database('default', { replicas: 3 }) });
    for (const command of ['validate', 'generate', 'diff']) {
      const { code, stderr } = await ballast(folder, [command, 'dbs', '--against', 'HEAD']);
      expect(code, stderr).equal(0);
    }
  });
});
