import type { Api } from './api.ts';

type Reading = Pick<Api, 'list' | 'watch'>;

/**
 * Wraps an Api so that it reads one page of a list at a time. Concurrent lists of all kinds would fill memory faster than the garbage
 * collector frees it, and V8 rarely returns memory to the system after a peak.
 */
export function serializeLists(api: Reading): Reading {
  let last: Promise<unknown> = Promise.resolve();
  return {
    list: (resource, options) => {
      const page = last.then(() => api.list(resource, options));
      last = page.catch(() => undefined);
      return page;
    },
    watch: (resource, options, handlers) => api.watch(resource, options, handlers),
  };
}
