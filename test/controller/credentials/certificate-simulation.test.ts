import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import type { Lifetimes } from '../../../certificates/decide.ts';
import { readAuthorities } from '../../../certificates/secret.ts';
import type { CertificateState } from '../../../controller/credentials/certificate.ts';
import { decideCertificates } from '../../../controller/credentials/certificate.ts';
import { LIFETIMES } from '../../../controller/credentials/hosts.ts';
import { names } from '../../../generator/names.ts';
import { weakKeys } from '../../certificates/keys.ts';
import { certificatesIn } from './members-files.ts';
import { random } from './random.ts';
import { StoredSecrets, modelFor } from '../../../lab/credentials/stored-secrets.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The kubelet's period and its cache. */
const MOUNTED_WITHIN = 2 * MINUTE;
/** Delay until the member reads it, or is made to. */
const READ_WITHIN = MINUTE;
const SEED = Number(process.env['SEED'] ?? 1);

const LIVES: readonly { readonly name: string; readonly lifetimes: Lifetimes }[] = [
  { name: 'as long as things live', lifetimes: LIFETIMES },
  {
    name: 'and an authority is only announced as long as members take to read',
    lifetimes: { ...LIFETIMES, noticeMs: 0 },
  },
];

/** The files that a process has read: its trusted authorities and its certificate. */
interface Read {
  readonly bundle: string;
  readonly certificate: string;
}

/** One member: the files from the kubelet, and the certificate that its Patroni serves. */
class Member {
  files: Read;
  serves: Read;
  behindSince: number | undefined;

  constructor(files: Read) {
    this.files = files;
    this.serves = files;
  }

  /** As Patroni 4.1 does: nothing, unless the serial number is another. */
  reload(): void {
    if (this.files.certificate !== this.serves.certificate) this.serves = this.files;
  }
}

/** A Database, its controllers and its members, with a clock that is moved by hand. */
class World {
  now = new Date('2026-11-21T00:00:00Z').getTime();
  readonly target = modelFor('orders', 'shop');
  readonly stored = new StoredSecrets(this.target);
  readonly members: Member[] = [];
  readonly steps: string[] = [];
  readonly #until = new Map<string, number>();
  readonly #makeKeys = weakKeys();
  readonly #lifetimes: Lifetimes;

  constructor(lifetimes = LIFETIMES) {
    this.#lifetimes = lifetimes;
  }

  observe(): CertificateState {
    return certificatesIn(this.stored, 'orders');
  }

  get current(): Read {
    const data = this.stored.get(names.tlsSecret('orders'))?.data ?? {};
    return { bundle: data['ca.crt']?.reveal() ?? '', certificate: data['tls.crt']?.reveal() ?? '' };
  }

  /** Takes one step over an observation; returns whether there was one and it took effect. */
  async step(seen: CertificateState): Promise<boolean> {
    const now = new Date(this.now);
    const options = { target: this.target, now, makeKeys: this.#makeKeys, lifetimes: this.#lifetimes };
    const decision = await decideCertificates(seen, options);
    if (!('write' in decision) || !this.stored.write(decision.write)) return false;
    this.steps.push(decision.step);
    return true;
  }

  /** Until when a client with this bundle accepts the certificate. */
  trustedUntil(certificate: string, bundle: string): number {
    const key = certificate + bundle;
    const known = this.#until.get(key);
    if (known !== undefined) return known;
    const parsed = new X509Certificate(certificate);
    const issuer = readAuthorities(bundle).find((one) => parsed.checkIssued(one) && parsed.verify(one.publicKey));
    const until = issuer ? Math.min(parsed.validToDate.getTime(), issuer.validToDate.getTime()) : 0;
    this.#until.set(key, until);
    return until;
  }

  /** Every member as a client of every other, and of itself; both sides look at each other. */
  check(): void {
    for (const client of this.members) {
      for (const server of this.members) {
        // A client reads its files for every connection; those of a server may be older.
        expect(this.trustedUntil(server.serves.certificate, client.files.bundle)).to.be.greaterThan(this.now);
        expect(this.trustedUntil(client.files.certificate, server.serves.bundle)).to.be.greaterThan(this.now);
      }
    }
  }

  /** Lets time go by; no member falls further behind than the kubelet and the controller let it. */
  advance(milliseconds: number, next: () => number): void {
    for (const member of this.members) {
      const isBehind = member.serves.certificate !== this.current.certificate;
      member.behindSince = isBehind ? (member.behindSince ?? this.now) : undefined;
      const age = this.now + milliseconds - (member.behindSince ?? Infinity);
      if (isBehind && (age > MOUNTED_WITHIN || next() < 0.4)) member.files = this.current;
      if (age > MOUNTED_WITHIN + READ_WITHIN || next() < 0.4) member.reload();
    }
    this.now += milliseconds;
  }
}

/** Steps through the years: passes of two controllers, of which one may have seen less, and which may die in between. */
async function live(world: World, years: number, next: () => number, onTurn: () => void): Promise<void> {
  const end = world.now + years * 365 * DAY;
  let stale = world.observe();
  while (world.now < end) {
    if (next() < 0.1) stale = world.observe();
    const isWork = await world.step(next() < 0.1 ? stale : world.observe());
    const isQuiet = world.members.every(({ serves }) => serves.certificate === world.current.certificate);
    world.advance(isWork || !isQuiet ? next() * MINUTE : next() * 10 * DAY, next);
    onTurn();
  }
}

describe('The members of a Database through the decades', function () {
  this.timeout(600_000);

  for (const { name, lifetimes } of LIVES) {
    it(`trust each other at every moment, whatever they and two controllers have read, ${name}`, async () => {
      const world = new World(lifetimes);
      const next = random(SEED);
      while (await world.step(world.observe()));
      for (let count = 0; count < 3; count += 1) world.members.push(new Member(world.current));
      await live(world, 14, next, () => {
        world.check();
        // A starting pod reads the present files.
        if (next() < 0.01) world.members[Math.floor(next() * 3)] = new Member(world.current);
      });
      const count = (step: string): number => world.steps.filter((one) => one === step).length;
      expect(count('create')).to.equal(1);
      expect(count('promote')).to.be.within(1, 2);
      expect(count('renew')).to.be.within(65, 100);
    });
  }

  it('are still trusted by clients when the authority was lost, and again by each other once they have read on', async () => {
    const world = new World();
    const next = random(3);
    while (await world.step(world.observe()));
    world.members.push(new Member(world.current), new Member(world.current));
    world.stored.remove(names.authoritySecret('orders'));
    await live(world, 1, next, () => {
      for (const client of world.members) {
        for (const server of world.members) {
          expect(world.trustedUntil(server.serves.certificate, client.files.bundle)).to.be.greaterThan(world.now);
        }
      }
    });
    expect(world.steps).to.include('promote');
    world.check();
  });
});
