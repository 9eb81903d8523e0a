import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import { issueServer, makeAuthority } from '../../certificates/authority.ts';
import { makeKeys } from '../../certificates/keys.ts';
import { weakKeys } from './keys.ts';

const NOW = new Date('2026-11-21T00:00:00Z');
const DAY = 86_400_000;
const HOSTS = ['web.ballast.svc', 'web.ballast.svc.cluster.local', '10.0.0.7', 'fd00::7'];
const keys = weakKeys();

async function made(authorityMs: number, serverMs: number) {
  const authority = makeAuthority({ name: 'Web authority', keys: await keys(), now: NOW, lifetimeMs: authorityMs });
  const server = issueServer({
    name: 'Web',
    authority,
    keys: await keys(),
    hosts: HOSTS,
    now: NOW,
    lifetimeMs: serverMs,
  });
  return { authority: new X509Certificate(authority.certificate), server: new X509Certificate(server.certificate) };
}

describe('The certificate authority', () => {
  it('signs itself and the server', async () => {
    const { authority, server } = await made(365 * DAY, 30 * DAY);
    expect(authority.ca).to.equal(true);
    expect(authority.verify(authority.publicKey)).to.equal(true);
    expect(server.ca).to.equal(false);
    expect(server.checkIssued(authority)).to.equal(true);
    expect(server.verify(authority.publicKey)).to.equal(true);
  });

  it('names every host, addresses as addresses', async () => {
    const { server } = await made(365 * DAY, 30 * DAY);
    expect(server.subjectAltName).to.equal(
      'DNS:web.ballast.svc, DNS:web.ballast.svc.cluster.local, IP Address:10.0.0.7, IP Address:FD00:0:0:0:0:0:0:7',
    );
  });

  it('lets the server be a server only', async () => {
    const { server } = await made(365 * DAY, 30 * DAY);
    expect(server.keyUsage).to.deep.equal(['1.3.6.1.5.5.7.3.1']);
  });

  it('names its issuer by the key of the authority', async () => {
    const { server, authority } = await made(365 * DAY, 30 * DAY);
    const other = (await made(365 * DAY, 30 * DAY)).authority;
    expect(server.checkIssued(other)).to.equal(false);
    expect(server.issuer).to.equal(authority.subject);
    expect(authority.subject).not.to.equal(other.subject);
  });

  it('is dated back by five minutes, for clocks that are behind', async () => {
    const { server, authority } = await made(365 * DAY, 30 * DAY);
    expect(server.validFromDate).to.deep.equal(new Date('2026-11-20T23:55:00Z'));
    expect(authority.validFromDate).to.deep.equal(new Date('2026-11-20T23:55:00Z'));
    expect(server.validToDate).to.deep.equal(new Date('2026-12-21T00:00:00Z'));
  });

  it('is dated back by less when it lives for seconds', async () => {
    const { server } = await made(24_000, 12_000);
    expect(server.validFromDate).to.deep.equal(new Date('2026-11-20T23:59:59Z'));
  });

  it('never lets a server outlive it', async () => {
    const { server, authority } = await made(DAY, 30 * DAY);
    expect(server.validToDate).to.deep.equal(authority.validToDate);
  });

  it('gives every certificate a serial number of its own, 16 bytes and positive', async () => {
    const serials = new Set<string>();
    for (let index = 0; index < 20; index += 1) serials.add((await made(DAY, DAY)).server.serialNumber);
    expect(serials.size).to.equal(20);
    for (const serial of serials) expect(serial).to.match(/^[4-7][0-9A-F]{31}$/);
  });

  it('makes keys without standing still', async () => {
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);
    const { publicKey, privateKey } = await makeKeys();
    clearInterval(timer);
    expect(publicKey).to.match(/^-----BEGIN PUBLIC KEY-----/);
    expect(privateKey).to.match(/^-----BEGIN PRIVATE KEY-----/);
    expect(ticks).to.be.greaterThan(0);
  });
});
