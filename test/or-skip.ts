import { CannotRun } from '../lab/cluster/needs.ts';
import { NoPrograms } from '../lab/programs/kubernetes-programs.ts';

/** Starts what a `before` hook needs: a machine that cannot build or run it skips the suite, and the test says so. */
export async function orSkip<T>(hook: Mocha.Context, start: () => T | Promise<T>): Promise<T> {
  // The first run on a machine builds the programs.
  hook.timeout('20m');
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof NoPrograms || error instanceof CannotRun)) throw error;
    process.stderr.write(`SKIPPED, ${hook.test?.parent?.title ?? ''}: ${error.message}\n`);
    return hook.skip();
  }
}
