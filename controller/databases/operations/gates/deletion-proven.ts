import type { Gate } from '../operation.ts';

/** Data are deleted only with backups that were verified, where the spec asks for that; the rule of the same name refuses the request itself. */
export const deletionProven: Gate = {
  reason: 'DeletionNotProven',
  check: ({ unproven }) => unproven && { problem: `the Database ${unproven.problem}`, remedy: unproven.remedy },
};
