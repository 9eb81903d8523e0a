import { CONFIRM_DELETE } from '../../../../database/vocabulary.ts';
import { nameOf } from '../../state/database.ts';
import type { Gate } from '../operation.ts';

/** Data are deleted only after a confirmation; the rule of the same name refuses the request itself. */
export const deletionConfirmed: Gate = {
  reason: 'DeletionNotConfirmed',
  check: (seen) => {
    const { database, annotations } = seen.own;
    const name = nameOf(seen);
    if (database.spec.deletionPolicy !== 'Delete' || annotations[CONFIRM_DELETE] === name) return undefined;
    return {
      problem: 'it would take the data with it, which nobody has confirmed',
      remedy: `annotate the Database with ${CONFIRM_DELETE}: ${name}, or set deletionPolicy to Retain`,
    };
  },
};
