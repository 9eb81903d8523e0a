import { expect } from 'chai';
import type { ListOptions, ListPage } from '../../kubernetes/api.ts';
import { ApiError } from '../../kubernetes/api.ts';
import { Pages } from '../../kubernetes/pages.ts';
import { RESOURCES } from '../../controller/resources.ts';

const MIB = 2 ** 20;

/** A list of objects of these sizes, as an API server gives it by pages. */
class Served {
  readonly limits: number[] = [];
  /** Largest answer that was read to its end. */
  largest = 0;
  readonly #sizes: readonly number[];

  constructor(sizes: readonly number[]) {
    this.#sizes = sizes;
  }

  readonly list = (_: unknown, options: ListOptions = {}): Promise<ListPage> => {
    const { limit = Infinity, continue: from = '0', mostBytes = Infinity } = options;
    this.limits.push(limit);
    const sizes = this.#sizes.slice(Number(from), Number(from) + limit);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (bytes > mostBytes) return Promise.reject(new ApiError({ code: 413, reason: 'TooLarge' }, 'too large'));
    this.largest = Math.max(this.largest, bytes);
    const next = Number(from) + sizes.length;
    const items = sizes.map((_size, index) => ({ metadata: { name: String(Number(from) + index) } }));
    const more = next < this.#sizes.length ? { continue: String(next) } : {};
    return Promise.resolve({ items, resourceVersion: '7', bytes, ...more });
  };

  async read(): Promise<string[]> {
    const pages = new Pages({ api: this, resource: RESOURCES.ConfigMap, mostObjects: 100 });
    const names: string[] = [];
    for await (const { items } of pages.read({})) names.push(...items.map(({ metadata }) => metadata.name));
    return names;
  }
}

const times = (count: number, size: number): number[] => Array.from({ length: count }, () => size);

describe('Pages of a list', () => {
  const cases: readonly { readonly name: string; readonly sizes: readonly number[]; readonly calls: number }[] = [
    { name: 'are of a hundred objects where these are small', sizes: times(1000, 2000), calls: 10 },
    { name: 'are few where objects are as large as annotations may be', sizes: times(500, MIB / 4), calls: 70 },
    { name: 'are of one object where these are as large as can be', sizes: times(30, 9 * MIB), calls: 45 },
    { name: 'grow again after a large object', sizes: [...times(50, 1000), 9 * MIB, ...times(2000, 1000)], calls: 45 },
  ];
  for (const { name, sizes, calls } of cases) {
    it(name, async () => {
      const served = new Served(sizes);
      expect(await served.read()).eql(sizes.map((_, index) => String(index)));
      expect(served.limits.length).most(calls);
      expect(served.largest).most(Math.max(4 * MIB, ...sizes));
    });
  }

  it('fail as the API server says', async () => {
    const list = (): Promise<ListPage> => Promise.reject(new ApiError({ code: 410, reason: 'Expired' }, 'gone'));
    const pages = new Pages({ api: { list }, resource: RESOURCES.ConfigMap, mostObjects: 100 });
    const error: unknown = await pages
      .read({})
      .next()
      .catch((thrown: unknown) => thrown);
    expect((error as ApiError).code).equal(410);
  });
});
