import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { createSecureContext } from 'node:tls';
import type { Member, Pair } from '../servers.ts';

/** A TLS context that trusts only the authority of the member's Database, and presents the pair. Throws when one of them is not PEM. */
export function contextFor({ authority }: Pick<Member, 'authority'>, pair?: Pair): SecureContext {
  const shown = pair && { cert: pair.certificate, key: pair.key.reveal() };
  return createSecureContext({ ca: authority, minVersion: 'TLSv1.2', ...shown });
}

/**
 * Frees a context as soon as its connection is closed. OpenSSL holds some 15 kB per context, of which V8 counts one: left to the garbage
 * collector, thousands of contexts accumulate while a starting controller logs in everywhere. The method is Node's own and undocumented;
 * a Node without it leaves contexts to the collector.
 */
export function freeWith(stream: Duplex, { context }: SecureContext): void {
  const free = (): void => (context as { readonly close?: () => void }).close?.();
  if (stream.closed) free();
  else stream.once('close', free);
}
