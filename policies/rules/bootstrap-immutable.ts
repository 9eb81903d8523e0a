import { sortedJson } from '../../database/sorted-json.ts';
import { objectRule } from '../rule.ts';

const DESCRIBED =
  '(has(self.bootstrap) && has(self.bootstrap.restore)) == (has(oldSelf.bootstrap) && has(oldSelf.bootstrap.restore))';
const SAME =
  '(!(has(self.bootstrap) && has(self.bootstrap.restore)) || !(has(oldSelf.bootstrap) && has(oldSelf.bootstrap.restore)) || self.bootstrap.restore == oldSelf.bootstrap.restore)';

/** Refuses changes of the way in which a database started. */
export const bootstrapImmutable = objectRule({
  id: 'bootstrap-immutable',
  kinds: ['Database'],
  path: 'spec.bootstrap.restore',
  severity: 'error',
  on: 'update',
  why: 'It is read once, when the database is made. A change later would do nothing, though it looks like a restore.',
  remedy: 'leave it as it was; to restore now, make a DatabaseRestore or a new Database',
  cel: `${DESCRIBED} && ${SAME}`,
  allowed: [
    {
      was: { spec: { bootstrap: { restore: { from: 'a', destination: 's3://backups/orders' } } } },
      spec: { bootstrap: { restore: { from: 'a', destination: 's3://backups/orders' } } },
    },
    { was: { spec: { bootstrap: { adopt: true } } }, spec: {} },
    {
      was: { spec: { bootstrap: { restore: { from: 'a', destination: { s3: { bucket: 'acme', prefix: 'a' } } } } } },
      spec: { bootstrap: { restore: { destination: { s3: { prefix: 'a', bucket: 'acme' } }, from: 'a' } } },
    },
  ],
  denied: [
    { was: { spec: {} }, spec: { bootstrap: { restore: { from: 'a', destination: 's3://backups/orders' } } } },
    {
      was: { spec: { bootstrap: { restore: { from: 'a', destination: 's3://backups/orders' } } } },
      spec: { bootstrap: { restore: { from: 'b', destination: 's3://backups/orders' } } },
    },
    { was: { spec: { bootstrap: { restore: { from: 'a', destination: 's3://backups/orders' } } } }, spec: {} },
  ],
  check: ({ spec }, old) => {
    if (!old || sortedJson(spec.bootstrap?.restore ?? null) === sortedJson(old.spec.bootstrap?.restore ?? null))
      return [];
    return [{ problem: 'must not change once the Database exists' }];
  },
});
