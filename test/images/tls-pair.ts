import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueServer, makeAuthority } from '../../certificates/authority.ts';
import { makeKeys } from '../../certificates/keys.ts';

const DAY = 86_400_000;

/** Writes a member's TLS folder: `ca.crt`, `tls.crt` and `tls.key`, for 127.0.0.1. */
export async function writePair(folder: string): Promise<void> {
  const life = { name: 'orders', now: new Date(), lifetimeMs: DAY };
  const authority = makeAuthority({ ...life, keys: await makeKeys() });
  const keys = await makeKeys();
  const pair = issueServer({ ...life, authority, keys, hosts: ['127.0.0.1'], isClient: true });
  writeFileSync(join(folder, 'ca.crt'), authority.certificate);
  writeFileSync(join(folder, 'tls.crt'), pair.certificate);
  writeFileSync(join(folder, 'tls.key'), pair.key);
}
