import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect } from 'chai';
import { load } from 'js-yaml';
import { ACTION } from './hooks/action.ts';
import { ROOT, RUNS_MS, folderWith, plugin, programsFolder } from './run.ts';

const PAGE = readFileSync(join(ROOT, 'docs/tools.md'), 'utf8');

const blocks = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text);

const COMMANDS = blocks('sh')
  .flatMap((block) => block.split('\n'))
  .map((line) => line.replace(/\s+# .*$/, '').trim())
  .filter((line) => line !== '');

describe('docs/tools.md', function () {
  this.timeout(RUNS_MS);

  it('names commands of ballast that do what they say, one after the other', () => {
    const lines = COMMANDS.filter((line) => line.includes('ballast ') && !/^(?:kubectl|ln) /.test(line));
    const folder = folderWith();
    const env = { ...process.env, PATH: `${programsFolder()}${delimiter}${process.env['PATH'] ?? ''}` };
    const script = lines.join('\n');
    const { status, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(lines.length).to.be.greaterThan(8);
    expect(status, stderr).to.equal(0);
    expect(existsSync(join(folder, 'rendered/shop/orders.yaml'))).to.equal(true);
  });

  for (const line of COMMANDS.filter((command) => command.startsWith('kubectl ballast '))) {
    it(`names a command with its options: ${line}`, async () => {
      const [command = '', ...words] = line
        .replace(/ -- .*$/, '')
        .split(' ')
        .slice(2);
      const { code, stdout } = await plugin(ROOT, [command, '--help']);
      expect(code).to.equal(0);
      for (const option of words.filter((word) => word.startsWith('-'))) {
        expect(stdout).to.match(new RegExp(`^ +(?:-\\w, )?${option}[ ,]`, 'm'));
      }
    });
  }

  it('names hooks, and inputs of the action, that are there', () => {
    const hooks = load(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')) as { id: string }[];
    const [, ofHooks = '', workflow = ''] = blocks('yaml');
    for (const { id } of hooks) expect(ofHooks).to.contain(`- id: ${id} `);
    const { jobs } = load(workflow) as { jobs: { databases: { steps: { with?: object }[] } } };
    const inputs = Object.keys(jobs.databases.steps[1]?.with ?? {});
    expect(Object.keys(ACTION.inputs)).to.include.members(inputs);
    for (const input of Object.keys(ACTION.inputs)) expect(PAGE).to.contain(`| \`${input}\` | `);
  });
});
