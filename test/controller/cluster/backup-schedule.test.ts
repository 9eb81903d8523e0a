import { expect } from 'chai';
import { projectCronJob } from '../../../controller/cluster/workload.ts';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';

const OWNER = { apiVersion: 'db.example.com/v1alpha1', kind: 'DatabaseBackup', name: 'weekly', uid: 'u1' };
const TIMES = { schedule: '0 4 * * 0', timeZone: 'America/Argentina/Buenos_Aires' };

const cronJob = (metadata: Partial<KubernetesObject['metadata']>): KubernetesObject => ({
  ...{ apiVersion: 'batch/v1', kind: 'CronJob', spec: { ...TIMES, suspend: true } },
  metadata: {
    ...{ name: 'weekly-schedule', namespace: 'shop', uid: 'c1', resourceVersion: '7' },
    labels: { 'db.example.com/database': 'orders' },
    ...metadata,
  },
});
const annotations = { 'db.example.com/made-from': 'hixYjrUTl3f8PBzWl_Sm9U8XugE' };

describe('Of the CronJob of a DatabaseBackup', () => {
  it('is kept whose it is, what it was made from, and when it runs', () => {
    const kept = projectCronJob(cronJob({ annotations, ownerReferences: [OWNER] }));
    expect(kept).include({ owner: 'shop/orders', name: 'weekly-schedule', uid: 'c1' });
    expect(kept?.ofBackup).eql({ madeFor: 'u1', madeFrom: annotations['db.example.com/made-from'], ...TIMES });
    expect(kept?.cron).include({ active: 0, suspended: true });
  });

  const others: readonly [name: string, metadata: Partial<KubernetesObject['metadata']>][] = [
    ['it belongs to no DatabaseBackup', {}],
    ['it is named after another one', { ownerReferences: [{ ...OWNER, name: 'monthly' }] }],
    ['its name has another end', { name: 'weekly-run', ownerReferences: [OWNER] }],
    ['it has no label of a Database', { labels: {}, ownerReferences: [OWNER] }],
  ];
  for (const [name, metadata] of others) {
    it(`is kept nothing when ${name}`, () => {
      expect(projectCronJob(cronJob(metadata))).equal(undefined);
    });
  }
});
