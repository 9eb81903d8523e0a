import type { Api, ListOptions, ListPage } from './api.ts';
import { ApiError, TOO_LARGE, hasCode } from './api.ts';
import type { Resource } from './objects.ts';

/** The list to read, and the Api to read it from. */
export interface Paging {
  readonly api: Pick<Api, 'list'>;
  readonly resource: Resource;
  /** Maximum number of objects per page. */
  readonly mostObjects: number;
}

/** A page of a hundred objects of usual size stays below this. */
const PAGE_BYTES = 4 * 2 ** 20;

/**
 * Reads lists in pages of bounded size: a page that is too large is requested again with fewer objects, and pages grow again where
 * objects are small. A single object is read whatever its size.
 */
export class Pages {
  readonly #paging: Paging;
  #size: number;

  constructor(paging: Paging) {
    this.#paging = paging;
    this.#size = paging.mostObjects;
  }

  /** Yields the full list page by page; all pages show the moment of the first. Throws an ApiError. */
  async *read(options: ListOptions): AsyncGenerator<ListPage> {
    const { resource } = this.#paging;
    let from: string | undefined;
    do {
      if (options.signal?.aborted) {
        throw new ApiError({ code: 0, reason: 'Aborted' }, `list of ${resource.plural}: given up`);
      }
      const page: ListPage = await this.#next(from === undefined ? options : { ...options, continue: from });
      yield page;
      from = page.continue;
    } while (from !== undefined);
  }

  async #next(options: ListOptions): Promise<ListPage> {
    const { api, resource } = this.#paging;
    for (;;) {
      const [limit, isSingle] = [this.#size, this.#size === 1];
      try {
        const page = await api.list(resource, { ...options, limit, ...(!isSingle && { mostBytes: PAGE_BYTES }) });
        this.#grow(page, limit);
        return page;
      } catch (error) {
        if (isSingle || !hasCode(error, TOO_LARGE)) throw error;
        this.#size = Math.max(1, Math.floor(limit / 4));
      }
    }
  }

  /** Doubles the next page, as far as objects of this size fit. */
  #grow({ items, bytes = 0 }: ListPage, limit: number): void {
    const fit = bytes === 0 ? Infinity : Math.floor((PAGE_BYTES / 2) * (Math.max(items.length, 1) / bytes));
    this.#size = Math.max(1, Math.min(limit * 2, fit, this.#paging.mostObjects));
  }
}
