import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { load } from 'js-yaml';
import { repositoryWith } from '../git-repository.ts';
import { ROOT, RUNS_MS, ballast, programsFolder } from '../run.ts';
import { database } from '../samples.ts';

interface Hook {
  readonly id: string;
  readonly language: string;
  readonly entry: string;
  readonly args: readonly string[];
  readonly pass_filenames: boolean;
}

const HOOKS = load(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')) as readonly Hook[];

/** Runs a hook as pre-commit does, in the user's repository; its program runs the sources. */
function runHook(id: string, folder: string): { code: number | null; output: string } {
  const hook = HOOKS.find((one) => one.id === id);
  const [program = '', ...first] = hook?.entry.split(' ') ?? [];
  const args = [...first, ...(hook?.args ?? [])];
  const { status, stdout, stderr } = spawnSync(join(programsFolder(), basename(program)), args, {
    cwd: folder,
    encoding: 'utf8',
  });
  return { code: status, output: stdout + stderr };
}

async function repository(spec: object): Promise<string> {
  const folder = repositoryWith({ 'databases/orders.yaml': database('orders') });
  await ballast(folder, ['generate', 'databases', '--out', 'rendered', '--no-cache']);
  return repositoryWith({
    'databases/orders.yaml': database('orders', spec),
    'rendered/shop/orders.yaml': readFileSync(join(folder, 'rendered/shop/orders.yaml')),
  });
}

describe('The hooks of pre-commit', function () {
  this.timeout(RUNS_MS);

  it('run a program of this repository on the whole tree, and name no files', () => {
    for (const { id, language, entry, pass_filenames: passes } of HOOKS) {
      expect(existsSync(join(ROOT, entry.split(' ')[0] ?? '')), entry).to.equal(true);
      expect({ id, language, passes }).to.deep.equal({ id, language: 'script', passes: false });
    }
    expect(HOOKS.map(({ id }) => id)).to.deep.equal(['ballast-validate', 'ballast-generate']);
  });

  const cases: readonly (readonly [what: string, spec: object, hook: string, code: number, says: string])[] = [
    ['passes what is valid', {}, 'ballast-validate', 0, '1 object in 1 file: 0 errors'],
    ['refuses what is not', { replicas: 12 }, 'ballast-validate', 1, '(replicas-range)'],
    ['passes renderings that are up to date', {}, 'ballast-generate', 0, 'rendered/ is up to date'],
    ['refuses others', { replicas: 3 }, 'ballast-generate', 1, 'changed: rendered/shop/orders.yaml'],
  ];
  for (const [what, spec, hook, code, says] of cases) {
    it(`${hook} ${what}`, async () => {
      const ran = runHook(hook, await repository(spec));
      expect(ran.output).to.contain(says);
      expect(ran.code).to.equal(code);
    });
  }
});
