import { MEMBER_ACCOUNT } from '../../../../database/vocabulary.ts';
import { expect } from 'chai';
import { withStandingAccount } from '../../../../controller/databases/observe/standing-account.ts';
import { projectPod } from '../../../../controller/cluster/pod.ts';
import { projectStatefulSet } from '../../../../controller/cluster/workload.ts';
import { accountsOf } from '../../../../generator/accounts.ts';
import { healthy, member, workload } from '../../observations.ts';

const OLD = 'orders';
const NEW = 'ballast-member-orders';

interface Case {
  readonly name: string;
  /** Account of the StatefulSet; absent while there is none. */
  readonly set?: string;
  readonly pods: readonly string[];
  readonly written?: string;
  readonly renders: readonly string[];
}

const CASES: readonly Case[] = [
  { name: 'is its own for a Database that is made', pods: [], renders: [NEW] },
  { name: 'is its own where all members have it', set: NEW, pods: [NEW, NEW], renders: [NEW] },
  { name: 'stays the old one where an earlier version made the members', set: OLD, pods: [OLD, OLD], renders: [OLD] },
  { name: 'stays the old one while the Database sleeps', set: OLD, pods: [], renders: [OLD] },
  { name: 'stays the old one while somebody has taken the StatefulSet away', pods: [OLD], renders: [OLD] },
  {
    name: 'is its own beside the old one, while a member still runs under that',
    set: NEW,
    pods: [NEW, OLD],
    renders: [NEW, OLD],
  },
  { name: 'is what the annotation says: the old one', set: OLD, pods: [OLD], written: OLD, renders: [OLD] },
  { name: 'is what the annotation says: both', set: OLD, pods: [OLD], written: NEW, renders: [NEW, OLD] },
  {
    name: 'is what the annotation says: both, until it is removed',
    set: NEW,
    pods: [NEW],
    written: NEW,
    renders: [NEW, OLD],
  },
  { name: 'is not that of somebody else’s StatefulSet', set: 'web', pods: [], renders: [NEW] },
];

describe('The account that the controller renders for members', () => {
  for (const { name, set, pods, written, renders } of CASES) {
    it(name, () => {
      const { own } = healthy(3);
      const annotations = written === undefined ? {} : { [MEMBER_ACCOUNT]: written };
      const { metadata, ...rest } = own.database;
      const asked = { ...own, annotations, database: { ...rest, metadata: { ...metadata, annotations } } };
      const seen = withStandingAccount(asked, {
        ...(set !== undefined && { workload: workload(3, { account: set }) }),
        pods: pods.map((account, ordinal) => member(ordinal, 'replica', { account })),
      });
      expect(accountsOf(seen.database).all).eql(renders);
      // The key of the remembered rendering differs with it.
      expect(seen.annotations[MEMBER_ACCOUNT]).equal(seen.database.metadata.annotations?.[MEMBER_ACCOUNT]);
    });
  }

  it('is seen on pods and StatefulSets', () => {
    const labels = { 'db.example.com/database': OLD, 'app.kubernetes.io/component': 'database' };
    const about = { namespace: 'shop', uid: 'u', resourceVersion: '1', labels };
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...about, name: 'orders-0' },
      spec: { serviceAccountName: NEW },
    };
    expect(projectPod(pod)?.pod.account).equal(NEW);
    const spec = { template: { spec: { serviceAccountName: OLD } } };
    const set = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { ...about, name: 'orders' }, spec };
    expect(projectStatefulSet(set)?.workload?.account).equal(OLD);
  });
});
