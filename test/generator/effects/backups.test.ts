import { filledDatabase } from '../../../lab/filled-database.ts';
import { expect } from 'chai';
import type { Database } from '../../../database/object.ts';
import { backupEffects } from '../../../generator/effects/backups.ts';

type Backup = Readonly<Record<string, unknown>>;

const STOP = 'data-loss: backups stop: from here on nothing can be restored';
const MOVED = 'none: backups go to another place: point-in-time recovery starts anew there, with a full backup';
const PLACE = 's3://acme-backups/orders';

const BACKUPS: Readonly<Record<string, readonly [was: Backup, now: Backup | undefined, effects: readonly string[]]>> = {
  removed: [{}, undefined, [STOP]],
  'switched off': [{}, { enabled: false }, [STOP]],
  moved: [{}, { destination: 's3://acme-backups/elsewhere' }, [MOVED]],
  'in the same place, written in another way': [
    {},
    { destination: { s3: { prefix: '/orders/', bucket: 'acme-backups' } } },
    [],
  ],
  'at another hour': [{}, { schedule: '0 3 * * *' }, []],
  'kept for less days': [
    { retention: 30 },
    { retention: '7d' },
    ['data-loss: backups are kept for 7 days, no longer 30 days: older ones are deleted'],
  ],
  'kept by days and no longer by number': [
    { retention: { days: 7, count: 50 } },
    { retention: { days: 30 } },
    ['data-loss: backups are kept for 30 days, no longer 7 days or 50 backups: older ones are deleted'],
  ],
  'kept for longer': [{ retention: 7 }, { retention: { days: 7, count: 3 } }, []],
};

describe('What a change does to backups', () => {
  for (const [name, [was, now, effects]] of Object.entries(BACKUPS)) {
    it(`is told: backups ${name}`, () => {
      const databaseWith = (backup: Backup | undefined): Database =>
        filledDatabase(
          { name: 'orders', namespace: 'shop' },
          {
            version: '16',
            storage: { size: '10Gi' },
            ...(backup && { backup: { destination: PLACE, ...backup } }),
          },
        );
      expect(
        backupEffects(databaseWith(was), databaseWith(now)).map(({ level, text }) => `${level}: ${text}`),
      ).to.deep.equal(effects);
    });
  }
});
