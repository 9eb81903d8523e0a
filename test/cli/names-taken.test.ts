import { expect } from 'chai';
import { RUNS_MS, ballast, folderWith } from './run.ts';

const HEAD = 'apiVersion: db.example.com/v1alpha1\nkind: Database\n';
const database = (name: string, namespace = 'shop'): string =>
  `${HEAD}metadata: {name: ${name}, namespace: ${namespace}}\nspec: {version: "17", storage: {size: 10Gi}}\n`;

function manifest(kind: string, name: string, { namespace = 'shop', labels = '{}' } = {}): string {
  return `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: ${namespace}, labels: ${labels}}\n`;
}

const OURS = '{app.kubernetes.io/managed-by: ballast, db.example.com/database: orders}';

describe('A manifest in the tree', function () {
  this.timeout(RUNS_MS);
  const cases: readonly [string, string, boolean][] = [
    ['under the name of a Service of the Database', manifest('Service', 'orders-primary'), true],
    ['under the name of its StatefulSet', manifest('StatefulSet', 'orders'), true],
    ['under the name of a member’s claim', manifest('PersistentVolumeClaim', 'data-orders-0'), true],
    [
      'under the name of its CronJob, in JSON',
      '{"kind":"CronJob","metadata":{"name":"orders-backup","namespace":"shop"}}',
      true,
    ],
    ['of another kind', manifest('Secret', 'orders-primary'), false],
    ['of another namespace', manifest('Service', 'orders-primary', { namespace: 'other' }), false],
    ['of another name', manifest('Service', 'orders'), false],
    ['that Ballast rendered', manifest('Service', 'orders-primary', { labels: OURS }), false],
    ['without metadata', 'kind: Service\n', false],
    ['whose metadata are none', 'kind: Service\nmetadata: [1]\n', false],
  ];
  for (const [what, other, isTold] of cases) {
    it(`${what} is ${isTold ? 'warned of' : 'nothing to tell of'}`, async () => {
      const folder = folderWith({ 'databases/orders.yaml': database('orders'), 'databases/other.yaml': other });
      const { code, stdout } = await ballast(folder, ['validate', 'databases']);
      expect(code).equal(0);
      if (!isTold) expect(stdout).equal('');
      else {
        expect(stdout).match(
          /^databases\/orders\.yaml:3:18: warning: metadata\.name: must not be a name whose objects/,
        );
        expect(stdout).include('(databases/other.yaml)').and.include('(name-taken-in-tree)');
      }
    });
  }
});
