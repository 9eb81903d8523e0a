import { existsSync, readFileSync, rmSync } from 'node:fs';

import { join } from 'node:path';
import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import type { ManifestsAnswer, ManifestsRequest } from '../../lab/gitops/repository-server.ts';
import { RepositoryServer } from '../../lab/gitops/repository-server.ts';
import { Repository } from '../../lab/gitops/repository.ts';
import { makeOwnFolder } from '../../lab/processes/own-folder.ts';
import { ROOT, ballast, programsFolder } from '../cli/run.ts';
import { configMap, database, databaseYaml } from '../cli/samples.ts';
import { orSkip } from '../or-skip.ts';

const PLUGIN = readFileSync(join(ROOT, 'argocd/plugin/plugin.yaml'), 'utf8');
/** The variant of docs/gitops.md, under another name: Argo CD takes it for what has a ballast.yaml. */
const DISCOVERING = PLUGIN.replace('\n  name: ballast', '\n  name: discovering').replace(
  'spec:\n',
  'spec:\n  discover: {fileName: ballast.yaml}\n',
);
const MANY = 300;
const NO_NAMESPACE =
  'apiVersion: db.example.com/v1alpha1\nkind: Database\nmetadata: {name: free}\nspec: {version: "17", storage: {size: 20Gi}}\n';

/** The folders of a repository in which every folder is an Application. */
const FILES: Readonly<Record<string, string>> = {
  'ballast.yaml': 'clusterDomain: example.internal\n',
  'good/orders.yaml': database('orders'),
  'good/config.yaml': configMap('c', { a: 'b' }),
  'other-team/users.yaml': database('users'),
  'invalid/orders.yaml': databaseYaml('replicas: 12'),
  'warned/orders.yaml': database('orders', { replicas: 4 }),
  'conflict/orders.yaml': `<<<<<<< HEAD\n${database('orders')}=======\n${database('users')}>>>>>>> theirs\n`,
  'broken/orders.yaml': database('orders'),
  'broken/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\n',
  'no-databases/config.yaml': configMap('c', { a: 'b' }),
  'no-namespace/free.yaml': NO_NAMESPACE,
  'with-chart/orders.yaml': database('orders'),
  'with-chart/charts/x/templates/a.yaml': 'apiVersion: v1\nkind: {{ .Kind }}\n',
};

describe("Argo CD's repository server with Ballast as its plugin", function () {
  this.timeout(90_000);
  let server: RepositoryServer | undefined;
  let repository: Repository;
  const folder = makeOwnFolder('plugin');
  const stolen = join(folder, 'stolen');

  before(async function () {
    this.timeout('20m');
    repository = await Repository.make(join(folder, 'git'));
    for (const [path, text] of Object.entries(FILES)) repository.write(path, text);
    await repository.push('All');
    const programs = programsFolder();
    const plugins = [
      { name: 'ballast', text: PLUGIN, programs },
      { name: 'discovering', text: DISCOVERING, programs },
    ];
    const variables = { ARGOCD_REPO_SERVER_PLUGIN_USE_MANIFEST_GENERATE_PATHS: 'true' };
    const options = { folder: join(folder, 'argo'), plugins, variables };
    server = await orSkip(this, () => RepositoryServer.start(options));
  });

  after(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function request(path: string, source: object = {}): ManifestsRequest {
    const plugin = { name: 'ballast' };
    const repoURL = `file://${repository.bare}`;
    return { name: path, namespace: 'shop', source: { repoURL, targetRevision: 'main', path, plugin, ...source } };
  }

  async function ask(path: string, source?: object): Promise<ManifestsAnswer> {
    return (await server!.ask(request(path, source)))[0]!;
  }

  const parsed = (answer: ManifestsAnswer): Record<string, unknown>[] =>
    (answer.manifests ?? []).map((text) => {
      const object = JSON.parse(text) as { metadata: { annotations?: Record<string, string> } };
      // Argo CD's own mark.
      delete object.metadata.annotations?.['argocd.argoproj.io/tracking-id'];
      if (Object.keys(object.metadata.annotations ?? { kept: '' }).length === 0) delete object.metadata.annotations;
      return object;
    });

  it('gives what generate prints, with the objects of other kinds, under the settings at the root of the repository', async () => {
    const answer = await ask('good');
    expect(answer.error).to.equal(undefined);
    expect(answer.sourceType).to.equal('Plugin');
    const printed = await ballast(repository.clone, ['generate', 'good', '--include-others']);
    expect(parsed(answer)).to.deep.equal(loadAll(printed.stdout));
    expect(printed.stdout).to.include('example.internal').and.include('kind: ConfigMap');
  });

  it('gives each Application of a monorepo its own folder', async () => {
    const [one, two] = (await server!.ask(request('good'), request('other-team'))) as [
      ManifestsAnswer,
      ManifestsAnswer,
    ];
    const databases = (answer: ManifestsAnswer): unknown[] =>
      parsed(answer).flatMap(({ kind, metadata }) =>
        kind === 'Database' ? [(metadata as { name: string }).name] : [],
      );
    expect(databases(one)).to.deep.equal(['orders']);
    expect(databases(two)).to.deep.equal(['users']);
  });

  it('lets warnings pass, and keeps them out of the manifests', async () => {
    const answer = await ask('warned');
    expect(answer.error).to.equal(undefined);
    expect(parsed(answer).map(({ kind }) => kind)).to.include('StatefulSet');
  });

  it('puts objects without a namespace into that of the destination', async () => {
    const namespaces = new Set(
      parsed(await ask('no-namespace')).map(({ metadata }) => (metadata as { namespace?: string }).namespace),
    );
    expect([...namespaces]).to.deep.equal(['shop']);
  });

  it('leaves out what the parameter names', async () => {
    const parameters = [{ name: 'exclude', array: ['charts/**'] }];
    const answer = await ask('with-chart', { plugin: { name: 'ballast', parameters } });
    expect(answer.error).to.equal(undefined);
    expect(parsed(answer).map(({ kind }) => kind)).to.include('Database');
  });

  const exclude = (pattern: string): object => ({
    plugin: { name: 'ballast', parameters: [{ name: 'exclude', array: [pattern] }] },
  });
  const refused: readonly { what: string; path: string; source?: object; says: string }[] = [
    {
      what: 'an invalid Database, with its file, line and remedy',
      path: 'invalid',
      says: 'invalid/orders.yaml:7:13: error: spec.replicas: Invalid value: 12: must be between 1 and 9; choose a number from 1 to 9, best an odd one (replicas-range)',
    },
    {
      what: 'a conflict left by a merge',
      path: 'conflict',
      says: 'conflict/orders.yaml:1:1: error: must be valid YAML: a merge conflict begins here; resolve it',
    },
    {
      what: 'a file of another kind that cannot be read',
      path: 'broken',
      says: 'broken/config.yaml:4:1: error: must be valid YAML: ',
    },
    {
      what: 'a folder without a Database',
      path: 'no-databases',
      says: 'no-databases: there is no Database, and nothing was rendered',
    },
    { what: 'a path that does not exist', path: 'databses', says: 'databses: app path does not exist' },
    { what: 'a path out of the repository', path: '../../etc', says: 'app path outside root' },
    {
      what: 'a parameter that holds a command',
      path: 'good',
      source: exclude(`$(touch ${stolen}); touch ${stolen}`),
      says: 'in exclude must be a path below that of the Application',
    },
    {
      what: 'a parameter that leads out',
      path: 'good',
      source: exclude('../other-team'),
      says: 'must be a path below',
    },
    {
      what: 'a pattern of countless alternatives',
      path: 'good',
      source: exclude('{a,b}'.repeat(30)),
      says: 'must be a path below',
    },
    {
      what: 'a parameter that is not known',
      path: 'good',
      source: { plugin: { name: 'ballast', parameters: [{ name: 'namespace', string: 'x' }] } },
      says: '"namespace" is not known; the only parameter is exclude',
    },
  ];
  for (const { what, path, source, says } of refused) {
    it(`refuses ${what}`, async () => {
      const answer = await ask(path, source);
      expect(answer.error).to.include(says);
      expect(answer.manifests ?? []).to.deep.equal([]);
      expect(answer.error).not.to.match(/\n {4}at |node:internal/);
      expect(existsSync(stolen)).to.equal(false);
    });
  }

  it('takes no command and no file from the environment that an Application sets', async () => {
    const env = ['NODE_OPTIONS', 'PATH', 'ARGOCD_APP_PARAMETERS'].map((name) => ({
      name,
      value: `$(touch ${stolen})`,
    }));
    const answer = await ask('good', { plugin: { name: 'ballast', env } });
    expect(answer.error).to.equal(undefined);
    expect(existsSync(stolen)).to.equal(false);
  });

  it('refuses a part of the repository, and takes the whole, as manifest-generate-paths names it', async () => {
    const [part, whole, settings] = (await server!.ask(
      { ...request('good'), generatePaths: '.' },
      { ...request('good'), generatePaths: '.;/' },
      { ...request('good'), generatePaths: '.;/ballast.yaml' },
    )) as [ManifestsAnswer, ManifestsAnswer, ManifestsAnswer];
    expect(part.error).to.include(
      'good: Argo CD handed over a part of the repository, in which ballast.yaml may be missing',
    );
    expect([whole.error, settings.error]).to.deep.equal([undefined, undefined]);
  });

  it('is found by ballast.yaml, for those who want that, and then only at the root', async () => {
    const [root, below] = (await server!.ask(request('.', { plugin: {} }), request('good', { plugin: {} }))) as [
      ManifestsAnswer,
      ManifestsAnswer,
    ];
    // The root holds wrong Databases too, so that only the plugin refuses it.
    expect(root.error).to.include('(replicas-range)');
    expect(below.error).to.include('could not find plugin supporting the given repository');
  });

  it(`renders ${MANY} Databases in one Application`, async () => {
    for (let n = 0; n < MANY; n += 1) repository.write(`many/d${n}.yaml`, database(`d${n}`));
    await ballast(repository.clone, ['generate', 'many', '--out', 'rendered']);
    await repository.push('Many');
    const read = { plugin: undefined, directory: { recurse: true } };
    const [first, plugin, rendered] = (await server!.ask(
      request('rendered', read),
      request('many'),
      request('rendered', read),
    )) as [ManifestsAnswer, ManifestsAnswer, ManifestsAnswer];
    expect([first.error, plugin.error]).to.deep.equal([undefined, undefined]);
    expect(plugin.manifests).to.have.length(rendered.manifests?.length ?? 0);
    const ratio = (plugin.seconds / rendered.seconds).toFixed(1);
    process.stdout.write(
      `        ${MANY} Databases: ${plugin.seconds.toFixed(1)} s by the plugin, ${rendered.seconds.toFixed(1)} s from rendered files (${ratio} times)\n`,
    );
  });
});
