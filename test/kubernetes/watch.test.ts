import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { expect } from 'chai';
import type { ApiError, WatchEvent } from '../../kubernetes/api.ts';
import type { Connection } from '../../kubernetes/connect.ts';
import { connectWith } from '../../kubernetes/connect.ts';
import { RESOURCES } from '../../controller/resources.ts';

/** The events of a watch in order, and its end. */
interface Told {
  readonly names: readonly string[];
  readonly failure: ApiError | undefined;
}

function line(name: string): string {
  return `${JSON.stringify({ type: 'ADDED', object: { metadata: { name } } })}\n`;
}

describe('A watch', () => {
  let server: Server;
  let api: Connection;
  let answer: (response: ServerResponse) => void;
  let asked: string | undefined;

  beforeEach(async () => {
    server = createServer(({ url }, response) => {
      asked = url;
      answer(response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const config = new KubeConfig();
    const cluster = { name: 'c', server: `http://127.0.0.1:${port}`, skipTLSVerify: true };
    config.loadFromClusterAndUser(cluster, { name: 'u', token: 'x' });
    api = connectWith(config);
  });

  afterEach(async () => {
    api.close();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  function watch(hear: (event: WatchEvent) => void = () => undefined): Promise<Told> {
    return new Promise((resolve) => {
      const names: string[] = [];
      const options = { namespace: 'shop', labelSelector: 'a=b', resourceVersion: '7', timeoutSeconds: 60 };
      api.watch(RESOURCES.ConfigMap, options, {
        onEvent: (event) => {
          names.push((event.object['metadata'] as { name: string }).name);
          hear(event);
        },
        onEnd: (failure) => {
          resolve({ names, failure });
        },
      });
    });
  }

  it('asks for its selection, from its version on, and for bookmarks', async () => {
    answer = (response) => response.end();
    await watch();
    const selection = 'labelSelector=a%3Db&watch=true&allowWatchBookmarks=true&resourceVersion=7&timeoutSeconds=60';
    expect(asked).equal(`/api/v1/namespaces/shop/configmaps?${selection}`);
  });

  it('puts lines together that come in pieces, even within a character', async () => {
    const bytes = Buffer.from(line('ü😀') + line('b'));
    answer = (response) => {
      const send = (from: number): void => {
        if (from < bytes.length) response.write(bytes.subarray(from, from + 1), () => setImmediate(send, from + 1));
        else response.end();
      };
      send(0);
    };
    expect(await watch()).eql({ names: ['ü😀', 'b'], failure: undefined });
  });

  it('takes several lines that come at once', async () => {
    answer = (response) => response.end(['a', 'b', 'c'].map(line).join(''));
    expect(await watch()).eql({ names: ['a', 'b', 'c'], failure: undefined });
  });

  it('tells nothing of a line that was not finished when the connection broke', async () => {
    answer = (response) => response.write(`${line('a')}${line('b').slice(0, -5)}`, () => response.destroy());
    const { names, failure } = await watch();
    expect([names, failure?.code, failure?.reason]).eql([['a'], 0, 'NoAnswer']);
  });

  it('ends at a line that is no JSON', async () => {
    answer = (response) => response.end(`${line('a')}<html>\n${line('b')}`);
    const { names, failure } = await watch();
    expect([names, failure?.code, failure?.reason]).eql([['a'], 0, 'NoAnswer']);
  });

  it('ends at a line that has no end, so that a list goes past it', async () => {
    answer = (response) => {
      response.on('error', () => undefined);
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(2 ** 20, 'x'), () => setImmediate(more));
      };
      response.write(line('a'));
      more();
    };
    const { names, failure } = await watch();
    expect([names, failure?.code, failure?.reason]).eql([['a'], 413, 'TooLarge']);
  });

  it('ends as a failure when its listener throws, which affects no other watch', async () => {
    answer = (response) => response.end(['a', 'b'].map(line).join(''));
    const { names, failure } = await watch(() => {
      throw new TypeError('a bug');
    });
    expect([names, failure?.code, failure?.message]).eql([['a'], 0, 'watch of configmaps: a bug']);
  });

  it('says how long to stay away when it is refused', async () => {
    answer = (response) => response.writeHead(429, { 'retry-after': '7' }).end();
    const { failure } = await watch();
    expect([failure?.code, failure?.retryAfterSeconds]).eql([429, 7]);
  });

  it('that is stopped within an answer tells nothing more', async () => {
    answer = (response) => response.write(['a', 'b', 'c'].map(line).join(''));
    const names: string[] = [];
    const gone = new Promise((resolve) => server.once('connection', (socket) => socket.once('close', resolve)));
    const options = { resourceVersion: '7', timeoutSeconds: 60 };
    const handle = api.watch(RESOURCES.ConfigMap, options, {
      onEvent: ({ object }) => {
        names.push((object['metadata'] as { name: string }).name);
        if (names.length === 2) handle.stop();
      },
      onEnd: () => names.push('end'),
    });
    await gone;
    expect(names).eql(['a', 'b']);
  });
});
