import type { Log } from './log.ts';
import { bugOf } from './log.ts';
import type { Metrics } from './metrics.ts';

/** Where errors end up that nobody has caught: Node's `process`. */
export interface UncaughtErrorSource {
  readonly on: (event: 'uncaughtException' | 'unhandledRejection', take: (error: unknown) => void) => unknown;
  readonly off: (event: 'uncaughtException' | 'unhandledRejection', take: (error: unknown) => void) => unknown;
}

/**
 * Logs and counts errors that nobody has caught, such as those thrown from a timer of a library, and lets the process go
 * on: all that it remembers may be lost at any time, and what one Database brought about must not end the others.
 * Whether the process still works is for its Lease and its liveness to say. Gives how to stop that.
 */
export function logUncaughtErrors(
  process: UncaughtErrorSource,
  { log, metrics }: { log: Log; metrics: Pick<Metrics, 'strayed'> },
): () => void {
  const take = (error: unknown): void => {
    metrics.strayed();
    log.error(bugOf(error), 'an error belonged to nobody');
  };
  process.on('uncaughtException', take);
  process.on('unhandledRejection', take);
  return () => {
    process.off('uncaughtException', take);
    process.off('unhandledRejection', take);
  };
}
