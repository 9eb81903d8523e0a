import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { load } from 'js-yaml';
import type { Forge } from '../../cli/init/workflows.ts';
import { WORKFLOWS } from '../../cli/init/workflows.ts';
import { change, git, repositoryWith } from './git-repository.ts';
import { RUNS_MS, ballast, folderWith, programsFolder } from './run.ts';

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** A script of the workflow, with the variables that the forge would give it. */
interface Script {
  readonly lines: readonly string[];
  readonly base: (branch: string) => Readonly<Record<string, string>>;
}

/** What the forge runs for a pull request, and for a push: GitHub leaves a step out by its condition. */
function scriptOf(forge: Forge, isPullRequest: boolean): Script {
  const workflow = load(WORKFLOWS[forge].text('ballast-cli:1'));
  if (forge === 'gitlab') {
    const { ballast: job } = workflow as { ballast: { script: string[] } };
    return { lines: job.script, base: (branch) => ({ CI_MERGE_REQUEST_TARGET_BRANCH_NAME: branch }) };
  }
  const { jobs } = workflow as { jobs: { databases: { steps: { run?: string; if?: string }[] } } };
  const steps = jobs.databases.steps.filter(({ if: condition }) => condition === undefined || isPullRequest);
  return { lines: steps.flatMap(({ run }) => run ?? []), base: (branch) => ({ BASE: branch }) };
}

/** A clone of a repository that `ballast init` made, on a branch. */
async function clone(files: Readonly<Record<string, string>>): Promise<string> {
  const origin = repositoryWith({ 'README.md': 'ours' });
  await ballast(origin, ['init']);
  await ballast(origin, ['generate', 'databases/', '--out', 'rendered/', '--no-cache']);
  git(origin, 'add', '-A');
  git(origin, 'commit', '-q', '-m', 'init');
  const folder = folderWith();
  git(folder, 'clone', '-q', origin, '.');
  git(folder, 'checkout', '-q', '-b', 'feature');
  change(folder, files);
  return folder;
}

function run(forge: Forge, folder: string, base: string): Ran {
  const { lines, base: variables } = scriptOf(forge, base !== '');
  const summary = join(folderWith(), 'summary');
  const env = {
    ...process.env,
    PATH: `${programsFolder()}${delimiter}${process.env['PATH'] ?? ''}`,
    GITHUB_STEP_SUMMARY: summary,
    ...variables(base),
  };
  // The image has no bash: both forges then use sh.
  const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', lines.join('\n')], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  const told = existsSync(summary) ? readFileSync(summary, 'utf8') : '';
  return { code: status, output: stdout + stderr + told };
}

const ORDERS = 'databases/shop/orders.yaml';

for (const forge of Object.keys(WORKFLOWS) as Forge[]) {
  describe(`The workflow that ballast init writes for ${forge}`, function () {
    this.timeout(RUNS_MS);

    it('passes what init wrote, on a push', async () => {
      const { code, output } = run(forge, await clone({}), '');
      expect(code, output).to.equal(0);
      expect(output).to.contain('rendered/ is up to date').and.to.not.contain('changed');
    });

    it('shows what a change does to running databases', async () => {
      const folder = await clone({});
      const text = readFileSync(join(folder, ORDERS), 'utf8').replace('20Gi', '30Gi');
      change(folder, { [ORDERS]: text });
      await ballast(folder, ['generate', 'databases/', '--out', 'rendered/', '--no-cache']);
      const { code, output } = run(forge, folder, 'main');
      expect(code, output).to.equal(0);
      expect(output).to.contain('Database shop/orders is changed');
    });

    it('refuses a change that no database may take', async () => {
      const folder = await clone({});
      change(folder, { [ORDERS]: readFileSync(join(folder, ORDERS), 'utf8').replace('20Gi', '10Gi') });
      const { code, output } = run(forge, folder, 'main');
      expect(code).to.equal(1);
      expect(output).to.contain('must not shrink');
    });

    it('refuses a rendering that is out of date', async () => {
      const folder = await clone({});
      change(folder, { [ORDERS]: readFileSync(join(folder, ORDERS), 'utf8').replace('20Gi', '30Gi') });
      const { code, output } = run(forge, folder, 'main');
      expect(code).to.equal(1);
      expect(output).to.contain('changed: rendered/shop/orders.yaml');
    });
  });
}
