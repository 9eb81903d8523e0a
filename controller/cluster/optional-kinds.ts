import type { Api } from '../../kubernetes/api.ts';
import { ApiError, hasCode } from '../../kubernetes/api.ts';
import type { Clock } from '../../kubernetes/clock.ts';

const NOT_FOUND = 404;
/** No list has this version. */
const ABSENT = '0';
/** Milliseconds until the API server is asked again whether it serves the kind. */
const AGAIN_MS = 60_000;

/**
 * Wraps an API server that may not serve a kind, such as Prometheus' kinds without its operator: the kind is then empty, and the API
 * server is asked again after a minute.
 */
export function whereServed(api: Pick<Api, 'list' | 'watch'>, clock: Clock): Pick<Api, 'list' | 'watch'> {
  return {
    list: async (resource, options) => {
      try {
        return await api.list(resource, options);
      } catch (error) {
        if (!hasCode(error, NOT_FOUND)) throw error;
        return { items: [], resourceVersion: ABSENT };
      }
    },
    watch: (resource, options, handlers) => {
      if (options.resourceVersion !== ABSENT) return api.watch(resource, options, handlers);
      const stop = clock.after(AGAIN_MS, () => {
        handlers.onEnd(new ApiError({ code: 410, reason: 'Expired' }, `${resource.plural} are not served`));
      });
      return { stop };
    },
  };
}
