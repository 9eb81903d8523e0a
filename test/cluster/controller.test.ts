import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { Api } from './api.ts';
import { makeNamespace } from './ballast.ts';
import type { ControlPlane } from './control-plane.ts';
import { controlPlaneOrSkip } from './control-plane.ts';
import type { RunningController } from './controller.ts';
import { SYSTEM, installController, page, startController } from './controller.ts';

const DEADLINE_MS = 30_000;

function database(namespace: string, name: string, { spec = {}, annotations = {} } = {}): object {
  return {
    apiVersion: 'db.example.com/v1alpha1',
    kind: 'Database',
    metadata: { name, namespace, annotations },
    spec: { version: '17', storage: { size: '10Gi' }, ...spec },
  };
}

describe('smoke', function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let api: Api;
  let controller: RunningController;
  before(async function () {
    plane = await controlPlaneOrSkip(this);
    api = new Api(plane.admin);
    await installController(plane, 'controller');
    await makeNamespace(api, 'shop');
    controller = await startController(plane);
  });
  after(async () => {
    console.log(await controller.end());
    api.close();
  });
  it('works', async () => {
    const { code, stderr } = await plane.admin.apply([
      database('shop', 'orders', {
        annotations: { 'db.example.com/apply': 'true' },
        spec: { replicas: 3, backup: { enabled: true, destination: 's3://bucket/p' } },
      }),
    ]);
    console.log(code, stderr);
    await sleep(6000);
    console.log(
      (
        await plane.admin.run([
          'get',
          'db,sts,svc,cm,secret,role,rolebinding,pvc,cronjob,pdb,netpol,sa,events',
          '-n',
          'shop',
        ])
      ).stdout,
    );
    console.log((await plane.admin.run(['describe', 'db', '-n', 'shop'])).stdout);
    console.log(
      (await page(controller.port, '/metrics')).text
        .split('\n')
        .filter((l) => /^(ballast|database)/.test(l))
        .join('\n'),
    );
    expect(SYSTEM).equal('ballast-system');
    void DEADLINE_MS;
  });
});
