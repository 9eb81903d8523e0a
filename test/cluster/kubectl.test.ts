import { expect } from 'chai';
import { load } from 'js-yaml';
import type { Running } from '../webhook/running.ts';
import { startWebhook } from '../webhook/running.ts';
import { Api } from './api.ts';
import { installKinds, makeNamespace } from './ballast.ts';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from './control-plane-or-skip.ts';
import type { Ran } from '../../lab/api-server/kubectl.ts';
import { forgetWebhook, registerWebhook, untilAsked } from './webhook.ts';

const NAMESPACE = 'kubectl';

function database(name: string, spec: object, metadata: object = {}): object {
  return {
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name, namespace: NAMESPACE, ...metadata },
    spec: { version: '16', storage: { size: '10Gi' }, ...spec },
  };
}

describe('kubectl, with the webhook', function () {
  this.timeout(120_000);
  let plane: ControlPlane | undefined;
  let webhook: Running | undefined;
  let api: Api;

  const apply = (...objects: object[]): Promise<Ran> => plane!.admin.apply(objects);
  const run = (...args: string[]): Promise<Ran> => plane!.admin.run([...args, '--namespace', NAMESPACE]);

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    api = new Api(plane.admin);
    await installKinds(plane);
    webhook = await startWebhook();
    await makeNamespace(api, NAMESPACE, await registerWebhook(plane, webhook));
    await untilAsked(api, NAMESPACE);
  });

  after(async () => {
    if (plane) await forgetWebhook(plane);
    await webhook?.end();
    if (plane) api.close();
  });

  it('prints every problem of a refused object, a line each', async () => {
    const { code, stderr } = await apply(
      database('orders', {
        version: '16',
        backup: { schedule: '0 2 31 2 *', timeZone: 'Berlin', destination: 's3://acme/../x' },
      }),
    );
    expect(code).to.equal(1);
    const lines = stderr.trimEnd().split('\n');
    expect(lines.filter((line) => !line.startsWith('Warning: '))).to.have.members([
      'The Database "orders" is invalid: ',
      '* spec.backup.schedule: Invalid value: "0 2 31 2 *": must name a date that exists: this one never comes; choose a day that exists in the months named (schedule-can-fire)',
      '* spec.backup.timeZone: Invalid value: "Berlin": must be the name of an IANA time zone; did you mean "Europe/Berlin"? (time-zone-known)',
      '* spec.backup.destination: Invalid value: "s3://acme/../x": must not have ., .. or empty parts in its path; write the full path without ., .. and empty parts (backup-destination-no-traversal)',
    ]);
  });

  it('fills defaults into a good one, and prints warnings', async () => {
    const { code, stdout, stderr } = await apply(
      database('defaulted', {
        replicas: 4,
        backup: { destination: { s3: { bucket: 'acme', prefix: 'defaulted', region: 'eu-central-1' } } },
      }),
    );
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: 'database.db.example.com/defaulted created\n' });
    expect(stderr).to.match(/^Warning: spec\.replicas: 4: should be odd: .* \(replicas-odd\)\n$/);
    const { stdout: stored } = await run('get', 'db', 'defaulted', '-o', 'yaml');
    const { spec } = load(stored) as { spec: Record<string, unknown> };
    expect(spec).to.deep.include({ engine: 'postgresql', deletionPolicy: 'Retain', replicas: 4 });
    expect(spec['backup']).to.deep.equal({
      enabled: true,
      schedule: '0 2 * * *',
      timeZone: 'Etc/UTC',
      destination: { s3: { bucket: 'acme', prefix: 'defaulted', region: 'eu-central-1' } },
    });
  });

  it('refuses steps between major versions, one or more', async () => {
    await apply(database('upgrade', {}));
    const { code, stderr } = await apply(database('upgrade', { version: '18' }));
    expect(code).to.equal(1);
    expect(stderr).to.include(
      'spec.version: Invalid value: "18": must not skip a major version: the database runs 16; keep the major version, which cannot be changed yet (version-no-major-skip)',
    );
    const one = await apply(database('upgrade', { version: '17' }));
    expect(one.stderr).to.match(
      /spec\.version: Invalid value: "17": must not change the major version: .* \(upgrade-not-yet\)/,
    );
  });

  it('tells all of several refused objects, each with all its problems', async () => {
    const bad = (name: string): object => database(name, { backup: { schedule: '* * * *', destination: 'ftp://x' } });
    const { code, stderr } = await apply(bad('one'), bad('two'), database('three', {}));
    expect(code).to.equal(1);
    for (const name of ['one', 'two']) expect(stderr).to.include(`The Database "${name}" is invalid:`);
    expect(stderr.match(/schedule-valid/g)).to.have.length(2);
    expect(stderr.match(/backup-destination-form/g)).to.have.length(2);
    expect((await run('get', 'db', 'three')).code).to.equal(0);
  });

  it('deletes nothing that is protected, and what is to lose its data only when that is confirmed', async () => {
    await apply(database('kept', { deletionPolicy: 'Protect' }), database('dropped', { deletionPolicy: 'Delete' }));
    const kept = await run('delete', 'db', 'kept');
    expect(kept.stderr).to.include('(deletion-protected)');
    expect((await run('delete', 'db', 'dropped')).stderr).to.include('(deletion-confirmed)');
    await run('annotate', 'db', 'dropped', 'db.example.com/confirm-delete=dropped');
    expect((await run('delete', 'db', 'dropped')).stdout).to.match(/"dropped" deleted/);
  });

  it('stores nothing of a dry run', async () => {
    const { code, stdout } = await plane!.admin.apply([database('tried', {})], ['--dry-run=server']);
    expect({ code, stdout }).to.deep.equal({
      code: 0,
      stdout: 'database.db.example.com/tried created (server dry run)\n',
    });
    expect((await run('get', 'db', 'tried')).code).to.equal(1);
  });

  it('explains every field', async () => {
    const { stdout } = await plane!.admin.run(['explain', 'database.spec.backup.retention', '--recursive']);
    expect(stdout).to.match(/How long backups are kept/);
  });

  it('shows the columns that people look for', async () => {
    const { stdout } = await run('get', 'db', 'defaulted');
    expect(stdout.split('\n')[0]).to.match(/^NAME +ENGINE +VERSION +READY +PRIMARY +STATUS +LAST BACKUP +AGE *$/);
  });

  it('scales through the subresource, within the bounds', async () => {
    expect((await run('scale', 'db', 'defaulted', '--replicas', '5')).code).to.equal(0);
    const { code, stderr } = await run('scale', 'db', 'defaulted', '--replicas', '12');
    expect(code).to.equal(1);
    expect(stderr).to.include('(replicas-range)');
  });
});
