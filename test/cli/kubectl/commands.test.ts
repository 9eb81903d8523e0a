import { expect } from 'chai';
import { load } from 'js-yaml';
import { RUNS_MS, folderWith } from '../run.ts';
import type { Answer, Call } from './fake-kubectl.ts';
import { withFakeKubectl } from './fake-kubectl.ts';
import { storedDatabase, storedPod } from './stored.ts';

const SELECTOR = 'app.kubernetes.io/instance=orders';
const RUNNING = storedDatabase({ phase: 'Running', primary: 'orders-1', selector: SELECTOR });
const GET = 'get databases.db.example.com orders';
const THERE: Answer = { to: GET, stdout: RUNNING };
const NOT_THERE: Answer = {
  to: GET,
  code: 1,
  stderr: 'Error from server (NotFound): databases.db.example.com "orders" not found\n',
};

const argsOf = (calls: readonly Call[], first: string): readonly string[] =>
  calls.find(({ args }) => args[0] === first)?.args ?? [];

describe('kubectl ballast', function () {
  this.timeout(RUNS_MS);

  interface Asked {
    readonly args: readonly string[];
    readonly calls: readonly string[];
  }
  const attached: Readonly<Record<string, Asked>> = {
    'psql opens a session that only reads, on the primary, over the socket': {
      args: ['psql', 'orders'],
      calls: [
        'exec',
        'orders-1',
        '--container=postgresql',
        '--stdin',
        '--',
        'env',
        'PGOPTIONS=-c default_transaction_read_only=on',
        'psql',
        '--host=/var/run/postgresql',
        '--username=postgres',
        '--dbname=app',
      ],
    },
    'psql passes arguments on as they are': {
      args: ['psql', 'orders', '--write', '--database', 'postgres', '--', '-c', 'SELECT 1; $(rm -rf /)'],
      calls: [
        'exec',
        'orders-1',
        '--container=postgresql',
        '--stdin',
        '--',
        'psql',
        '--host=/var/run/postgresql',
        '--username=postgres',
        '--dbname=postgres',
        '-c',
        'SELECT 1; $(rm -rf /)',
      ],
    },
    'psql goes to the cluster that is named': {
      args: ['psql', 'orders', '-n', 'shop', '--context', 'prod', '--kubeconfig', '/k'],
      calls: [
        'exec',
        'orders-1',
        '--container=postgresql',
        '--stdin',
        '--namespace=shop',
        '--context=prod',
        '--kubeconfig=/k',
        '--',
        'env',
        'PGOPTIONS=-c default_transaction_read_only=on',
        'psql',
        '--host=/var/run/postgresql',
        '--username=postgres',
        '--dbname=app',
      ],
    },
    'logs asks every member': {
      args: ['logs', 'orders'],
      calls: [
        'logs',
        `--selector=${SELECTOR}`,
        '--prefix',
        '--max-log-requests=9',
        '--container=postgresql',
        '--tail=20',
      ],
    },
    'logs asks the primary alone': {
      args: ['logs', 'orders', '--primary', '--follow', '--tail', '5'],
      calls: ['logs', 'orders-1', '--container=postgresql', '--tail=5', '--follow'],
    },
  };
  for (const [what, { args, calls: expected }] of Object.entries(attached)) {
    it(what, async () => {
      const answers: Answer[] = [THERE, { to: 'exec', stdout: 'from psql' }, { to: 'logs', stdout: 'from logs' }];
      const { code, stdout, calls } = await withFakeKubectl(args, answers);
      expect({ code, stdout }).to.deep.equal({ code: 0, stdout: `from ${args[0] ?? ''}` });
      expect(argsOf(calls, expected[0] ?? '')).to.deep.equal(expected);
    });
  }

  it('psql ends as psql did', async () => {
    expect((await withFakeKubectl(['psql', 'orders'], [THERE, { to: 'exec', code: 3 }])).code).to.equal(3);
  });

  const refused: Readonly<
    Record<string, readonly [args: string, answers: readonly Answer[], code: number, says: string]>
  > = {
    'a Database that is not there': ['status orders', [NOT_THERE], 2, 'databases.db.example.com "orders" not found'],
    'psql without a primary': [
      'psql orders',
      [{ to: GET, stdout: storedDatabase({ phase: 'FailingOver' }) }],
      2,
      'orders has no primary at the moment; kubectl ballast status orders says why',
    ],
    'psql on MySQL': [
      'psql orders',
      [{ to: GET, stdout: storedDatabase({}, { engine: 'mysql' }) }],
      2,
      'orders is a Database of MySQL; psql is for PostgreSQL',
    ],
    'a restore to nothing': ['restore orders', [], 2, 'name what to restore: --backup NAME, --to TIME, or both'],
    'a restore that is not confirmed': [
      'restore orders --backup nightly',
      [THERE],
      2,
      'the data of orders would be overwritten; confirm with --yes orders, or print the object for Git with -o yaml',
    ],
    'a restore that is confirmed with another name': [
      'restore orders --backup nightly --yes order',
      [THERE],
      2,
      '--yes must repeat the name of the Database, orders',
    ],
    'a restore to a moment without a zone': [
      'restore orders --to 2026-11-28T09:59:00 --yes orders',
      [THERE],
      1,
      'spec.targetTime: Invalid value: "2026-11-28T09:59:00": ',
    ],
    'a namespace that is none': [
      'status orders -n ../x',
      [],
      2,
      "option '-n, --namespace <name>' argument '../x' is invalid. It must be the name of a namespace.",
    ],
    'a wait that is no number': [
      'backup orders --timeout soon',
      [],
      2,
      "option '--timeout <seconds>' argument 'soon' is invalid. It must be a whole number from 0 to 86400.",
    ],
  };
  for (const [what, [args, answers, code, says]] of Object.entries(refused)) {
    it(`refuses ${what}`, async () => {
      const run = await withFakeKubectl(args.split(' '), answers);
      expect(run.stderr.slice(0, `kubectl ballast: ${says}`.length)).to.equal(`kubectl ballast: ${says}`);
      expect(run.code).to.equal(code);
      expect(run.calls.filter(({ args: [verb] }) => verb !== 'get')).to.deep.equal([]);
    });
  }

  it('says that kubectl is missing', async () => {
    const { plugin } = await import('../run.ts');
    const { code, stderr } = await plugin(folderWith(), ['status', 'orders'], '', { PATH: '/nowhere' });
    expect({ code, stderr }).to.deep.equal({
      code: 2,
      stderr: 'kubectl ballast: kubectl: no such program on the PATH; install it, or add its folder to PATH\n',
    });
  });

  it('passes on every line of a refusal, and nothing that a terminal would execute', async () => {
    const stderr = 'The DatabaseBackup "x" is invalid:\n* spec.type: \u001b[2Jmust be full\n';
    const { code, ...run } = await withFakeKubectl(['backup', 'orders'], [THERE, { to: 'create', code: 1, stderr }]);
    expect({ code, stderr: run.stderr }).to.deep.equal({
      code: 1,
      stderr:
        'kubectl ballast: The DatabaseBackup "x" is invalid:\nkubectl ballast: * spec.type: \\u001b[2Jmust be full\n',
    });
  });

  it('prints a restore for Git, which is valid, and changes nothing', async () => {
    const args = ['restore', 'orders', '--backup', 'nightly', '--to', '2026-11-28T09:59:00Z', '-o', 'yaml'];
    const { code, stdout, calls } = await withFakeKubectl(args, [THERE]);
    expect({ code, verbs: calls.map(({ args: [verb] }) => verb) }).to.deep.equal({ code: 0, verbs: ['get'] });
    const { metadata, ...rest } = load(stdout) as { metadata: { name: string; namespace: string } };
    expect(metadata.name).to.match(/^orders-restore-\d{8}-\d{6}$/);
    expect({ namespace: metadata.namespace, ...rest }).to.deep.equal({
      namespace: 'shop',
      apiVersion: 'db.example.com/v1alpha1',
      kind: 'DatabaseRestore',
      spec: {
        databaseRef: { name: 'orders' },
        backupRef: { name: 'nightly' },
        targetTime: '2026-11-28T09:59:00Z',
        confirmOverwrite: 'orders',
      },
    });
  });

  it('shows what it may read, and says what it may not', async () => {
    const { code, stdout } = await withFakeKubectl(
      ['status', 'orders'],
      [
        THERE,
        {
          to: `get pods --selector=${SELECTOR}`,
          stdout: { items: [storedPod('orders-1', { role: 'primary', state: 'running' })] },
        },
        { to: 'get events', code: 1, stderr: 'Error from server (Forbidden): events is forbidden' },
        { to: 'get', stdout: { items: [] } },
      ],
    );
    expect(code).to.equal(0);
    expect(stdout)
      .to.match(/orders-1 +primary +serves/)
      .and.to.contain('Events\n  cannot be read: events is forbidden\n');
  });
});
