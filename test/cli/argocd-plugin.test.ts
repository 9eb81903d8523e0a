import { expect } from 'chai';
import { repositoryCopy } from '../../cli/argocd/copy.ts';
import { excludedBy } from '../../cli/argocd/parameters.ts';
import { join } from 'node:path';
import { RUNS_MS, ballast, folderWith } from './run.ts';
import { configMap, database } from './samples.ts';

const COPY = '/tmp/_cmp_server/3e2b3a3e';

describe('ballast argocd-plugin', function () {
  this.timeout(RUNS_MS);

  for (const [what, path, folder, root, below] of [
    ['the root itself', '.', COPY, COPY, '.'],
    ['no path', '', COPY, COPY, '.'],
    ['a folder', 'databases/shop', `${COPY}/databases/shop`, COPY, 'databases/shop'],
    ['a path with dots and slashes', './databases//shop/', `${COPY}/databases/shop`, COPY, 'databases/shop'],
  ] as const) {
    it(`finds the root of the copy from ${what}`, () => {
      expect(repositoryCopy(folder, path)).to.deep.equal({ root, path: below });
    });
  }

  for (const [what, path] of [
    ['begins at the folder', 'databases/shop'],
    ['has a folder of a similar name', 'my-databases/3e2b3a3e'],
    ['would begin outside', '../3e2b3a3e'],
  ] as const) {
    it(`refuses a copy that ${what}`, () => {
      expect(() => repositoryCopy(COPY, path)).to.throw(
        /Argo CD handed over a part of the repository, .*ballast\.yaml"/,
      );
    });
  }

  for (const [what, parameters, patterns] of [
    ['none', undefined, []],
    ['an empty text', '', []],
    ['null', 'null', []],
    ['paths', '[{"name":"exclude","array":["charts/**","a_b-c@1/*.yaml"]}]', ['charts/**', 'a_b-c@1/*.yaml']],
  ] as const) {
    it(`reads ${what} as parameters`, () => {
      expect(excludedBy(parameters)).to.deep.equal(patterns);
    });
  }

  const one = (pattern: unknown): string => JSON.stringify([{ name: 'exclude', array: [pattern] }]);
  for (const [what, parameters, says] of [
    ['no JSON', '{', /must be JSON/],
    ['no list', '{}', /must be a list/],
    [
      'another name',
      '[{"name":"settings","string":"/etc/passwd"}]',
      /"settings" is not known; the only parameter is exclude/,
    ],
    ['no name', '[3]', /one without a name is not known/],
    ['a text', '[{"name":"exclude","string":"a"}]', /exclude must be an array/],
    ['too many paths', JSON.stringify([{ name: 'exclude', array: Array(51).fill('a') }]), /at most 50 paths/],
    ['a path from the root', one('/etc'), /must be a path below/],
    ['a path that leads out', one('a/../../b'), /must be a path below/],
    ['a command', one('$(id)'), /must be a path below/],
    ['alternatives', one('{a,b}{a,b}'), /must be a path below/],
    ['three wildcards', one('*a*a*'), /at most two wildcards/],
    ['an endless path', one('a'.repeat(201)), /must be a path below/],
    ['a number', one(3), /must be a path below/],
    ['an empty path', one(''), /must be a path below/],
  ] as const) {
    it(`refuses ${what} as parameters`, () => {
      expect(() => excludedBy(parameters)).to.throw(says);
    });
  }

  const FILES = { 'ballast.yaml': 'clusterDomain: example.internal\n', 'a/b/orders.yaml': database('orders') };
  const variables = { ARGOCD_APP_NAME: 'x', ARGOCD_APP_SOURCE_PATH: 'a/b', ARGOCD_APP_NAMESPACE: 'shop' };

  it('takes the settings above the path, also in a copy without .git', async () => {
    const folder = join(folderWith(FILES), 'a/b');
    const { code, stdout, stderr } = await ballast(folder, ['argocd-plugin'], '', variables);
    expect({ code, stderr }).to.deep.equal({
      code: 0,
      stderr: '1 object in 1 file: 0 errors, 0 warnings; settings of ballast.yaml\n',
    });
    expect(stdout).to.include('example.internal');
  });

  for (const [what, files, changed, says] of [
    [
      'a file of another kind that is too large',
      { 'a/b/big.yaml': `a: ${'x'.repeat(17 << 20)}\n` },
      {},
      'a/b/big.yaml:1:1: error: must be at most 16 MiB',
    ],
    [
      'a file of another kind that is not UTF-8',
      { 'a/b/c.yaml': `\u0000${configMap('c')}` },
      {},
      'a/b/c.yaml:1:1: error: must not hold control characters',
    ],
    ['a destination that is no namespace', {}, { ARGOCD_APP_NAMESPACE: '../x' }, 'must be the name of a namespace'],
  ] as const) {
    it(`refuses ${what}, and prints nothing`, async () => {
      const folder = join(folderWith({ ...FILES, ...files }), 'a/b');
      const { code, stdout, stderr } = await ballast(folder, ['argocd-plugin'], '', { ...variables, ...changed });
      expect(stderr).to.include(says);
      expect({ isRefused: code !== 0, stdout }).to.deep.equal({ isRefused: true, stdout: '' });
    });
  }

  it('says so to a person who runs it', async () => {
    const { code, stderr } = await ballast(folderWith(FILES), ['argocd-plugin']);
    expect({ code, stderr }).to.deep.equal({
      code: 2,
      stderr: 'ballast: argocd-plugin is run by Argo CD, in a sidecar of its repository server; use generate\n',
    });
  });
});
