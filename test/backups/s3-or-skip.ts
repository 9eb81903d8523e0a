import type { S3Server } from '../../lab/s3/server.ts';
import { startS3Server } from '../../lab/s3/server.ts';
import { orSkip } from '../or-skip.ts';

/** An S3 server for a `before` hook. */
export const s3ServerOrSkip = (hook: Mocha.Context, buckets: readonly string[]): Promise<S3Server> =>
  orSkip(hook, () => startS3Server(buckets));
