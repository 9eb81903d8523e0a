import { createInterface } from 'node:readline';
import type { Fault } from './proxy.ts';
import { startS3Server } from './server.ts';

/**
 * A store as a process of its own, for another network than that of the test. Arguments: HOST ADDRESS BUCKET…. It writes what clients need
 * as a line of JSON, then a line for each fault that it read and put in place.
 */
const [host = '', address = '', ...buckets] = process.argv.slice(2);
const store = await startS3Server(buckets, { host, address });
process.stdout.write(`${JSON.stringify({ port: store.proxy.port, keys: store.keys, authority: store.authority })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  await store.proxy.setFault(JSON.parse(line) as Fault);
  process.stdout.write(`${line}\n`);
}
await store.stop();
