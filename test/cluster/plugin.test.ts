import { execFile } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { load } from 'js-yaml';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import type { Kubectl, Ran } from '../../lab/api-server/kubectl.ts';
import { findPrograms } from '../../lab/programs/kubernetes-programs.ts';
import type { Files } from '../cli/run.ts';
import { ROOT, folderWith } from '../cli/run.ts';
import { database } from '../cli/samples.ts';
import { Api } from './api.ts';
import { installKinds, makeNamespace, pathOf } from './ballast.ts';
import { controlPlaneOrSkip } from './control-plane-or-skip.ts';

const NAMESPACE = 'plugin';
const PROGRAM = `#!/bin/sh\nexec ${process.execPath} ${join(ROOT, 'cli', 'kubectl', 'main.ts')} "$@"\n`;
const MOMENT = '2026-11-28T09:59:00Z';

const member = (ordinal: number, status: object): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: `orders-${ordinal}`,
    namespace: NAMESPACE,
    labels: { 'db.example.com/database': 'orders' },
    annotations: { status: JSON.stringify({ state: 'running', timeline: 1, ...status }) },
  },
  spec: { containers: [{ name: 'postgresql', image: 'none' }] },
});

describe('kubectl ballast, against an API server', function () {
  this.timeout(120_000);
  let plane: ControlPlane;
  let api: Api;
  let path: string;
  const ends: (() => void)[] = [];

  /** Runs `kubectl ballast` as a user does: kubectl finds the plugin on the PATH. */
  const as = (user: Kubectl, args: readonly string[], folder = '/'): Promise<Ran> =>
    new Promise((resolve) => {
      const env = { ...process.env, PATH: path, KUBECONFIG: user.config };
      execFile('kubectl', ['ballast', ...args], { cwd: folder, env }, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      });
    });
  const run = (...args: string[]): Promise<Ran> => as(plane.admin, [...args, '-n', NAMESPACE]);
  const diff = (files: Files, ...args: string[]): Promise<Ran> => {
    const folder = folderWith(files);
    return as(plane.admin, ['diff', 'databases', ...args], folder);
  };

  const setStatus = async (kind: 'Database' | 'DatabaseBackup' | 'DatabaseRestore', name: string, status: object) => {
    const sent = await api.send(
      'PATCH',
      `${pathOf(kind, NAMESPACE, name)}/status`,
      { status },
      'application/merge-patch+json',
    );
    expect(sent.code, sent.message).to.equal(200);
  };

  /** Looks at the cluster until there is something, as a controller would. */
  const found = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
    for (let tries = 0; tries < 100; tries += 1) {
      const seen = await look();
      if (seen !== undefined) return seen;
      await sleep(200);
    }
    throw new Error('it never came');
  };

  /** The only object of a kind, as soon as it is there. */
  const made = (kind: 'DatabaseBackup' | 'DatabaseRestore'): Promise<{ metadata: { name: string }; spec: object }> =>
    found(async () => {
      const { body } = await api.send('GET', pathOf(kind, NAMESPACE));
      return (body['items'] as { metadata: { name: string }; spec: object }[])[0];
    });

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    api = new Api(plane.admin);
    ends.push(() => {
      api.close();
    });
    await installKinds(plane);
    await makeNamespace(api, NAMESPACE);
    const { kubectl } = await findPrograms();
    const plugins = folderWith({ 'kubectl-ballast': PROGRAM, kubectl: `#!/bin/sh\nexec ${kubectl} "$@"\n` });
    for (const program of ['kubectl-ballast', 'kubectl']) chmodSync(join(plugins, program), 0o755);
    path = [plugins, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: NAMESPACE } };
    const orders = JSON.parse(database('orders', { replicas: 2 }, { namespace: NAMESPACE })) as object;
    const other = JSON.parse(database('other', {}, { namespace: NAMESPACE })) as object;
    const members = [
      member(0, { role: 'primary', xlog_location: 4096 }),
      member(1, { role: 'replica', xlog_location: 2048 }),
    ];
    const { code, stderr } = await plane.admin.apply([account, orders, other, ...members]);
    expect(code, stderr).to.equal(0);
    await setStatus('Database', 'orders', { phase: 'Running', ready: '2/2', primary: 'orders-0' });
  });

  after(() => {
    for (const end of ends) end();
  });

  it('shows the state of a Database', async () => {
    const { code, stdout, stderr } = await run('status', 'orders');
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(stdout).to.match(/^Database plugin\/orders: Running, 2\/2 ready, PostgreSQL 17\n {2}primary {2}orders-0\n/);
    expect(stdout)
      .to.match(/\n {2}orders-0 {2}primary /)
      .and.to.match(/\n {2}orders-1 {2}standby {2}.* 2Ki /);
  });

  it('shows a reader of Databases what cannot be read', async () => {
    const rules = [{ apiGroups: ['db.example.com'], resources: ['databases'], verbs: ['get'] }];
    const named = { namespace: NAMESPACE, name: 'reader' };
    const subject = { kind: 'ServiceAccount', ...named };
    await plane.admin.apply([
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: named },
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: named, rules },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: named,
        subjects: [subject],
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
      },
    ]);
    const reader = await plane.admin.as(NAMESPACE, 'reader');
    const { code, stdout } = await as(reader, ['status', 'orders', '-n', NAMESPACE]);
    expect(code).to.equal(0);
    expect(stdout)
      .to.contain('Running')
      .and.to.match(/\nMembers\n {2}cannot be read: pods is forbidden: /);
    const refused = await as(reader, ['backup', 'orders', '-n', NAMESPACE]);
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.match(/^kubectl ballast: databasebackups\.db\.example\.com is forbidden: /);
  });

  it('says that there is no such Database', async () => {
    expect(await run('status', 'nobody')).to.deep.equal({
      code: 2,
      stdout: '',
      stderr: 'kubectl ballast: databases.db.example.com "nobody" not found\n',
    });
  });

  it('asks for a switchover, and tells what became of it', async () => {
    const running = run('switchover', 'orders', 'orders-1');
    const request = await found(async () => {
      const { body } = await api.send('GET', pathOf('Database', NAMESPACE, 'orders'));
      const { annotations = {} } = body['metadata'] as { annotations?: Record<string, string> };
      return annotations['db.example.com/switchover'];
    });
    expect(request).to.match(/^orders-1@/);
    await setStatus('Database', 'orders', { handled: { switchover: { request, from: 'orders-0' } } });
    await sleep(1500);
    await setStatus('Database', 'orders', {
      handled: { switchover: { request, from: null, result: 'orders-1 took over from orders-0' } },
    });
    const { code, stdout } = await running;
    expect({ code, stdout }).to.deep.equal({ code: 0, stdout: 'orders-1 took over from orders-0\n' });
  });

  it('asks for one more after its own, and fails when it cannot be', async () => {
    const running = run('switchover', 'orders', 'orders-7');
    const request = await found(async () => {
      const { body } = await api.send('GET', pathOf('Database', NAMESPACE, 'orders'));
      const { annotations = {} } = body['metadata'] as { annotations?: Record<string, string> };
      const asked = annotations['db.example.com/switchover'];
      return asked?.startsWith('orders-7@') === true ? asked : undefined;
    });
    await setStatus('Database', 'orders', { handled: { switchover: { request, result: 'there is no such member' } } });
    const { code, stdout } = await running;
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: 'there is no such member\n' });
  });

  it('leaves a switchover to Git where Git has one', async () => {
    const applied = database(
      'other',
      {},
      { namespace: NAMESPACE, annotations: { 'db.example.com/switchover': 'any@1' } },
    );
    const apply = ['apply', '--server-side', '--force-conflicts', '--field-manager=argocd-controller', '-f', '-'];
    await plane.admin.succeed(apply, applied);
    const { code, stderr } = await run('switchover', 'other');
    expect(code).to.equal(1);
    expect(stderr).to.contain('argocd-controller writes the annotation db.example.com/switchover of other');
  });

  it('makes a backup, and waits for it', async () => {
    const running = run('backup', 'orders', '--type', 'full');
    const { metadata, spec } = await made('DatabaseBackup');
    expect(spec).to.deep.include({ databaseRef: { name: 'orders' }, type: 'full' });
    await setStatus('DatabaseBackup', metadata.name, { phase: 'Succeeded', message: 'made' });
    const { code, stderr } = await running;
    expect(code).to.equal(0);
    expect(stderr).to.match(new RegExp(`^DatabaseBackup ${metadata.name} is made\n.*Succeeded: made\n$`, 's'));
  });

  it('restores in place once the name is repeated', async () => {
    const running = run('restore', 'orders', '--to', MOMENT, '--yes', 'orders');
    const { metadata, spec } = await made('DatabaseRestore');
    expect(spec).to.deep.equal({ databaseRef: { name: 'orders' }, targetTime: MOMENT, confirmOverwrite: 'orders' });
    await setStatus('DatabaseRestore', metadata.name, { phase: 'Failed', message: 'the moment is not in the archive' });
    const { code, stderr } = await running;
    expect(code).to.equal(1);
    expect(stderr).to.contain('Failed: the moment is not in the archive\n');
  });

  it('prints a restore that the API server accepts', async () => {
    const { stdout } = await run('restore', 'orders', '--to', MOMENT, '-o', 'yaml');
    expect(load(stdout)).to.have.property('kind', 'DatabaseRestore');
    const applied = await plane.admin.run(['apply', '--dry-run=server', '-f', '-'], stdout);
    expect(applied.stdout).to.match(/^databaserestore\.db\.example\.com\/orders-restore-\d{8}-\d{6} created/);
  });

  describe('diff', () => {
    const orders = (spec: object): string => database('orders', { replicas: 2, ...spec }, { namespace: NAMESPACE });

    it('shows nothing where the files say what is there', async () => {
      const { code, stdout, stderr } = await diff({ 'databases/orders.yaml': orders({}) });
      expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '' });
      expect(stderr).to.contain('nothing changes in the rendered manifests\n');
    });

    it('shows what a change does, and what is new, and nothing about others', async () => {
      const files = {
        'databases/orders.yaml': orders({ parameters: { max_connections: '300' } }),
        'databases/new.yaml': database('new', {}, { namespace: NAMESPACE }),
      };
      const { code, stdout } = await diff(files);
      expect(code).to.equal(0);
      expect(stdout).to.contain('Database plugin/orders is changed').and.to.contain('Database plugin/new is made');
      expect(stdout)
        .to.match(/\n {2}(?:restart|switchover): /)
        .and.to.not.contain('plugin/other');
      expect(stdout).to.not.contain('db.example.com/switchover');
    });

    it('refuses what the rules about changes refuse', async () => {
      const { code, stderr } = await diff({ 'databases/orders.yaml': orders({ storage: { size: '10Gi' } }) });
      expect(code).to.equal(1);
      expect(stderr).to.contain('spec.storage.size: Invalid value: "10Gi": must not shrink');
    });

    it('fails on a level that is named', async () => {
      const changed = { 'databases/orders.yaml': orders({ parameters: { max_connections: '300' } }) };
      expect((await diff(changed, '--fail-on', 'restart', '--format', 'json')).code).to.equal(1);
    });
  });
});
