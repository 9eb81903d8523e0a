import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { RUNS_MS, ballast, folderWith } from './run.ts';
import { databaseYaml } from './samples.ts';

const GOOD = databaseYaml();

describe('A tree', function () {
  this.timeout(RUNS_MS);
  const told = async (make: (folder: string) => void): Promise<{ code: number | null; lines: string[] }> => {
    const folder = folderWith({ 'tree/orders.yaml': GOOD, 'outside/secret.yaml': GOOD });
    make(folder);
    const { code, stdout } = await ballast(folder, ['validate', 'tree', '--format', 'json']);
    const found = JSON.parse(stdout) as { file: string; rule: string }[];
    return { code, lines: found.map(({ file, rule }) => `${file} ${rule}`) };
  };

  it('is refused with a link to a file outside', async () => {
    const seen = await told((folder) => {
      symlinkSync('../outside/secret.yaml', join(folder, 'tree/a.yaml'));
    });
    expect(seen).to.deep.equal({ code: 1, lines: ['tree/a.yaml file-outside-tree'] });
  });

  it('is refused with a link to a folder outside', async () => {
    const seen = await told((folder) => {
      symlinkSync('../outside', join(folder, 'tree/more'));
    });
    expect(seen).to.deep.equal({ code: 1, lines: ['tree/more file-outside-tree'] });
  });

  it('has a link to a file inside only once', async () => {
    const seen = await told((folder) => {
      symlinkSync('orders.yaml', join(folder, 'tree/again.yaml'));
    });
    expect(seen).to.deep.equal({ code: 0, lines: [] });
  });

  it('is not walked in circles by links to itself', async () => {
    const seen = await told((folder) => {
      symlinkSync('.', join(folder, 'tree/loop'));
    });
    expect(seen).to.deep.equal({ code: 0, lines: [] });
  });

  it('fails with a manifest that is a link to itself', async () => {
    const seen = await told((folder) => {
      symlinkSync('a.yaml', join(folder, 'tree/a.yaml'));
    });
    expect(seen).to.deep.equal({ code: 2, lines: ['tree/a.yaml file-unreadable'] });
  });

  it('fails with a manifest that is a link to nothing, as one that vanished is', async () => {
    const seen = await told((folder) => {
      symlinkSync('gone.yaml', join(folder, 'tree/a.yaml'));
    });
    expect(seen).to.deep.equal({ code: 2, lines: ['tree/a.yaml file-unreadable'] });
  });

  it('is walked into a folder that has the name of a manifest', async () => {
    const seen = await told((folder) => {
      mkdirSync(join(folder, 'tree/a.yaml'));
    });
    expect(seen).to.deep.equal({ code: 0, lines: [] });
  });

  it('is read past a pipe that has the name of a manifest', async () => {
    const seen = await told((folder) => execFileSync('mkfifo', [join(folder, 'tree/a.yaml')]));
    expect(seen).to.deep.equal({ code: 0, lines: [] });
  });

  it('fails with a pipe that has the name of the settings, and does not wait for it', async () => {
    const folder = folderWith({ 'tree/orders.yaml': GOOD });
    execFileSync('mkfifo', [join(folder, 'tree/ballast.yaml')]);
    const { code, stderr } = await ballast(folder, ['validate', 'tree']);
    expect({ code, stderr }).to.deep.equal({ code: 2, stderr: 'ballast: tree/ballast.yaml: it is no file\n' });
  });
});
