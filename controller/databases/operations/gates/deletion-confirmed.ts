import { CONFIRM_DELETE } from '../../../../database/vocabulary.ts';
import { isLossConfirmed, nameOf } from '../../state/database.ts';
import type { Gate } from '../operation.ts';

/** Data are deleted only after a confirmation; the rule of the same name refuses the request itself. */
export const deletionConfirmed: Gate = {
  reason: 'DeletionNotConfirmed',
  check: (seen) => {
    if (seen.own.database.spec.deletionPolicy !== 'Delete' || isLossConfirmed(seen)) return undefined;
    return {
      problem: 'it would take the data with it, which nobody has confirmed',
      remedy: `annotate the Database with ${CONFIRM_DELETE}: ${nameOf(seen)}, or set deletionPolicy to Retain`,
    };
  },
};
