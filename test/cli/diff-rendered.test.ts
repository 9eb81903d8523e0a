import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { git, repositoryWith } from './git-repository.ts';
import { RUNS_MS, ballast } from './run.ts';
import { database } from './samples.ts';

const DATABASES = { 'dbs/a.yaml': database('a'), 'dbs/b.yaml': database('b'), 'dbs/c.yaml': database('c') };
const DIFF = ['diff', 'dbs', '--against', 'main', '--rendered', 'rendered'];

/** A repository whose rendered files another version of Ballast wrote: their texts are changed, and then all is rendered anew. */
async function upgraded(change: (text: string, name: string) => string, format = 'yaml'): Promise<string> {
  const folder = repositoryWith(DATABASES);
  const render = ['generate', 'dbs', '--out', 'rendered', '--format', format, '--no-cache'];
  expect((await ballast(folder, render)).code).to.equal(0);
  for (const name of ['a', 'b', 'c']) {
    const file = join(folder, 'rendered/shop', `${name}.${format}`);
    writeFileSync(file, change(readFileSync(file, 'utf8'), name));
  }
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message=rendered by an earlier version');
  git(folder, 'switch', '--quiet', '--create=upgrade');
  await ballast(folder, render);
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message=rendered by this version');
  return folder;
}

/** The objects of a change with their levels. */
async function levels(folder: string): Promise<string[]> {
  const { code, stdout, stderr } = await ballast(folder, [...DIFF, '--format', 'json']);
  expect(code, stderr).to.equal(0);
  const { objects } = JSON.parse(stdout) as { objects: { name: string; level: string }[] };
  return objects.map(({ name, level }) => `${name}: ${level}`);
}

describe('diff --rendered', function () {
  this.timeout(RUNS_MS);

  for (const format of ['yaml', 'json']) {
    it(`shows nothing where the same version rendered both (${format})`, async () => {
      expect(await levels(await upgraded((text) => text, format))).to.deep.equal([]);
    });

    it(`shows which pods an upgrade of Ballast recreates, and which it does not (${format})`, async () => {
      const older = await upgraded((text, name) => {
        if (name === 'a') return text.replace(/("?terminationGracePeriodSeconds"?): 60/, '$1: 30');
        return name === 'b' ? text.replaceAll('IgnoreExtraneous', 'Other') : text;
      }, format);
      expect(await levels(older)).to.deep.equal(['a: downtime', 'b: none']);
      const { stdout } = await ballast(older, DIFF);
      expect(stdout).to.contain('the pods change: the only member restarts');
      expect((await ballast(older, ['diff', 'dbs', '--against', 'main'])).stdout).not.to.contain('the pods change');
    });
  }

  it('shows which members an upgrade of Ballast restarts by settings of its own', async () => {
    const folder = await upgraded((text, name) => {
      return name === 'a' ? text.replace(/(?<before>max_wal_senders\\":\\")16/, '$<before>10') : text;
    });
    const { stdout } = await ballast(folder, DIFF);
    expect(stdout).to.contain('max_wal_senders (from "10" to "16") takes a restart: the only member restarts');
    expect(await levels(folder)).to.deep.equal(['a: downtime']);
  });

  it('renders itself what has no file at the revision', async () => {
    const folder = await upgraded((text) => text);
    git(folder, 'switch', '--quiet', 'main');
    git(folder, 'rm', '--quiet', 'rendered/shop/a.yaml');
    git(folder, 'commit', '--quiet', '--message=not rendered');
    git(folder, 'switch', '--quiet', 'upgrade');
    expect(await levels(folder)).to.deep.equal([]);
  });

  for (const [name, args, message] of [
    [
      'without a revision',
      ['diff', 'dbs', '--previous', 'dbs', '--rendered', 'rendered'],
      '--rendered needs --against',
    ],
    ['with a folder that is not there', [...DIFF.slice(0, -1), 'elsewhere'], 'elsewhere: '],
  ] as const) {
    it(`is refused ${name}`, async () => {
      const { code, stderr } = await ballast(await upgraded((text) => text), args);
      expect(code).to.equal(2);
      expect(stderr).to.contain(message).and.not.to.contain('    at ');
    });
  }

  it('is refused where a file of the folder cannot be read', async () => {
    const broken = await upgraded((text, name) => (name === 'b' ? `${text}\n<<<<<<< HEAD\n` : text));
    const { code, stderr } = await ballast(broken, DIFF);
    expect(code).to.equal(2);
    expect(stderr).to.contain('--rendered rendered/shop/b.yaml: ').and.not.to.contain('    at ');
  });
});
