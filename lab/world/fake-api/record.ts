import type { IncomingMessage } from 'node:http';
import type { KubernetesObject } from '../../../kubernetes/objects.ts';
import { keyOf } from '../../../kubernetes/objects.ts';
import type { RecordedRequest } from './faults.ts';
import type { Kind } from './kinds.ts';
import type { Route } from './route.ts';
import { routeOf } from './route.ts';
import type { Entry } from './storage.ts';

/** A write with an effect. */
export interface RecordedWrite {
  /** 1 for the first. */
  readonly number: number;
  readonly verb: 'create' | 'update' | 'patch' | 'delete' | 'evict';
  readonly kind: string;
  /** `namespace/name` */
  readonly key: string;
  readonly subresource?: string;
  readonly before?: KubernetesObject;
  /** Absent when the write removed the object. */
  readonly after?: KubernetesObject;
  readonly request: RecordedRequest;
}

const VERBS: Readonly<Record<string, RecordedWrite['verb']>> = { POST: 'create', PUT: 'update', DELETE: 'delete' };

/** The write of a request. */
export function writeOf(number: number, { kind, before, after }: Entry, request: RecordedRequest): RecordedWrite {
  const { subresource, method } = request;
  return {
    number,
    verb: subresource === 'eviction' ? 'evict' : (VERBS[method] ?? 'patch'),
    kind: kind.kind,
    key: keyOf((after ?? before)?.metadata ?? { name: '' }),
    ...(subresource !== undefined && { subresource }),
    ...(before && { before }),
    ...(after && { after }),
    request,
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return text === '' ? undefined : JSON.parse(text);
}

/** Parses a request and its address. */
export async function readRequest(
  request: IncomingMessage,
  number: number,
  kinds: readonly Kind[],
): Promise<{ readonly recorded: RecordedRequest; readonly route: Route | undefined }> {
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://fake');
  const { headers, method = 'GET' } = request;
  const body = await bodyOf(request);
  const route = routeOf(path, kinds);
  const { kind, ...about } = route ?? {};
  const recorded: RecordedRequest = {
    ...{ number, method, path, query, ...about },
    ...(kind && { kind: kind.kind }),
    contentType: (headers['content-type'] ?? '').split(';')[0] ?? '',
    ...(body !== undefined && { body }),
    client: (headers.authorization ?? '').replace('Bearer ', ''),
    isMetadataOnly: (headers.accept ?? '').includes('as=PartialObjectMetadata'),
    isWatch: ['1', 'true'].includes(query.get('watch') ?? ''),
    code: 0,
  };
  return { recorded, route };
}
