import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { load } from 'js-yaml';
import { expect } from 'chai';
import { KINDS } from '../../database/schema/kinds.ts';
import type { Schema } from '../../database/schema/schema.ts';
import { CHART } from './chart.ts';
import { git } from './git-repository.ts';
import type { GitOpsPrograms } from './gitops-programs.ts';
import { gitOpsProgramsOrSkip } from './gitops-programs.ts';
import { ROOT, RUNS_MS, ballast, folderWith, writeFiles } from './run.ts';

const EXAMPLE = join(ROOT, 'examples/kustomize');

interface FieldSpec {
  readonly kind: string;
  readonly path: string;
}
interface Names {
  readonly nameReference: readonly { readonly kind: string; readonly fieldSpecs: readonly FieldSpec[] }[];
}
const NAMES = load(readFileSync(join(EXAMPLE, 'base/names.yaml'), 'utf8')) as Names;

/** The fields below a schema whose names say that they hold the name of another object. */
function referencesIn(schema: Schema, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const below = `${path}/${name}`;
    if (name.endsWith('Ref')) return [`${below}/name`];
    return name.endsWith('Secret') ? [below] : referencesIn(field, below);
  });
}

describe('docs/kustomize.md', function () {
  this.timeout(3 * RUNS_MS);
  let programs: GitOpsPrograms;
  before(async function () {
    programs = await gitOpsProgramsOrSkip(this, 'kustomize', 'helm');
  });

  /** The example as a repository with a chart, and `ballast` among the programs. */
  function repository(): { folder: string; env: NodeJS.ProcessEnv } {
    const folder = folderWith(CHART);
    cpSync(EXAMPLE, folder, { recursive: true });
    git(folder, 'init', '-q', '-b', 'main');
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '-m', 'first');
    git(folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
    const programFolder = folderWith({
      ballast: `#!/bin/sh\nexec '${process.execPath}' '${join(ROOT, 'cli/main.ts')}' "$@"\n`,
    });
    chmodSync(join(programFolder, 'ballast'), 0o755);
    return { folder, env: { ...process.env, PATH: [programFolder, programs.variables.PATH].join(delimiter) } };
  }

  it('has commands that run as they stand there', () => {
    const page = readFileSync(join(ROOT, 'docs/kustomize.md'), 'utf8');
    const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
    expect(blocks.length).to.equal(3);
    const { folder, env } = repository();
    for (const block of blocks) {
      const printed = execFileSync('bash', ['-e', '-o', 'pipefail', '-c', block], { cwd: folder, env, stdio: 'pipe' });
      expect(printed.toString(), block).not.to.contain('error:');
    }
    const rendered = readFileSync(join(folder, 'rendered/production/shop/orders.yaml'), 'utf8');
    expect(rendered).to.contain('namespace: shop\n').and.contain('100Gi');
  });

  it('has an example in which kustomize changes every name that Ballast’s kinds hold', () => {
    const { folder } = repository();
    const built = programs.run(folder, 'kustomize', 'build', 'overlays/staging');
    expect(built).to.contain('name: staging-orders\n').and.contain('databaseRef:\n    name: staging-orders\n');
  });

  it('says rightly that without the list a databaseRef leads nowhere, and is warned of', async () => {
    const { folder, env } = repository();
    writeFiles(folder, { 'base/kustomization.yaml': 'resources: [orders.yaml]\n' });
    const args = ['validate', '--kustomize', 'overlays/staging'];
    const { code, stdout } = await ballast(folder, args, '', { PATH: env['PATH'] ?? '' });
    expect(code).to.equal(0);
    expect(stdout).to.match(/^base\/orders\.yaml:17:23: warning: spec\.databaseRef\.name: .*\(reference-exists\)\n$/);
  });

  it('lists all fields that hold the name of a Secret or of another of Ballast’s objects', () => {
    const listed = NAMES.nameReference.flatMap(({ fieldSpecs }) =>
      fieldSpecs.map(({ kind, path }) => `${kind} ${path}`),
    );
    const held = KINDS.flatMap(({ kind, spec }) => referencesIn(spec, 'spec').map((path) => `${kind} ${path}`));
    expect(listed.toSorted()).to.deep.equal([...held, 'Database spec/bootstrap/restore/from'].toSorted());
  });

  it('says rightly that a generated Secret keeps its reference', () => {
    const { folder } = repository();
    mkdirSync(join(folder, 'overlays/keys'));
    writeFiles(folder, {
      'overlays/keys/kustomization.yaml':
        'namespace: keys\nresources: [../../base]\nsecretGenerator:\n- name: bucket-keys\n  literals: [accessKeyId=a]\n',
    });
    const built = programs.run(folder, 'kustomize', 'build', 'overlays/keys');
    expect(built).to.match(/credentialsSecret: bucket-keys-\w{10}\n/);
  });
});
