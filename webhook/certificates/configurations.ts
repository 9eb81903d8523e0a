import type { V1MutatingWebhook, V1ValidatingWebhook } from '@kubernetes/client-node';
import type { Client } from './client.ts';
import { callFailed, statusOf } from './client.ts';
import type { Configuration } from './rotate.ts';

/** What is put where. */
export interface Publication {
  readonly name: string;
  readonly seen: Configuration;
  readonly bundle: string;
}

const CONFLICT = 409;
const NOT_FOUND = 404;
/** What the API server answers when a `test` of a JSON patch fails. */
const UNPROCESSABLE = 422;

function bundleIn({ clientConfig }: V1ValidatingWebhook | V1MutatingWebhook): string {
  return Buffer.from(clientConfig.caBundle ?? '', 'base64').toString('utf8');
}

/** Reads a configuration; undefined when there is none, which then nobody needs to be told. */
export async function readConfiguration(
  { admission, plain }: Client,
  kind: Configuration['kind'],
  name: string,
): Promise<Configuration | undefined> {
  try {
    const { metadata, webhooks } =
      kind === 'ValidatingWebhookConfiguration'
        ? await admission.readValidatingWebhookConfiguration({ name }, plain)
        : await admission.readMutatingWebhookConfiguration({ name }, plain);
    return { kind, resourceVersion: metadata?.resourceVersion ?? '', bundles: (webhooks ?? []).map(bundleIn) };
  } catch (error) {
    if (statusOf(error) === NOT_FOUND) return undefined;
    throw callFailed(`reading the ${kind} ${name}`, error);
  }
}

/** Puts the bundle into each webhook of a configuration, and changes nothing else; false when it was changed since it was read. */
export async function publishBundle(
  { admission, jsonPatch }: Client,
  { name, seen, bundle }: Publication,
): Promise<boolean> {
  const value = Buffer.from(bundle).toString('base64');
  const body = [
    { op: 'test', path: '/metadata/resourceVersion', value: seen.resourceVersion },
    ...seen.bundles.map((_, index) => ({ op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value })),
  ];
  try {
    if (seen.kind === 'ValidatingWebhookConfiguration') {
      await admission.patchValidatingWebhookConfiguration({ name, body }, jsonPatch);
    } else {
      await admission.patchMutatingWebhookConfiguration({ name, body }, jsonPatch);
    }
    return true;
  } catch (error) {
    // All these say that what was read is gone; when it is not, the next reading says why.
    if ([CONFLICT, NOT_FOUND, UNPROCESSABLE].includes(statusOf(error))) return false;
    throw callFailed(`updating the ${seen.kind} ${name}`, error);
  }
}
