import type { Database } from '../database/object.ts';
import type { DatabaseStatus } from '../database/types.ts';

/** The status of a Database, empty when there is none. The controller alone may write it, so it has the controller's form. */
export function statusOf({ status = {} }: Database): DatabaseStatus {
  return status;
}
