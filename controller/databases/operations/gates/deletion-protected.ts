import type { Gate } from '../operation.ts';

/** A protected Database stays; the rule of the same name refuses the request itself. */
export const deletionProtected: Gate = {
  reason: 'DeletionProtected',
  check: ({ own }) =>
    own.database.spec.deletionPolicy === 'Protect'
      ? { problem: 'deletionPolicy is Protect', remedy: 'change it to let the deletion go on' }
      : undefined,
};
