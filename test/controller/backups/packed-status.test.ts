import { expect } from 'chai';
import fc from 'fast-check';
import type { DatabaseBackupStatus } from '../../../database/types.ts';
import { packStatus, unpackStatus } from '../../../controller/cluster/packed-status.ts';

describe('A packed status', () => {
  it('is what it was', () => {
    const property = fc.property(fc.jsonValue(), (value) => {
      const status = { message: JSON.stringify(value), conditions: value } as unknown as DatabaseBackupStatus;
      expect(unpackStatus(packStatus(status))).eql(JSON.parse(JSON.stringify(status)));
    });
    fc.assert(property, { numRuns: 200 });
  });

  it('is the same text for the same status, and short for a usual one', () => {
    const status: DatabaseBackupStatus = {
      ...{ phase: 'Succeeded', message: 'the backup ended at 2027-03-04T05:06:07Z', backupName: '20270304-050100F' },
      ...{ type: 'full', startTime: '2027-03-04T05:01:00Z', completionTime: '2027-03-04T05:06:07Z', duration: 307 },
    };
    expect(packStatus(status))
      .equal(packStatus({ ...status }))
      .and.match(/^[\w-]{1,200}$/);
  });
});
