import { expect } from 'chai';
import { change, repositoryWith } from './git-repository.ts';
import type { Run } from './run.ts';
import { RUNS_MS, ballast } from './run.ts';
import { database } from './samples.ts';

const START = { 'dbs/orders.yaml': database('orders', { version: '16', replicas: 2 }) };

async function diff(changed: Readonly<Record<string, string | undefined>>): Promise<Run> {
  const folder = repositoryWith(START);
  change(folder, changed);
  return await ballast(folder, ['diff', 'dbs', '--against', 'HEAD']);
}

/** Changes, and the levels of the risks that must be named. */
const RISKY: Readonly<Record<string, { spec: object; says: RegExp }>> = {
  'less members': { spec: { version: '16', replicas: 1 }, says: /^ {2}[a-z ]+: .*/m },
  'another size of memory': {
    spec: { version: '16', replicas: 2, resources: { limits: { memory: '4Gi' } } },
    says: /^ {2}restart: .*/m,
  },
};

describe('diff', function () {
  this.timeout(RUNS_MS);

  it('says that nothing changes', async () => {
    const { code, stdout, stderr } = await diff({});
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '' });
    expect(stderr).to.equal('1 object in 1 file: 0 errors, 0 warnings\nnothing changes in the rendered manifests\n');
  });

  it('shows the lines of each manifest that change', async () => {
    const spec = { version: '16', replicas: 2, storage: { size: '30Gi' } };
    const { code, stdout } = await diff({ 'dbs/orders.yaml': database('orders', spec) });
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Database shop\/orders is changed \(\d+ manifests\)\n/);
    expect(stdout).to.match(/^-.*storage: "20Gi"\n\+.*storage: "30Gi"$/m);
    expect(stdout).to.match(/^--- PersistentVolumeClaim shop\/data-orders-0\n\+\+\+ PersistentVolumeClaim/m);
  });

  it('shows what is made and what is removed', async () => {
    const { stdout } = await diff({ 'dbs/orders.yaml': undefined, 'dbs/fresh.yaml': database('fresh') });
    expect(stdout)
      .to.match(/^Database shop\/fresh is made/m)
      .and.match(/^Database shop\/orders is removed/m);
    expect(stdout).to.contain('+++ /dev/null\n');
  });

  for (const [name, { spec, says }] of Object.entries(RISKY)) {
    it(`names the risk of ${name} before the lines`, async () => {
      const { stdout } = await diff({ 'dbs/orders.yaml': database('orders', spec) });
      expect(stdout).to.match(says);
      expect(stdout.search(says)).to.be.lessThan(stdout.indexOf('\n--- '));
    });
  }

  it('refuses what a change may not do, and shows nothing', async () => {
    const { code, stdout, stderr } = await diff({ 'dbs/orders.yaml': database('orders', { version: '18' }) });
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.contain('version-no-major-skip');
  });
});
