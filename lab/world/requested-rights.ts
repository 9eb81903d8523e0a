import { resourceNamed } from '../../controller/resources.ts';
import { idOf } from './fake-api/kinds.ts';
import type { RecordedRequest } from './fake-api/faults.ts';
import type { WorldApi } from './world-api.ts';

const VERBS: Readonly<Record<string, string>> = { POST: 'create', PATCH: 'patch', DELETE: 'delete' };

/** The verb for the API server's authorizer; GET of one object differs from GET of many. */
function verbOf({ method, name }: RecordedRequest): string {
  return VERBS[method] ?? (name === undefined ? 'list' : 'get');
}

function rightOf(verb: string, { kind = '', subresource }: Pick<RecordedRequest, 'kind' | 'subresource'>): string {
  const resource = resourceNamed(kind);
  const plural = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`;
  return `${verb} ${idOf({ ...resource, plural })}`;
}

/** All rights without which a request of a controller would have been refused, as `verb resource.group`. */
export function requestedRights({ requests, writes, watchedResources }: WorldApi): ReadonlySet<string> {
  // An apply to an absent object is a create.
  const made = writes.filter(({ verb, before, subresource }) => verb === 'patch' && !before && !subresource);
  return new Set([
    ...requests.map((request) => rightOf(verbOf(request), request)),
    ...made.map(({ kind }) => rightOf('create', { kind })),
    ...watchedResources.map((resource) => `watch ${idOf(resource)}`),
  ]);
}
