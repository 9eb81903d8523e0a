import { join } from 'node:path';
import { build } from '../programs/kubernetes-programs.ts';

/** Builds the S3 server that lab/programs/s3/go.mod pins, unless it is in the cache, and gives its path. */
export async function findS3Server(): Promise<string> {
  return build({
    name: 'versitygw',
    module: join(import.meta.dirname, '../programs/s3'),
    package: 'github.com/versity/versitygw/cmd/versitygw',
    note: 'from its Go sources, once (two minutes)',
  });
}
