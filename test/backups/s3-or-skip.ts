import { NoPrograms } from '../../lab/programs/kubernetes-programs.ts';
import type { S3Server } from '../../lab/s3/server.ts';
import { startS3Server } from '../../lab/s3/server.ts';

/** An S3 server for a `before` hook: a machine that cannot build it skips the suite, and the test says so. */
export async function s3ServerOrSkip(hook: Mocha.Context, buckets: readonly string[]): Promise<S3Server> {
  // The first run on a machine builds it.
  hook.timeout('20m');
  try {
    return await startS3Server(buckets);
  } catch (error) {
    if (!(error instanceof NoPrograms)) throw error;
    process.stderr.write(`SKIPPED, ${hook.test?.parent?.title ?? ''}: ${error.message}\n`);
    return hook.skip();
  }
}
