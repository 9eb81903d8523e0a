import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { change, git, repositoryWith } from '../git-repository.ts';
import { ballast, folderWith } from '../run.ts';
import { database } from '../samples.ts';
import type { Circumstances, RanStep } from './action.ts';
import { ACTION, runAction } from './action.ts';

const FETCH = 'Fetch the base of the pull request';
const VALID = 'The Databases are valid';
const EFFECTS = 'What the change does to running databases';
const RENDERED = 'The rendered files are up to date';

interface PullRequest {
  readonly files: Readonly<Record<string, string | undefined>>;
  readonly base?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** Whether the branch also has what `ballast generate` writes. */
  readonly isRendered?: boolean;
}

async function render(folder: string): Promise<void> {
  await ballast(folder, ['generate', 'databases', '--out', 'rendered', '--no-cache']);
}

/** A repository with a pull request, and the shallow checkout of its merge commit, as actions/checkout makes it. */
async function checkoutOf({ files, base = 'main', isRendered = true }: PullRequest): Promise<string> {
  const origin = repositoryWith({ 'databases/orders.yaml': database('orders') });
  await render(origin);
  git(origin, 'add', '-A');
  git(origin, 'commit', '-q', '-m', 'rendered');
  if (base !== 'main') git(origin, 'checkout', '-q', '-b', base);
  git(origin, 'checkout', '-q', '-b', 'feature');
  change(origin, files);
  if (isRendered) await render(origin);
  git(origin, 'add', '-A');
  git(origin, 'commit', '-q', '-m', 'change');
  // The base goes on meanwhile: what it adds must not count as removed by the branch.
  git(origin, 'checkout', '-q', base);
  change(origin, { 'databases/billing.yaml': database('billing') });
  await render(origin);
  git(origin, 'add', '-A');
  git(origin, 'commit', '-q', '-m', 'others');
  git(origin, 'checkout', '-q', '--detach');
  git(origin, 'merge', '-q', '--no-ff', '-m', 'merge', 'feature');
  git(origin, 'update-ref', 'refs/pull/1/merge', 'HEAD');
  const checkout = folderWith();
  git(checkout, 'init', '-q');
  git(checkout, 'remote', 'add', 'origin', `file://${origin}`);
  git(checkout, 'fetch', '-q', '--no-tags', '--depth=1', 'origin', '+refs/pull/1/merge:refs/remotes/pull/1/merge');
  git(checkout, 'checkout', '-q', 'refs/remotes/pull/1/merge');
  return checkout;
}

async function run(pull: PullRequest): Promise<{ steps: RanStep[]; summary: string; checkout: string }> {
  const { base = 'main', inputs = {} } = pull;
  const checkout = await checkoutOf(pull);
  const summary = join(folderWith({ summary: '' }), 'summary');
  const seen: Circumstances = { baseRef: base, inputs };
  return { steps: runAction(checkout, summary, seen), summary: readFileSync(summary, 'utf8'), checkout };
}

const codes = (steps: readonly RanStep[]): (readonly [string, number | null])[] =>
  steps.map(({ name, code }) => [name, code] as const);

describe('The action for GitHub', function () {
  this.timeout(90_000);

  it('says nothing against a good change, and shows what it does', async () => {
    const grown = database('orders', { storage: { size: '30Gi' } });
    const { steps, summary } = await run({
      files: { 'databases/orders.yaml': grown },
      inputs: { rendered: 'rendered' },
    });
    expect(codes(steps)).to.deep.equal([FETCH, VALID, EFFECTS, RENDERED].map((name) => [name, 0]));
    expect(summary).to.contain('**1 object changes; ').and.to.contain('### Database shop/orders is changed');
  });

  it('marks the line of a change that is refused, and stops', async () => {
    const shrunk = database('orders', { storage: { size: '10Gi' } });
    const { steps } = await run({ files: { 'databases/orders.yaml': shrunk } });
    expect(codes(steps)).to.deep.equal([
      [FETCH, 0],
      [VALID, 1],
    ]);
    expect(steps[1]?.stdout).to.match(/^::error file=databases\/orders\.yaml,line=1,.*must not shrink/);
  });

  it('finds rendered files that are not up to date, and still shows what the change does', async () => {
    const { steps, summary } = await run({
      files: { 'databases/new.yaml': database('new') },
      isRendered: false,
      inputs: { rendered: 'rendered' },
    });
    expect(codes(steps).at(-1)).to.deep.equal([RENDERED, 1]);
    expect(steps.at(-1)?.stdout).to.contain('missing: rendered/shop/new.yaml');
    expect(summary).to.contain('### Database shop/new is made');
  });

  it('fails on a level that is named', async () => {
    const { steps } = await run({
      files: { 'databases/orders.yaml': undefined },
      inputs: { 'fail-on': 'downtime' },
    });
    expect(codes(steps).at(-1)).to.deep.equal([EFFECTS, 1]);
    expect(steps.at(-1)?.stderr).to.contain('Database shop/orders: ').and.to.contain('(--fail-on downtime)');
  });

  const hostile = '$(touch${IFS}pwned);`touch${IFS}pwned`';
  it('takes a branch of any name as a name', async () => {
    const { steps, checkout } = await run({ files: { 'databases/new.yaml': database('new') }, base: hostile });
    expect(codes(steps)).to.deep.equal([FETCH, VALID, EFFECTS].map((name) => [name, 0]));
    expect(existsSync(join(checkout, 'pwned'))).to.equal(false);
  });

  const paths: Readonly<Record<string, string>> = {
    'a command': '$(touch pwned)',
    'two commands': 'databases; touch pwned',
    'an option': '--settings=/etc/passwd',
  };
  for (const [what, path] of Object.entries(paths)) {
    it(`takes ${what} among the paths as a path`, async () => {
      const { steps, checkout } = await run({
        files: { 'databases/new.yaml': database('new') },
        inputs: { paths: path },
      });
      expect(codes(steps).at(-1)).to.deep.equal([VALID, 2]);
      expect(steps.at(-1)?.stderr).to.contain(`${path}: no such file or folder`);
      expect(readdirSync(checkout)).to.not.include('pwned');
    });
  }

  it('checks several folders', async () => {
    const { steps } = await run({
      files: { 'databases/new.yaml': database('new'), 'more/other.yaml': database('other', { replicas: 12 }) },
      inputs: { paths: 'databases\nmore\n' },
    });
    expect(codes(steps).at(-1)).to.deep.equal([VALID, 1]);
    expect(steps.at(-1)?.stdout).to.contain('file=more/other.yaml').and.to.contain('replicas');
  });

  it('compares with nothing on a push, and shows no effects', () => {
    const checkout = repositoryWith({ 'databases/orders.yaml': database('orders') });
    expect(codes(runAction(checkout, '/dev/null', { baseRef: '', inputs: {} }))).to.deep.equal([[VALID, 0]]);
  });

  it('has no expression inside a script', () => {
    for (const { name, run: script } of ACTION.runs.steps) expect(script, name).to.not.contain('${{');
  });
});
