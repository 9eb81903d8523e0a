import { ENGINES } from '../../database/engines/index.ts';
import { objectRule } from '../rule.ts';

/** Requires backups of its own for a Database that begins with them when it is made again. */
export const bootstrapRecoverBackups = objectRule({
  id: 'bootstrap-recover-backups',
  kinds: ['Database'],
  path: 'spec.bootstrap.recover',
  severity: 'error',
  on: 'write',
  why: 'A Database that is made again would find no backups, and begin empty although it was told to begin with what it left behind.',
  remedy: 'set spec.backup with a destination, or leave recover out',
  // Not in CEL: a destination has two forms and so no type there, and CEL cannot name it.
  allowed: [
    { spec: { backup: { destination: 's3://backups/orders' }, bootstrap: { recover: true } } },
    { spec: { backup: { destination: 'pvc://' }, bootstrap: { recover: true, adopt: true } } },
    {
      spec: {
        backup: { destination: 's3://backups/orders' },
        bootstrap: { recover: true, restore: { from: 'ledger', destination: 's3://backups/ledger' } },
      },
    },
    { spec: { bootstrap: { recover: false } } },
    {
      was: { spec: { backup: { destination: 's3://backups/orders' } } },
      spec: { backup: { destination: 's3://backups/orders' }, bootstrap: { recover: true } },
    },
    {
      was: { spec: { backup: { destination: 's3://backups/orders' }, bootstrap: { recover: true } } },
      spec: { backup: { destination: 's3://backups/orders' } },
    },
  ],
  denied: [
    { spec: { bootstrap: { recover: true } } },
    { spec: { backup: { enabled: false, destination: 's3://backups/orders' }, bootstrap: { recover: true } } },
    {
      spec: {
        engine: 'mysql',
        version: '8.4',
        backup: { destination: 's3://backups/orders' },
        bootstrap: { recover: true },
      },
    },
  ],
  check: ({ spec: { engine, backup, bootstrap } }) => {
    if (bootstrap?.recover !== true) return [];
    if (!ENGINES[engine].can.restores) {
      const remedy = 'leave it out; volumes are taken over with adopt';
      return [
        { value: true, problem: `must not be set with ${engine}: only postgresql begins with its backups`, remedy },
      ];
    }
    if (backup?.enabled === true && backup.destination !== undefined) return [];
    return [{ value: true, problem: 'must not be set without backups' }];
  },
});
