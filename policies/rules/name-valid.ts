import { objectRule } from '../rule.ts';

/** RFC 1035 label, as required for names of Services. */
const LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const LONGEST = 40;

/** Requires a name that every derived object can have. */
export const nameValid = objectRule({
  id: 'name-valid',
  kinds: ['Database', 'DatabaseBackup', 'DatabaseRestore', 'DatabaseUser'],
  path: 'metadata.name',
  severity: 'error',
  on: 'write',
  why: 'The name becomes part of host names, and of CronJobs, whose names end at 52 characters; with 40 all of them fit.',
  remedy: 'use up to 40 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen',
  cel: "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$') && self.metadata.name.size() <= 40",
  allowed: [{ metadata: { name: 'orders-2' } }, { metadata: { name: 'a'.repeat(40) } }],
  denied: [
    { metadata: { name: 'Orders' } },
    { metadata: { name: 'my.db' } },
    { metadata: { name: '1st' } },
    { metadata: { name: 'a'.repeat(41) } },
    { metadata: { name: 'orders-' } },
  ],
  check: ({ metadata: { name, generateName } }) => {
    if (name === undefined) {
      const remedy = 'add a name; generateName makes a new database at every sync';
      return generateName === undefined || generateName === '' ? [{ problem: 'must be set', remedy }] : [];
    }
    if (name.length > LONGEST)
      return [{ value: name, problem: `must have at most ${LONGEST} characters, not ${name.length}` }];
    return LABEL.test(name) ? [] : [{ value: name, problem: 'must be a DNS label that begins with a letter' }];
  },
});
