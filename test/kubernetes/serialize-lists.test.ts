import { expect } from 'chai';
import type { Api, ListPage } from '../../kubernetes/api.ts';
import { serializeLists } from '../../kubernetes/serialize-lists.ts';
import { RESOURCES } from '../../controller/resources.ts';

const PAGE: ListPage = { items: [], resourceVersion: '1' };

describe('Lists that are read in turn', () => {
  let asked: string[];
  let answer: ((page: ListPage | Error) => void)[];

  beforeEach(() => {
    asked = [];
    answer = [];
  });

  function reading(): Pick<Api, 'list' | 'watch'> {
    return serializeLists({
      list: ({ kind }) => {
        asked.push(kind);
        return new Promise((resolve, reject) => {
          answer.push((page) => {
            if (page instanceof Error) reject(page);
            else resolve(page);
          });
        });
      },
      watch: ({ kind }) => {
        asked.push(`watch ${kind}`);
        return { stop: () => undefined };
      },
    });
  }

  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('wait for the page before, whatever kind it is of', async () => {
    const api = reading();
    const pods = api.list(RESOURCES.Pod, {});
    const claims = api.list(RESOURCES.PersistentVolumeClaim, {});
    await settled();
    expect(asked).to.deep.equal(['Pod']);
    answer[0]?.(PAGE);
    expect(await pods).to.equal(PAGE);
    await settled();
    expect(asked).to.deep.equal(['Pod', 'PersistentVolumeClaim']);
    answer[1]?.(PAGE);
    expect(await claims).to.equal(PAGE);
  });

  it('go on after one that failed, which only its own caller learns', async () => {
    const api = reading();
    const failed = api.list(RESOURCES.Pod, {}).catch((error: unknown) => String(error));
    const next = api.list(RESOURCES.PersistentVolumeClaim, {});
    await settled();
    answer[0]?.(new Error('gone'));
    expect(await failed).to.equal('Error: gone');
    await settled();
    answer[1]?.(PAGE);
    expect(await next).to.equal(PAGE);
  });

  it('keep no watch waiting', () => {
    const api = reading();
    void api.list(RESOURCES.Pod, {});
    const handlers = { onEvent: () => undefined, onEnd: () => undefined };
    api.watch(RESOURCES.Pod, { resourceVersion: '1', timeoutSeconds: 60 }, handlers);
    expect(asked).to.include('watch Pod');
  });
});
