import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { dump } from 'js-yaml';
import { expect } from 'chai';
import { UsageError } from '../../cli/errors.ts';
import { runKustomize } from '../../cli/kustomize/run.ts';
import { git, repositoryWith } from '../cli/git-repository.ts';
import type { GitOpsPrograms } from '../cli/gitops-programs.ts';
import { gitOpsProgramsOrSkip } from '../cli/gitops-programs.ts';
import { OVERLAYS, overlay } from '../cli/overlays.ts';
import type { Files, Run } from '../cli/run.ts';
import { RUNS_MS, ballast, folderWith, writeFiles } from '../cli/run.ts';

const PROD = 'overlays/prod';

interface Attack {
  readonly files: Files;
  readonly links?: Readonly<Record<string, string>>;
  readonly says: RegExp;
}

const prod = (more: object): Files => ({ [`${PROD}/kustomization.yaml`]: overlay('shop', more) });
const script = (mark: string): string => `#!/bin/sh\n: > '${mark}'\n`;
const runs = (annotation: string, what: object): string =>
  dump({
    apiVersion: 'example.com/v1',
    kind: 'Trap',
    metadata: { name: 'trap', annotations: { 'config.kubernetes.io/function': dump({ [annotation]: what }) } },
  });

/** What a pull request can write into a kustomization, each with the words of the refusal. `MARK` is a file that must not appear. */
function attacksFor(mark: string, secret: string): Readonly<Record<string, Attack>> {
  const program = { [`${PROD}/trap.sh`]: script(mark) };
  return {
    'a file from the network': {
      files: prod({ resources: ['../../base', 'https://example.com/database.yaml'] }),
      says: /127\.0\.0\.1:9: connect: connection refused/,
    },
    'a repository from the network': {
      files: prod({ resources: ['../../base', 'https://github.com/example/bases//orders?ref=main'] }),
      says: /transport 'https' not allowed/,
    },
    'a repository by ssh': {
      files: prod({ resources: ['../../base', 'ssh://git@github.com/example/bases//orders?ref=main'] }),
      says: /transport 'ssh' not allowed/,
    },
    'a repository of this computer': {
      files: prod({ resources: ['../../base', `git::file://${secret}`] }),
      says: /must build: .*(transport 'file' not allowed|not a valid|no such file)/,
    },
    'a generator that is a program': {
      files: {
        ...prod({ generators: ['trap.yaml'] }),
        ...program,
        [`${PROD}/trap.yaml`]: runs('exec', { path: './trap.sh' }),
      },
      says: /must build: .*(plugin|exec)/,
    },
    'a transformer that is a container': {
      files: {
        ...prod({ transformers: ['trap.yaml'] }),
        [`${PROD}/trap.yaml`]: runs('container', { image: 'example.com/trap', network: true }),
      },
      says: /must build: .*(plugin|container|function)/,
    },
    'a validator that is a script': {
      files: {
        ...prod({ validators: ['trap.yaml'] }),
        [`${PROD}/trap.yaml`]: runs('starlark', { path: 'trap.star' }),
        [`${PROD}/trap.star`]: 'def trap(): pass\n',
      },
      says: /must build: .*(plugin|starlark|function)/,
    },
    'a chart': {
      files: prod({ helmCharts: [{ name: 'trap', repo: 'https://example.com', version: '1.0.0' }] }),
      says: /must build: .*must specify --enable-helm/,
    },
    'a file of this computer by its full name': {
      files: prod({ resources: ['../../base', join(secret, 'secret.yaml')] }),
      says: /must build: .*is not in or below/,
    },
    'a file of this computer through a link': {
      files: prod({ configMapGenerator: [{ name: 'stolen', files: ['link.txt'] }] }),
      links: { [`${PROD}/link.txt`]: join(secret, 'secret.yaml') },
      says: /must build: .*is not in or below/,
    },
    'a folder that contains itself': {
      files: prod({ resources: ['../../base', '../prod'] }),
      says: /must build: .*cycle/,
    },
  };
}

/** A text that stands for billions of values. */
const BOMB = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi']
  .map(
    (name, index) =>
      `${name}: &${name} [${Array(9)
        .fill(`*${'abcdefgh'[index] ?? ''}`)
        .join(',')}]`,
  )
  .join('\n')}\n`;

describe('A hostile kustomization', function () {
  this.timeout(RUNS_MS);
  const place = realpathSync(folderWith({ 'secrets/secret.yaml': 'kind: Secret\nstringData: {password: hunter2}\n' }));
  const mark = join(place, 'RAN');
  const secrets = join(place, 'secrets');
  let programs: GitOpsPrograms;
  before(async function () {
    programs = await gitOpsProgramsOrSkip(this, 'kustomize');
  });

  const validate = (folder: string, ...more: string[]): Promise<Run> =>
    ballast(folder, ['validate', '--kustomize', PROD, ...more], '', programs.variables);

  for (const [name, { files, links = {}, says }] of Object.entries(attacksFor(mark, secrets))) {
    it(`is refused: ${name}`, async () => {
      const folder = repositoryWith({ ...OVERLAYS, ...files });
      for (const [at, target] of Object.entries(links)) symlinkSync(target, join(folder, at));
      if (existsSync(join(folder, PROD, 'trap.sh'))) chmodSync(join(folder, PROD, 'trap.sh'), 0o755);
      const { code, stdout, stderr } = await validate(folder);
      expect([code, existsSync(mark)], stdout + stderr).to.deep.equal([1, false]);
      expect(stdout)
        .to.match(says)
        .and.match(/\(kustomize-build\)\n$/);
      expect(stdout + stderr).not.to.contain('hunter2');
    });
  }

  it('has a limit of memory, which ends aliases that grow without end', () => {
    const folder = folderWith({ 'kustomization.yaml': dump({ resources: ['bomb.yaml'] }), 'bomb.yaml': BOMB });
    const PATH = process.env['PATH'];
    Object.assign(process.env, programs.variables);
    const limits = { milliseconds: 20_000, bytes: 2 ** 20, memory: 1.5 * 2 ** 30 };
    const result = runKustomize(realpathSync(folder), '/nowhere', limits);
    Object.assign(process.env, { PATH });
    expect(result).to.deep.equal({ ok: false, reason: 'it needs more than 1.5 GiB of memory' });
  });

  it('has no variable of the environment, neither for its programs nor for its objects', async () => {
    const more = { configMapGenerator: [{ name: 'stolen', envs: ['names.env'] }] };
    const folder = repositoryWith({ ...OVERLAYS, ...prod(more), [`${PROD}/names.env`]: 'TOKEN\nPATH\n' });
    const args = ['generate', '--kustomize', PROD, '--include-others'];
    const run = await ballast(folder, args, '', { ...programs.variables, TOKEN: 'hunter2' });
    expect(run.stdout).not.to.contain('hunter2');
  });

  it('fetches nothing, and asks no proxy of the user', async () => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end('kind: ConfigMap\napiVersion: v1\nmetadata: {name: fetched}\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const folder = repositoryWith({ ...OVERLAYS, ...prod({ resources: ['../../base', 'http://example.com/x.yaml'] }) });
    const proxy = `http://127.0.0.1:${port}`;
    const args = ['validate', '--kustomize', PROD];
    const run = await ballast(folder, args, '', { ...programs.variables, HTTP_PROXY: proxy, http_proxy: proxy });
    server.close();
    expect([run.code, asked]).to.deep.equal([1, 0]);
  });

  it('cannot bring the program: folders of the tree are left out of PATH', async () => {
    const folder = repositoryWith({ ...OVERLAYS, 'bin/kustomize': script(mark), 'bin/kubectl': script(mark) });
    for (const name of ['kustomize', 'kubectl']) chmodSync(join(folder, 'bin', name), 0o755);
    const path = [join(folder, 'bin'), 'bin', programs.variables.PATH].join(delimiter);
    const run = await ballast(folder, ['validate', '--kustomize', PROD], '', { PATH: path });
    expect([run.code, existsSync(mark)], run.stderr).to.deep.equal([0, false]);
  });

  it('does not reach this computer by a link that was merged', async () => {
    const merged = { ...OVERLAYS, ...prod({ resources: ['../../base', 'more'] }) };
    const folder = repositoryWith(merged);
    writeFiles(secrets, { 'kustomization.yaml': dump({ resources: ['secret.yaml'] }) });
    symlinkSync(secrets, join(folder, PROD, 'more'));
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '-m', 'a link');
    git(folder, 'rm', '-q', `${PROD}/more`);
    writeFiles(folder, prod({}));
    const { code, stdout } = await validate(folder, '--against', 'main');
    expect(code).to.equal(1);
    expect(stdout)
      .to.match(/at main it does not build: .*overlays\/prod\/more/)
      .and.not.contain('hunter2');
  });

  it('leaves nothing behind in the folder for temporary files', async () => {
    const folder = repositoryWith(OVERLAYS);
    const own = folderWith();
    const args = ['validate', '--kustomize', PROD, '--against', 'main'];
    const run = await ballast(folder, args, '', { ...programs.variables, TMPDIR: own });
    expect(run.code, run.stderr).to.equal(0);
    expect(readdirSync(own)).to.deep.equal([]);
  });
});

describe('The program that builds', function () {
  this.timeout(RUNS_MS);
  const PATH = process.env['PATH'] ?? '';
  afterEach(() => {
    process.env['PATH'] = PATH;
  });

  /** Puts a program of this name first in PATH, and nothing else that builds. */
  function withProgram(name: string, lines: string): string {
    const folder = realpathSync(folderWith({ [name]: `#!/bin/sh\n${lines}\n` }));
    chmodSync(join(folder, name), 0o755);
    process.env['PATH'] = [folder, '/usr/bin', '/bin'].join(delimiter);
    return folder;
  }
  const limited = (milliseconds: number, bytes = 2 ** 20): ReturnType<typeof runKustomize> =>
    runKustomize(tmpdir(), '/nowhere', { milliseconds, bytes, memory: 2 ** 30 });

  it('has a time', () => {
    withProgram('kustomize', 'sleep 20');
    const began = Date.now();
    expect(limited(500)).to.deep.equal({ ok: false, reason: 'it takes longer than 0.5 seconds' });
    expect(Date.now() - began).to.be.below(10_000);
  });

  it('has a limit of what it may print', () => {
    withProgram('kustomize', 'head -c 3000000 /dev/zero');
    expect(limited(20_000)).to.deep.equal({ ok: false, reason: 'it prints more than 1 MiB' });
  });

  it('that ends without a word is told as that', () => {
    withProgram('kustomize', 'exit 3');
    expect(limited(20_000)).to.deep.equal({ ok: false, reason: 'it failed without a word' });
  });

  it('is told in one line, without the configuration that it quotes', () => {
    withProgram(
      'kustomize',
      "printf 'warning: old\\nError: trouble with config: `\\npassword: hunter2\\n`: the cause\\n' >&2; exit 1",
    );
    expect(limited(20_000)).to.deep.equal({ ok: false, reason: 'trouble with config: (its configuration): the cause' });
  });

  it('gets a folder as an argument, no flag that loosens it, and an environment of few variables', () => {
    withProgram('kustomize', 'echo "$@"; env | cut -d= -f1 | grep -v -e "^_" -e SHLVL -e PWD | sort');
    process.env['GITHUB_TOKEN'] = 'hunter2';
    const result = limited(20_000);
    delete process.env['GITHUB_TOKEN'];
    const lines = result.ok ? new TextDecoder().decode(result.bytes).trim().split('\n') : [];
    const git = ['GIT_ALLOW_PROTOCOL', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM', 'GIT_TERMINAL_PROMPT'];
    expect(lines).to.deep.equal([
      `build ${tmpdir()}`,
      ...[...git, 'HOME', 'HTTPS_PROXY', 'HTTP_PROXY', 'LC_ALL', 'NO_PROXY', 'PATH', 'TMPDIR'].sort(),
    ]);
  });

  it('is missed with the ways that remain', () => {
    const empty = folderWith();
    mkdirSync(join(empty, 'none'));
    process.env['PATH'] = join(empty, 'none');
    expect(() => limited(1000)).to.throw(
      UsageError,
      /^--kustomize needs kustomize or kubectl in a folder of PATH outside of \/nowhere; install one of them, or build elsewhere and pipe: /,
    );
  });

  it('is not asked about a folder that is none, or no kustomization', async () => {
    const folder = folderWith({ 'plain/a.yaml': '' });
    const says: Readonly<Record<string, string>> = {
      nowhere: '--kustomize nowhere: there is no such folder',
      plain: '--kustomize plain: holds no kustomization.yaml; name the folder of an overlay',
    };
    for (const [path, line] of Object.entries(says)) {
      const run = await ballast(folder, ['validate', '--kustomize', path]);
      expect(run).to.deep.equal({ code: 2, stdout: '', stderr: `ballast: ${line}\n` });
    }
    expect(execFileSync('ls', [folder]).toString()).to.equal('plain\n');
  });
});
