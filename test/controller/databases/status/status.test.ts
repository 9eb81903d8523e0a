import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { expect } from 'chai';
import { toJsonSchema } from '../../../../database/schema/derive.ts';
import { databaseKind } from '../../../../database/schema/database.ts';
import type { DatabaseStatus } from '../../../../database/types.ts';
import { decide } from '../../../../controller/databases/concerns/decide.ts';
import type { Claim, Observation } from '../../../../controller/databases/observation.ts';
import { primaryChanged } from '../../../../controller/databases/status/handled.ts';
import { anything } from '../../arbitrary.ts';
import { NOW, claim, healthy, lock, member } from '../../observations.ts';

const ajv = new Ajv({ allErrors: true });
addFormats.default(ajv);
ajv.addFormat('int32', true);
ajv.addFormat('int64', true);
const validate = ajv.compile(toJsonSchema(databaseKind.status));

const LATER = new Date(NOW.getTime() + 5000);

function withStatus(seen: Observation, status: DatabaseStatus): Observation {
  return { ...seen, own: { ...seen.own, status } };
}

/** The status of an observation, stored repeatedly until it is stable. */
function stored(seen: Observation): DatabaseStatus {
  const once = decide(seen, NOW).status;
  return decide(withStatus(seen, once), NOW).status;
}

describe('The status', () => {
  it('of a Database that is all it should be says so', () => {
    const { conditions, ...status } = decide(healthy(3), NOW).status;
    expect(status).to.deep.equal({
      phase: 'Running',
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      ready: '3/3',
      primary: 'orders-0',
      version: '16',
      selector: 'app.kubernetes.io/component=database,db.example.com/database=orders',
      endpoints: { primary: 'orders-primary.shop.svc:5432', readOnly: 'orders-replica.shop.svc:5432' },
      largestVolume: '10Gi',
      largestClaim: '10Gi',
      handled: { primary: 'orders-0' },
    });
    expect(
      conditions?.map(({ type, status: is, reason, message }) => `${type} ${is} ${reason}: ${message}`),
    ).to.deep.equal([
      'Ready True Serving: all 3 members serve, orders-0 leads',
      'Reconciling False Done: everything is as the Database asks for',
      'Stalled False Free: nothing is in the way',
      'WorkloadMayChange True Free: the workload may be as it is rendered',
      'ReplicationHealthy True Streaming: all 2 standbys follow',
      'BackupHealthy Unknown Off: no backups are asked for',
      'StorageReady True AsAsked: every volume is at least as large as asked for',
    ]);
  });

  it('names the largest volume, there or asked for, of a member that left too; and none where there is none', () => {
    const gib = 2n ** 30n;
    const largestOf = (...claims: readonly Claim[]): unknown =>
      decide(healthy(1, { claims }), NOW).status.largestVolume;
    expect(largestOf(claim(0), claim(1, { requested: 20n * gib }))).to.equal('20Gi');
    expect(largestOf(claim(0), claim(1, { capacity: 15n * gib }))).to.equal('15Gi');
    expect(largestOf()).to.equal(undefined);
  });

  it('names what the largest claim asks for, whatever its volume has', () => {
    const gib = 2n ** 30n;
    const claims = [claim(0, { capacity: 100n * gib }), claim(1, { requested: 20n * gib })];
    expect(decide(healthy(1, { claims }), NOW).status.largestClaim).to.equal('20Gi');
    expect(decide(healthy(1, { claims: [] }), NOW).status.largestClaim).to.equal(undefined);
  });

  for (const expandable of [true, false]) {
    it(`says that the volumes ${expandable ? 'can' : 'cannot'} grow when their class ${expandable ? 'allows' : 'forbids'} it`, () => {
      const { volumesCanGrow } = decide(healthy(1, { storageClass: { expandable } }), NOW).status;
      expect(volumesCanGrow).to.equal(expandable);
    });
  }

  it('does not say whether volumes can grow when their class is not known, or when there are none', () => {
    expect(decide(healthy(1), NOW).status).to.not.have.property('volumesCanGrow');
    const none = healthy(1, { claims: [], storageClass: { expandable: false } });
    expect(decide(none, NOW).status).to.not.have.property('volumesCanGrow');
  });

  it('fits the schema, whatever is seen', () => {
    const property = fc.property(anything, (seen) => {
      const status: unknown = JSON.parse(JSON.stringify(decide(seen, NOW).status));
      expect(validate(status), JSON.stringify(validate.errors)).to.equal(true);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('is the same as long as the same is seen, so that nothing is written', () => {
    const property = fc.property(anything, (seen) => {
      const status = stored(seen);
      expect(decide(withStatus(seen, status), NOW).status).to.deep.equal(status);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('moves the time of a condition when its status flips, and only then', () => {
    const property = fc.property(anything, anything, (one, other) => {
      const before = decide(one, NOW).status;
      const after = decide(withStatus(other, before), LATER).status;
      for (const condition of after.conditions!) {
        const old = before.conditions!.find(({ type }) => type === condition.type);
        const time = old?.status === condition.status ? old.lastTransitionTime : '2026-11-21T12:00:05Z';
        expect(condition.lastTransitionTime).to.equal(time);
      }
    });
    fc.assert(property, { numRuns: 1000 });
  });
});

describe('A change of primary', () => {
  const led = (primary?: string): DatabaseStatus => ({ handled: primary === undefined ? {} : { primary } });
  const cases = [
    { name: 'is none when the first primary comes', before: undefined, after: led('orders-0'), changed: false },
    { name: 'is none when the same leads', before: led('orders-0'), after: led('orders-0'), changed: false },
    { name: 'is none when nobody is known to lead', before: led('orders-0'), after: led(), changed: false },
    {
      name: 'is one when another leads',
      before: led('orders-0'),
      after: led('orders-1'),
      changed: true,
    },
  ];
  for (const { name, before, after, changed } of cases) {
    it(name, () => {
      expect(primaryChanged(before, after)).to.equal(changed);
    });
  }

  it('is seen once although there is no leader in between', () => {
    const pods = [member(0, 'replica'), member(1, 'primary')];
    const looks = [
      healthy(2),
      healthy(2, { leader: lock(undefined) }),
      healthy(2, { leader: lock('orders-1'), pods }),
      healthy(2, { leader: lock('orders-1'), pods }),
    ];
    let status: DatabaseStatus = {};
    const changes = looks.map((seen) => {
      const next = decide(withStatus(seen, status), NOW).status;
      const changed = primaryChanged(status, next);
      status = next;
      return changed;
    });
    expect(changes).to.deep.equal([false, false, true, false]);
  });
});
