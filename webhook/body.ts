import type { IncomingMessage } from 'node:http';

/** Largest body that is taken in: the API server's own limit for a request, and a little. */
export const MAX_BODY_BYTES = 8 * 2 ** 20;

/** Reads a request's body; undefined when it is larger than what is taken in. Rejects when the client goes away. */
export function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > MAX_BODY_BYTES) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (part: Buffer) => {
      size += part.length;
      if (size > MAX_BODY_BYTES) {
        request.removeAllListeners('data').pause();
        resolve(undefined);
      } else parts.push(part);
    });
    request.on('end', () => {
      resolve(parts.length === 1 ? parts[0] : Buffer.concat(parts));
    });
    request.on('error', reject);
    request.on('aborted', () => {
      reject(new Error('the client went away'));
    });
  });
}
