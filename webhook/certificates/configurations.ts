import { isRecord } from '../../database/record.ts';
import { ApiError } from '../../kubernetes/api.ts';
import type { Client } from './cluster.ts';
import { CONFIGURATIONS } from '../resources.ts';
import { callFailed } from './cluster.ts';
import type { Configuration } from './rotate.ts';

/** A bundle and the configuration to write it to. */
export interface Publication {
  readonly name: string;
  readonly seen: Configuration;
  readonly bundle: string;
}

/** Statuses of a write against an outdated version; 422 is the answer when a `test` of a JSON patch fails. */
const OUTDATED: ReadonlySet<number> = new Set([404, 409, 422]);

function bundleIn(webhook: unknown): string {
  const { clientConfig } = webhook as { readonly clientConfig?: unknown };
  const bundle = isRecord(clientConfig) ? clientConfig['caBundle'] : undefined;
  return Buffer.from(typeof bundle === 'string' ? bundle : '', 'base64').toString('utf8');
}

/** Reads a configuration; undefined when there is none. */
export async function readConfiguration(
  client: Client,
  kind: Configuration['kind'],
  name: string,
): Promise<Configuration | undefined> {
  try {
    const found = await client.get(CONFIGURATIONS[kind], { name });
    if (!found) return undefined;
    const { webhooks } = found as { readonly webhooks?: readonly unknown[] };
    return { kind, resourceVersion: found.metadata.resourceVersion ?? '', bundles: (webhooks ?? []).map(bundleIn) };
  } catch (error) {
    throw callFailed(`reading the ${kind} ${name}`, error);
  }
}

/** Writes the bundle into each webhook of a configuration, and nothing else; false when the configuration changed since it was read. */
export async function publishBundle(client: Client, { name, seen, bundle }: Publication): Promise<boolean> {
  const value = Buffer.from(bundle).toString('base64');
  const body = [
    { op: 'test', path: '/metadata/resourceVersion', value: seen.resourceVersion } as const,
    ...seen.bundles.map(
      (_, index) => ({ op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value }) as const,
    ),
  ];
  try {
    await client.patch(CONFIGURATIONS[seen.kind], { name }, { type: 'json', body });
    return true;
  } catch (error) {
    // If the configuration still exists, the next read reports the reason.
    if (error instanceof ApiError && OUTDATED.has(error.code)) return false;
    throw callFailed(`updating the ${seen.kind} ${name}`, error);
  }
}
