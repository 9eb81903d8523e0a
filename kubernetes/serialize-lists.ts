import type { Api } from './api.ts';

type Reading = Pick<Api, 'list' | 'watch'>;

/**
 * The same API server, asked for one page of a list at a time. Lists of all kinds at once would fill the memory with
 * pages faster than they are cleared away, and what a process once had it seldom gives back.
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
