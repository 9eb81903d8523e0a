import { expect } from 'chai';
import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:https';
import type { S3Server } from '../../lab/s3/server.ts';
import { s3ServerOrSkip } from './s3-or-skip.ts';

const BUCKET = 'acme-backups';
const NOBODY_ANSWERS_MS = 500;

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const EMPTY = createHash('sha256').update('').digest('hex');

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, for a GET of the root of a bucket. */
function signed(host: string, path: string, { id, secret }: S3Server['keys']): Record<string, string> {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const headers = { host, 'x-amz-content-sha256': EMPTY, 'x-amz-date': time };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['GET', path, '', lines.join(''), names, EMPTY].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`);
  const signature = createHmac('sha256', key).update(text).digest('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}

interface Asking {
  readonly style?: 'path' | 'host';
  readonly keys?: Partial<S3Server['keys']>;
}

/** What comes of asking for the list of the bucket: the status and what the store says, or how the connection failed. */
function list(store: S3Server, { style = 'path', keys }: Asking = {}): Promise<string> {
  const host = style === 'path' ? store.host : `${BUCKET}.${store.host}`;
  const { port } = store.proxy;
  const path = style === 'path' ? `/${BUCKET}` : '/';
  const headers = signed(`${host}:${port}`, path, { ...store.keys, ...keys });
  return new Promise((resolve) => {
    const options = { host: '127.0.0.1', port, servername: host, ca: store.authority, path, headers, agent: false };
    const asked = request({ ...options, timeout: NOBODY_ANSWERS_MS }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => {
        const [, said = ''] = /<(?:Code|Name)>(.*?)</.exec(text) ?? [];
        resolve(`${response.statusCode ?? ''} ${said}`);
      });
      response.on('error', ({ message }) => {
        resolve(message);
      });
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.message);
    });
    asked.end();
  });
}

describe('The S3 server of the lab', function () {
  this.timeout(30_000);
  let store: S3Server;

  before(async function () {
    store = await s3ServerOrSkip(this, [BUCKET]);
  });
  // A suite that is skipped has none.
  after(() => (store as S3Server | undefined)?.stop());
  afterEach(() => store.proxy.setFault({ kind: 'none' }));

  const ANSWERS: Readonly<Record<string, readonly [Asking, string]>> = {
    'a bucket in the path': [{}, `200 ${BUCKET}`],
    'a bucket in front of the host': [{ style: 'host' }, `200 ${BUCKET}`],
    'a wrong secret': [{ keys: { secret: 'wrong' } }, '403 SignatureDoesNotMatch'],
    'a key that nobody has': [{ keys: { id: 'AKNOBODY' } }, '403 InvalidAccessKeyId'],
  };
  for (const [name, [asking, answer]] of Object.entries(ANSWERS)) {
    it(`answers ${name}: ${answer}`, async () => {
      expect(await list(store, asking)).to.equal(answer);
    });
  }

  it('can refuse connections, and take them again', async () => {
    await store.proxy.setFault({ kind: 'refuse' });
    expect(await list(store)).to.equal('ECONNREFUSED');
    await store.proxy.setFault({ kind: 'none' });
    expect(await list(store)).to.equal(`200 ${BUCKET}`);
  });

  it('can hang', async () => {
    await store.proxy.setFault({ kind: 'hang' });
    expect(await list(store)).to.equal('no answer');
  });

  it('can answer slowly', async () => {
    const delayMs = 200;
    await store.proxy.setFault({ kind: 'slow', delayMs });
    const began = performance.now();
    expect(await list(store)).to.equal(`200 ${BUCKET}`);
    expect(performance.now() - began).to.be.at.least(delayMs);
  });

  it('can break off in its answer', async () => {
    await store.proxy.setFault({ kind: 'drop' });
    expect(await list(store)).to.be.oneOf(['ECONNRESET', 'aborted']);
  });

  it('can show a renewed certificate, and one of an authority that nobody knows', async () => {
    store.proxy.setCertificate(await store.issue('another authority'));
    expect(await list(store)).to.match(/^UNABLE_TO_VERIFY|^SELF_SIGNED/);
    store.proxy.setCertificate(await store.issue('same authority'));
    expect(await list(store)).to.equal(`200 ${BUCKET}`);
  });
});
