import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { RUNS_MS, ballast, folderWith } from './run.ts';

interface Wanted {
  readonly line: string;
  /** Among what is offered. */
  readonly offers: readonly string[];
  /** Not among it. */
  readonly not: readonly string[];
}

const CASES: Readonly<Record<string, Wanted>> = {
  'a command': { line: 'ballast va', offers: ['validate'], not: ['generate', 'values.yaml'] },
  'an option of a command': { line: 'ballast diff --f', offers: ['--format', '--fail-on'], not: ['--out'] },
  'the values of an option': { line: 'ballast diff a --format ', offers: ['text', 'markdown', 'json'], not: ['--out'] },
  'a rule': { line: 'ballast explain storage-no', offers: ['storage-no-shrink'], not: ['replicas-range'] },
  'a kind': { line: 'ballast schema data', offers: ['database', 'databaserestore'], not: ['settings'] },
};

const isThere = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

/** What bash offers: the function of the script is called as readline calls it. */
function inBash(script: string, line: string, folder: string): string[] {
  const ask = `COMP_WORDS=(${line}${line.endsWith(' ') ? " ''" : ''}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _ballast; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', `${script}\n${ask}`], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stderr).to.equal('');
  return stdout.split('\n').filter((word) => word !== '');
}

/** What fish offers. */
function inFish(script: string, line: string, folder: string): string[] {
  const options = { cwd: folder, encoding: 'utf8', env: { ...process.env, HOME: folder } } as const;
  const { stdout } = spawnSync('fish', ['--no-config', '-c', `${script}\ncomplete -C '${line}'`], options);
  return stdout.split('\n').map((offered) => offered.split('\t')[0] ?? '');
}

/** A terminal with zsh in it, of zsh's own module for that: the tab key is pressed, and what then stands on the screen is returned. */
function inZsh(script: string, line: string, folder: string): string {
  const program = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PROMPT= RPROMPT=; setopt no_beep; stty rows 200 cols 200; cd ${folder}; source ${script}; zstyle ':completion:*' list-prompt ''; bindkey '^I' complete-word; print REA''DY"
while zpty -r shell out; do [[ $out == *READY* ]] && break; done
zpty -w -n shell ${JSON.stringify(line)}$'\\t\\t'
sleep 1
zpty -r -t shell out2 '*'
while zpty -r -t shell more; do out2+=$more; done
print -r -- "$out2"
zpty -d shell`;
  const env = { ...process.env, HOME: folder, ZDOTDIR: folder };
  return spawnSync('zsh', ['-f', '-c', program], { cwd: folder, encoding: 'utf8', timeout: 20_000, env }).stdout;
}

describe('Completion', function () {
  this.timeout(RUNS_MS);
  const folder = folderWith({ 'values.yaml': '', 'orders.yaml': '' });
  const scripts: Record<string, string> = {};

  before(async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, stdout } = await ballast(folder, ['completion', shell]);
      expect(code).to.equal(0);
      scripts[shell] = stdout;
    }
  });

  describe('in bash', () => {
    for (const [what, { line, offers, not }] of Object.entries(CASES)) {
      it(`offers ${what} after "${line}"`, () => {
        const offered = inBash(scripts['bash'] ?? '', line, folder);
        expect(offered).to.include.members(offers).and.to.not.include.members(not);
      });
    }

    it('leaves files to the shell', () => {
      expect(inBash(scripts['bash'] ?? '', 'ballast validate o', folder)).to.deep.equal([]);
      expect(inBash(scripts['bash'] ?? '', 'ballast validate --settings o', folder)).to.deep.equal([]);
      expect(scripts['bash']).to.match(/^complete -o bashdefault -o default -F _ballast ballast$/m);
    });

    it('takes the command for what it is when options stand before it', () => {
      expect(inBash(scripts['bash'] ?? '', 'ballast --help generate --o', folder)).to.deep.equal(['--out']);
    });
  });

  describe('in fish', function () {
    if (!isThere('fish')) it.skip('is not tried: there is no fish here');
    else {
      for (const [what, { line, offers, not }] of Object.entries(CASES)) {
        it(`offers ${what} after "${line}"`, () => {
          const offered = inFish(scripts['fish'] ?? '', line, folder);
          expect(offered).to.include.members(offers).and.to.not.include.members(not);
        });
      }

      it('leaves files to the shell', () => {
        expect(inFish(scripts['fish'] ?? '', 'ballast validate o', folder)).to.include('orders.yaml');
      });
    }
  });

  describe('in zsh', function () {
    if (!isThere('zsh')) it.skip('is not tried: there is no zsh here');
    else {
      for (const [what, { line, offers }] of Object.entries(CASES)) {
        it(`offers ${what} after "${line}"`, () => {
          const own = folderWith({ script: scripts['zsh'] ?? '' });
          const shown = inZsh(join(own, 'script'), line, own);
          for (const word of offers) expect(shown).to.contain(word);
        });
      }
    }
  });

  it('of an unknown shell is refused', async () => {
    const { code, stderr } = await ballast(folder, ['completion', 'csh']);
    expect(code).to.equal(2);
    expect(stderr).to.equal(
      "ballast: command-argument value 'csh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.\n",
    );
  });
});
