import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadAll } from 'js-yaml';
import { factsText } from '../review/cluster-facts.ts';
import { change, git, repositoryWith } from './git-repository.ts';
import type { Run } from './run.ts';
import { ROOT, RUNS_MS, ballast, folderWith } from './run.ts';
import { database } from './samples.ts';

const SECRET = 'correct-horse-battery';

/** The Database orders of a cluster, whose class does not let volumes grow. */
const stored = {
  ...(JSON.parse(database('orders', { parameters: { application_name: SECRET } })) as object),
  metadata: { name: 'orders', namespace: 'shop', uid: 'u-1', generation: 2, annotations: { note: SECRET } },
  status: { phase: 'Running', observedGeneration: 2, largestVolume: '20Gi', volumesCanGrow: false },
};
const listOf = (...items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

const entry = 'namespace: shop, name: orders, generation: 2';
const head = (when: string): string => `observedAt: "${when}"\n`;
const LONG_AGO = '2026-11-01T00:00:00Z';

/** Files that are no facts, and the beginning of what is said of them, after the name of the file. */
const WRONG: Readonly<Record<string, readonly [text: string, says: RegExp]>> = {
  'nothing at all': ['', /^:1:1: error: observedAt: must be set/m],
  'a Database': [database('orders'), /error: observedAt: must be set/],
  'the answer of kubectl': [listOf(stored), /error: databases: must be set/],
  'text that is no YAML': ['observedAt: [', /error: .*\(yaml-syntax\)/],
  'a file that was cut off': [`${head(LONG_AGO)}databases:\n- {namespace: shop, na`, /\(yaml-syntax\)/],
  'a secret in it': [
    `${head(LONG_AGO)}databases:\n- {${entry}, password: ${SECRET}, status: {}}\n`,
    /^:3:\d+: error: databases\[0\]\.password: .*\(schema-unknown-field\)/m,
  ],
  'a status of another type': [
    `${head(LONG_AGO)}databases:\n- {${entry}, status: {volumesCanGrow: "no"}}\n`,
    /^:3:\d+: error: databases\[0\]\.status\.volumesCanGrow: .*\(schema-type\)/m,
  ],
  'one Database twice': [
    `${head(LONG_AGO)}databases:\n- {${entry}, status: {}}\n- {${entry}, status: {}}\n`,
    /^:4:\d+: error: databases\[1\]: must not name the Database shop\/orders twice; .*\(schema-duplicate\)/m,
  ],
  'a time of the future': [
    `${head('2999-01-01T00:00:00Z')}databases: []\n`,
    /^:1:\d+: error: observedAt: Invalid value: "2999-01-01T00:00:00Z": must not lie in the future.*\(facts-time\)/m,
  ],
  'two documents': [`${head(LONG_AGO)}databases: []\n---\na: b\n`, /must not have a second document/],
  'nesting without end': [`observedAt: ${'['.repeat(200)}${']'.repeat(200)}\n`, /\(yaml-nesting-depth\)/],
};

describe('ballast facts', function () {
  this.timeout(RUNS_MS);

  it('prints what rules need of each Database, and no spec, no annotation and no uid', async () => {
    const others = [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { password: SECRET } }];
    const { code, stdout, stderr } = await ballast(ROOT, ['facts', '-'], listOf(stored, ...others));
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: 'facts of 1 Database\n' });
    const [header, time, ...lines] = stdout.split('\n');
    expect(header).to.match(/^# What a cluster says of its Databases/);
    expect(time).to.match(/^observedAt: "\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"$/);
    expect(lines).to.deep.equal([
      'databases:',
      '- namespace: shop',
      '  name: orders',
      '  generation: 2',
      '  status:',
      '    observedGeneration: 2',
      '    largestVolume: "20Gi"',
      '    volumesCanGrow: false',
      '',
    ]);
  });

  it('prints an empty list of a cluster without Databases', async () => {
    const { code, stdout } = await ballast(ROOT, ['facts', '-'], listOf());
    expect(code).to.equal(0);
    expect(stdout).to.match(/\ndatabases: \[\]\n$/);
  });

  const REFUSED: Readonly<Record<string, readonly [input: string, says: string]>> = {
    'an empty input': ['', '<stdin>: is no JSON, or not all of it'],
    'an answer that was cut off': [listOf(stored).slice(0, -20), '<stdin>: is no JSON, or not all of it'],
    'an object that is no list': ['{"kind":"Status","message":"Forbidden"}', '<stdin>: holds no list of Databases'],
    'a text': ['"orders"', '<stdin>: holds no list of Databases'],
  };
  for (const [name, [input, says]] of Object.entries(REFUSED)) {
    it(`refuses ${name}, and says what to give it`, async () => {
      const { code, stdout, stderr } = await ballast(ROOT, ['facts', '-'], input);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
      expect(stderr).to.equal(
        `ballast: ${says}; give it what \`kubectl get databases --all-namespaces --output json\` prints\n`,
      );
    });
  }
});

describe('--facts', function () {
  this.timeout(2 * RUNS_MS);
  let folder: string;
  const run = (command: string, facts: string, ...more: string[]): Promise<Run> =>
    ballast(folder, [command, 'databases', '--against', 'HEAD', '--facts', facts, ...more]);

  before(() => {
    folder = repositoryWith({ 'databases/orders.yaml': database('orders'), 'README.md': '' });
    change(folder, {
      'databases/orders.yaml': database('orders', { storage: { size: '30Gi' } }),
      'facts.yaml': factsText([stored], new Date()),
      'old.yaml': factsText([stored], new Date(Date.now() - 3 * 86_400_000)),
    });
  });

  it('refuses in validate what only the cluster knows, at its line', async () => {
    const { code, stdout } = await run('validate', 'facts.yaml');
    expect(code).to.equal(1);
    expect(stdout).to.match(
      /^databases\/orders.yaml:1:\d+: error: spec.storage.size: Invalid value: "30Gi": must not grow from 20Gi: .* \(storage-can-grow\)$/m,
    );
  });

  it('refuses it in generate, which prints nothing', async () => {
    const { code, stdout, stderr } = await run('generate', 'facts.yaml');
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.include('(storage-can-grow)');
  });

  it('refuses it in diff', async () => {
    const { code, stderr } = await run('diff', 'facts.yaml');
    expect(code).to.equal(1);
    expect(stderr).to.include('(storage-can-grow)');
  });

  it('takes facts from the standard input', async () => {
    const args = ['validate', 'databases', '--against', 'HEAD', '--facts', '-'];
    const { code, stdout } = await ballast(folder, args, factsText([stored], new Date()));
    expect(code).to.equal(1);
    expect(stdout).to.include('(storage-can-grow)');
  });

  it('only warns when they are old, and says so at the change and at the file of facts', async () => {
    const { code, stdout } = await run('validate', 'old.yaml');
    expect(code).to.equal(0);
    expect(stdout).to.match(/warning: spec.storage.size: .* \(by facts of \S+, 3 days ago\); .*\(storage-can-grow\)$/m);
    expect(stdout).to.match(/^old.yaml:1:\d+: warning: observedAt: .* is 3 days ago: .*\(facts-time\)$/m);
  });

  it('does not take the file for a Database when it lies in the tree', async () => {
    const { code, stdout } = await ballast(folder, ['validate', '.']);
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '' });
  });

  it('needs --against', async () => {
    const { code, stderr } = await ballast(folder, ['validate', 'databases', '--facts', 'facts.yaml']);
    expect(code).to.equal(2);
    expect(stderr).to.equal('ballast: --facts needs --against: facts are about what a change may not do\n');
  });

  it('names a file that is not there', async () => {
    const { code, stderr } = await run('validate', 'nowhere.yaml');
    expect({ code, stderr }).to.deep.equal({ code: 2, stderr: 'ballast: nowhere.yaml: no such file or folder\n' });
  });

  for (const [name, [text, says]] of Object.entries(WRONG)) {
    it(`refuses ${name}, at its place, and repeats no secret`, async () => {
      change(folder, { 'wrong.yaml': text });
      const { code, stdout, stderr } = await run('validate', 'wrong.yaml');
      expect(code).to.equal(1);
      expect(stdout.replaceAll('wrong.yaml', '')).to.match(says);
      expect(stdout + stderr).to.not.include(SECRET);
    });
  }
});

interface Manifest {
  readonly kind: string;
  readonly rules?: readonly object[];
  readonly spec?: { readonly jobTemplate: { readonly spec: { readonly template: { readonly spec: PodSpec } } } };
}
interface PodSpec {
  readonly containers: readonly { readonly args: readonly string[] }[];
  readonly initContainers: readonly {
    readonly name: string;
    readonly args: readonly string[];
    readonly volumeMounts: readonly { name: string }[];
  }[];
}

describe('The job that keeps the facts fresh', function () {
  this.timeout(RUNS_MS);
  const manifests = loadAll(readFileSync(join(ROOT, 'examples/facts/facts.yaml'), 'utf8')) as Manifest[];
  const pod = manifests.find(({ kind }) => kind === 'CronJob')!.spec!.jobTemplate.spec.template.spec;

  it('may list Databases, and nothing else', () => {
    expect(manifests.flatMap(({ rules = [] }) => rules)).to.deep.equal([
      { apiGroups: ['db.example.com'], resources: ['databases'], verbs: ['list'] },
    ]);
  });

  it('has the token of the cluster where it reads, and nowhere else', () => {
    const holders = [...pod.initContainers, ...(pod.containers as PodSpec['initContainers'])].filter(
      ({ volumeMounts }) => volumeMounts.some(({ name }) => name === 'token'),
    );
    expect(holders.map(({ name }) => name)).to.deep.equal(['read']);
  });

  it('replaces the only commit of its branch', () => {
    const remote = folderWith();
    git(remote, 'init', '-q', '--bare');
    const [script = ''] = pod.containers[0]?.args ?? [];
    for (const text of ['first\n', 'second\n']) {
      const folder = folderWith({ 'facts.yaml': text });
      const env = { ...process.env, HOME: folder, REPOSITORY: remote };
      execFileSync('sh', ['-ec', script], { cwd: folder, env, stdio: 'pipe' });
    }
    const show = (...args: string[]): string => execFileSync('git', ['-C', remote, ...args], { encoding: 'utf8' });
    expect(show('rev-list', '--count', 'ballast-facts').trim()).to.equal('1');
    expect(show('show', 'ballast-facts:facts.yaml')).to.equal('second\n');
  });
});
