import { expect } from 'chai';
import type { RestoreOfDatabase } from '../../../controller/databases/observed-backups.ts';
import { eventsOfStatus } from '../../../controller/restores/event-messages.ts';
import { restoreStatus } from '../../../controller/restores/status.ts';
import { NOW } from '../observations.ts';

const RESTORE: RestoreOfDatabase = {
  ...{ name: 'to-monday', uid: 'r1', resourceVersion: '7', generation: 1, createdAt: NOW, deleting: false },
  ...{ id: 'a1a1a1a1a1a1a1a1', problems: [] },
  spec: { databaseRef: { name: 'orders' }, confirmOverwrite: 'orders', backup: 'nightly' },
};

describe('The status of a DatabaseRestore', () => {
  it('says that there is no Database', () => {
    const { phase, message } = restoreStatus(RESTORE, undefined, NOW);
    expect([phase, message]).to.deep.equal(['Pending', 'there is no Database orders in this namespace']);
  });

  it('makes an event of each phase that is news, once', () => {
    const failed = { phase: 'Failed', message: 'no space' } as const;
    expect(eventsOfStatus({ phase: 'Restoring' }, failed)).to.deep.equal([
      { type: 'Warning', reason: 'RestoreFailed', action: 'Observe', note: 'no space' },
    ]);
    expect(eventsOfStatus(failed, failed)).to.deep.equal([]);
    expect(eventsOfStatus(undefined, { phase: 'Pending' })).to.deep.equal([]);
  });
});
