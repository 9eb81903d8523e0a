import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { ROOT, folderWith } from '../run.ts';

const PROGRAM = `console.log(process.argv[1].split('/').at(-1), ...process.argv.slice(2));`;
/** Does of `npm ci` what counts here: it notes the call, says something, and brings Node and the programs. */
const NPM = `#!/bin/sh
echo "$@" >>called
echo "added packages"
mkdir -p node_modules/.bin dist
ln -s '${process.execPath}' node_modules/.bin/node
echo "${PROGRAM}" | tee dist/ballast.mjs >dist/kubectl-ballast.mjs
`;

/** A fresh clone of Ballast as far as the script needs it, with links to the script elsewhere, and another npm. */
function clone(): {
  readonly folder: string;
  readonly run: (name: string, ...args: string[]) => ReturnType<typeof spawnSync>;
} {
  const folder = folderWith({ 'scripts/x': '', 'bin/npm': NPM, 'links/x': '' });
  copyFileSync(join(ROOT, 'scripts/ballast'), join(folder, 'scripts/ballast'));
  for (const file of ['scripts/ballast', 'bin/npm']) chmodSync(join(folder, file), 0o755);
  for (const name of ['ballast', 'kubectl-ballast']) symlinkSync('../scripts/ballast', join(folder, 'links', name));
  const env = { ...process.env, PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}` };
  const run = (name: string, ...args: string[]): ReturnType<typeof spawnSync> =>
    spawnSync(join(folder, name), args, { cwd: '/', env, encoding: 'utf8' });
  return { folder, run };
}

describe('scripts/ballast in a fresh clone', () => {
  it('installs once, keeps that off its output, and passes arguments on as they are', () => {
    const { folder, run } = clone();
    const first = run('scripts/ballast', 'validate', 'a b', '$(c)');
    expect(first).to.include({ status: 0, stdout: 'ballast.mjs validate a b $(c)\n', stderr: 'added packages\n' });
    expect(run('scripts/ballast')).to.include({ status: 0, stdout: 'ballast.mjs\n', stderr: '' });
    expect(readFileSync(join(folder, 'called'), 'utf8')).to.equal('ci --no-audit --no-fund --loglevel=error\n');
  });

  it('is the plugin of kubectl under its name, through a link from anywhere', () => {
    const { run } = clone();
    expect(run('links/kubectl-ballast', 'status')).to.include({ status: 0, stdout: 'kubectl-ballast.mjs status\n' });
    expect(run('links/ballast', 'crds')).to.include({ status: 0, stdout: 'ballast.mjs crds\n' });
  });

  it('fails where npm does, and tries again the next time', () => {
    const { folder, run } = clone();
    const { status } = spawnSync('sh', ['-c', `printf '#!/bin/sh\nexit 7\n' >bin/npm`], { cwd: folder });
    expect(status).to.equal(0);
    expect(run('scripts/ballast', 'crds')).to.include({ status: 7, stdout: '' });
    expect(existsSync(join(folder, 'dist'))).to.equal(false);
  });
});
