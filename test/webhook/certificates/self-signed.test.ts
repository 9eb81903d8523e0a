import { expect } from 'chai';
import type { Store } from '../../../webhook/certificates/rotate.ts';
import type { SelfSignedOptions } from '../../../webhook/certificates/self-signed.ts';
import { selfSigned } from '../../../webhook/certificates/self-signed.ts';
import type { CertificateSource, Credentials } from '../../../webhook/certificates/source.ts';
import { World } from './world.ts';
import { weakKeys } from '../../certificates/keys.ts';
import { until } from '../../../lab/processes/until.ts';

const LIMIT_MS = 20_000;
const LIFETIMES = { authorityMs: 8000, serverMs: 3000, propagationMs: 300 };

describe('Certificates that Ballast makes itself', function () {
  this.timeout(2 * LIMIT_MS);
  let world: World;
  let lines: string[];
  let sources: CertificateSource[];

  beforeEach(() => {
    world = new World({ subject: { authority: 'a', server: 'b' }, hosts: [], lifetimes: LIFETIMES }, weakKeys());
    world.now = new Date();
    lines = [];
    sources = [];
  });

  afterEach(async () => {
    for (const source of sources) await source.stop();
  });

  function source(change: Partial<Store> = {}, more: Partial<SelfSignedOptions> = {}): CertificateSource {
    const write = (level: string) => (fields: object, message: string) => {
      lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
    };
    const log = { info: write('info'), warn: write('warn'), error: write('error') };
    const store = { ...world.storeOf(() => Promise.resolve()), ...change };
    const names = { namespace: 'ballast', service: 'web', secret: 'pair', configuration: 'ballast' };
    const made = selfSigned({ ...names, log, store, lifetimes: LIFETIMES, ...more });
    sources.push(made);
    return made;
  }

  const failing = (): Promise<never> => Promise.reject(new Error('the network is down'));
  const isError = (line: string): boolean => line.startsWith('error');

  it('are there before the start is over, published, and the same for all replicas', async () => {
    const [first, second] = await Promise.all([source().start(() => undefined), source().start(() => undefined)]);
    expect(first).to.deep.equal(second);
    expect(world.faultOf(first, 0)).to.equal('');
    expect(lines.filter((line) => line.includes('"create"'))).to.have.length(1);
  });

  it('are renewed while it runs, passed to the server, and no key is logged', async () => {
    const told: { readonly certificate: string; readonly leftMs: number }[] = [];
    const first = await source().start(({ certificate, notAfter }) => {
      told.push({ certificate, leftMs: notAfter.getTime() - Date.now() });
    });
    const others = (): typeof told => told.filter(({ certificate }) => certificate !== first.certificate);
    await until(() => others().length > 0, LIMIT_MS, 'they were never renewed');
    expect(others()[0]?.leftMs).to.be.greaterThan(0);
    expect(lines.filter(isError)).to.deep.equal([]);
    expect(lines.join()).not.to.include('PRIVATE');
  });

  it('start as soon as the cluster answers', async () => {
    const { readSecret } = world.storeOf(() => Promise.resolve());
    let calls = 0;
    const late = (): ReturnType<Store['readSecret']> => ((calls += 1) < 3 ? failing() : readSecret());
    const credentials = await source({ readSecret: late }).start(() => undefined);
    expect(world.faultOf(credentials, 0)).to.equal('');
    expect(lines.filter(isError)).to.have.length(2);
    expect(lines[0]).to.include('the network is down');
  });

  it('give up a start that comes to nothing, with the reason', async () => {
    const reason = await source({ readSecret: failing }, { startMs: 100 })
      .start(() => undefined)
      .catch(String);
    expect(reason).to.equal('Error: no certificate: the network is down');
  });

  it('end while they start', async () => {
    const one = source({ readSecret: failing });
    const started = one.start(() => undefined).catch(String);
    await one.stop();
    expect(await started).to.equal('Error: no certificate: the network is down');
  });

  it('go on through failures of the cluster and of the server', async () => {
    const store = world.storeOf(() => Promise.resolve());
    let isDown = false;
    const shaky = (): ReturnType<Store['readSecret']> => (isDown ? failing() : store.readSecret());
    const seen: Credentials[] = [];
    const first = await source({ readSecret: shaky }).start((next) => {
      seen.push(next);
      if (seen.length === 1) throw new Error('the server would not take it');
    });
    const told = (what: string): number => lines.filter((line) => line.includes(what)).length;
    isDown = true;
    await until(() => told('network is down') > 1, LIMIT_MS, 'the failures of the cluster were not told');
    isDown = false;
    await until(() => seen.length > 1, LIMIT_MS, 'they were not renewed after the failures');
    expect(told('would not take it')).to.equal(1);
    expect(seen[1]!.certificate).not.to.equal(first.certificate);
  });
});
