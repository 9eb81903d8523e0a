import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { RUNS_MS, ballast, folderWith } from '../cli/run.ts';
import { change, git } from '../cli/git-repository.ts';
import type { Ended, Workflow } from './workflow.ts';
import { EXAMPLE, commandOf, exampleFile, programs, runCommand } from './workflow.ts';

const CHECK = exampleFile('.github/workflows/databases.yaml') as Workflow;
const RENDER = exampleFile('.github/workflows/render.yaml') as Workflow;
const GITLAB = exampleFile('.gitlab-ci.yml') as Record<string, { script: string[]; after_script?: string[] }>;
const VALID = 'The databases are valid, and so is the change';
const EFFECTS = 'What the change does to running databases';
const UP_TO_DATE = 'The rendered files are up to date';
const ORDERS = 'databases/shop/orders.yaml';

const output = (folder: string, ...args: string[]): string =>
  execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' }).trim();

/** The forge's repository, and the developer's clone with the example rendered on main. */
async function forge(): Promise<{ bare: string; clone: string }> {
  const [bare, clone] = [folderWith({}), folderWith({})];
  git(bare, 'init', '-q', '--bare', '-b', 'main');
  cpSync(EXAMPLE, clone, { recursive: true });
  const { code, stderr } = await ballast(clone, ['generate', 'databases/', '--out', 'rendered/']);
  expect(code, stderr).to.equal(0);
  git(clone, 'init', '-q', '-b', 'main');
  git(clone, 'remote', 'add', 'origin', bare);
  git(clone, 'add', '-A');
  git(clone, 'commit', '-q', '-m', 'first');
  git(clone, 'push', '-q', 'origin', 'main');
  return { bare, clone };
}

/** A new clone, with the pull request's merge commit checked out as the forge's runner does it. */
function checkout(bare: string): string {
  const folder = folderWith({});
  git(folder, 'clone', '-q', `file://${bare}`, '.');
  git(folder, 'checkout', '-q', '-b', 'result', 'origin/main');
  git(folder, 'merge', '-q', '--no-ff', '-m', 'merge', 'origin/topic');
  git(folder, 'checkout', '-q', '--detach');
  return folder;
}

describe('The workflows of the example repository', function () {
  this.timeout(4 * RUNS_MS);
  const path = programs();
  let bare: string;
  let clone: string;

  beforeEach(async () => {
    ({ bare, clone } = await forge());
    git(clone, 'checkout', '-q', '-b', 'topic');
  });

  /** Changes the size of a volume, renders when asked to, and pushes. */
  async function push(size: string, isRendered: boolean): Promise<void> {
    const text = readFileSync(join(clone, ORDERS), 'utf8');
    change(clone, { [ORDERS]: text.replace('size: 100Gi', `size: ${size}`) });
    if (isRendered) await ballast(clone, ['generate', 'databases/', '--out', 'rendered/']);
    git(clone, 'commit', '-q', '-a', '-m', 'change');
    git(clone, 'push', '-q', '-f', 'origin', 'topic');
  }

  function step(folder: string, name: string): Ended {
    const variables = {
      ...{ BASE: 'main', RUNNER_TEMP: path, GITHUB_OUTPUT: join(path, 'output') },
      GITHUB_STEP_SUMMARY: join(path, 'summary'),
    };
    return runCommand(commandOf(CHECK, 'check', name), { folder, path, variables });
  }

  it('pass a change that was rendered, and show its effects', async () => {
    await push('200Gi', true);
    const folder = checkout(bare);
    for (const name of [VALID, EFFECTS, UP_TO_DATE]) {
      const { code, output: said } = step(folder, name);
      expect(code, said).to.equal(0);
    }
    expect(readFileSync(join(path, 'summary'), 'utf8')).to.include('orders');
    const [, end = '', effects = ''] =
      /^effects<<(end-\d+)\n([^]*)\n\1\n$/.exec(readFileSync(join(path, 'output'), 'utf8')) ?? [];
    expect(end).not.to.equal('');
    const variables = { EFFECTS: effects, NUMBER: '7' };
    const comment = commandOf(CHECK, 'comment', 'The same as a comment');
    expect(runCommand(comment, { folder, path, variables }).code).to.equal(0);
    const called = readFileSync(join(path, 'gh.called'), 'utf8');
    expect(called).to.match(/^pr\ncomment\n7\n--edit-last\n--create-if-none\n--body-file\n-\n/);
    expect(called).to.include('100Gi').and.include('200Gi');
  });

  it('refuse a change that was not rendered, and name the file', async () => {
    await push('200Gi', false);
    const { code, output: said } = step(checkout(bare), UP_TO_DATE);
    expect(code).to.equal(1);
    expect(said).to.include('changed: rendered/shop/orders.yaml');
  });

  it('refuse a change that the running database cannot follow, as an annotation', async () => {
    await push('50Gi', true);
    const { code, output: said } = step(checkout(bare), VALID);
    expect(code).to.equal(1);
    expect(said).to.match(/^::error .*file=databases\/shop\/orders\.yaml.*storage-no-shrink/m);
  });

  it('let nothing of a comment become a command', () => {
    const variables = { EFFECTS: `$(touch ${path}/stolen) \`touch ${path}/stolen\``, NUMBER: '7' };
    const comment = commandOf(CHECK, 'comment', 'The same as a comment');
    expect(runCommand(comment, { folder: path, path, variables }).code).to.equal(0);
    expect(readFileSync(join(path, 'gh.called'), 'utf8')).to.include(variables.EFFECTS);
  });

  it('hand no text of a pull request to a shell but by the environment', () => {
    const commands = [CHECK, RENDER].flatMap(({ jobs }) =>
      Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? [])),
    );
    expect(commands).to.have.length(5);
    expect(commands.filter((one) => one.includes('${{'))).to.deep.equal([]);
  });

  /** The bot of each forge, run on what the forge checks out. */
  const bots: Readonly<Record<string, () => () => Ended>> = {
    GitHub: () => {
      const folder = folderWith({});
      git(folder, 'clone', '-q', '-b', 'topic', `file://${bare}`, '.');
      const command = commandOf(RENDER, 'render', 'Render and commit');
      return () => runCommand(command, { folder, path, variables: { BRANCH: 'topic' } });
    },
    GitLab: () => {
      const folder = checkout(bare);
      const project = join(folderWith({}), 'project');
      symlinkSync(bare, `${project}.git`);
      const variables = {
        ...{ CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'topic', CI_PROJECT_URL: `file://${project}` },
        BALLAST_PUSH_TOKEN: 'token',
      };
      return () => runCommand(GITLAB['render']!.script.join('\n'), { folder, path, variables });
    },
  };
  for (const [forgeName, begin] of Object.entries(bots)) {
    it(`let the bot of ${forgeName} commit the rendering once, on the branch of the pull request`, async () => {
      await push('200Gi', false);
      const bot = begin();
      const first = bot();
      expect(first.code, first.output).to.equal(0);
      expect(output(bare, 'log', '--format=%an %s', 'main..topic')).to.equal('ballast Render databases\nTest change');
      expect(output(bare, 'show', 'topic:rendered/shop/orders.yaml')).to.include('200Gi');
      expect(step(checkout(bare), UP_TO_DATE).code).to.equal(0);
      const second = bot();
      expect(second.code, second.output).to.equal(0);
      expect(output(bare, 'rev-list', '--count', 'main..topic')).to.equal('2');
    });

    it(`let the bot of ${forgeName} commit nothing when something is wrong`, async () => {
      change(clone, { [ORDERS]: readFileSync(join(clone, ORDERS), 'utf8').replace('size: large', 'size: huge') });
      await push('200Gi', false);
      const { code, output: said } = begin()();
      expect(code).to.equal(1);
      expect(said).to.include(`${ORDERS}:`).and.include('nothing was rendered');
      expect(output(bare, 'rev-list', '--count', 'main..topic')).to.equal('1');
    });
  }

  for (const [what, size, isRendered, code, says] of [
    ['pass a change that was rendered', '200Gi', true, 0, 'rendered/ is up to date'],
    ['refuse a change that was not', '200Gi', false, 1, 'changed: rendered/shop/orders.yaml'],
    ['refuse a volume that shrinks', '50Gi', true, 1, 'storage-no-shrink'],
  ] as const) {
    it(`${what}, in GitLab`, async () => {
      await push(size, isRendered);
      const folder = checkout(bare);
      const variables = { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' };
      const { script, after_script: after = [] } = GITLAB['databases']!;
      const ended = runCommand(script.join('\n'), { folder, path, variables });
      expect({ code: ended.code, says: ended.output.includes(says) }, ended.output).to.deep.equal({ code, says: true });
      expect(runCommand(after.join('\n'), { folder, path, variables }).code).to.equal(0);
      const report = readFileSync(join(folder, 'findings.xml'), 'utf8');
      expect(report.includes('storage-no-shrink')).to.equal(says === 'storage-no-shrink');
    });
  }

  it('send the effects to GitLab as a note', () => {
    const variables = {
      ...{ BALLAST_TOKEN: 'token', CI_API_V4_URL: 'https://git.example.com/api/v4' },
      ...{ CI_PROJECT_ID: '3', CI_MERGE_REQUEST_IID: '9' },
    };
    const { code } = runCommand(GITLAB['comment']!.script.join('\n'), { folder: path, path, variables });
    expect(code).to.equal(0);
    const called = readFileSync(join(path, 'curl.called'), 'utf8');
    expect(called).to.include('body=<effects.md\nhttps://git.example.com/api/v4/projects/3/merge_requests/9/notes\n');
  });
});
