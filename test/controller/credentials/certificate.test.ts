import { filledSettings } from '../../../database/settings.ts';
import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { issueServer, makeAuthority } from '../../../certificates/authority.ts';
import { covers, readStored } from '../../../certificates/secret.ts';
import { certificateIn, decideCertificates } from '../../../controller/credentials/certificate.ts';
import type { CertificateTarget } from '../../../controller/credentials/hosts.ts';
import { hostsOf } from '../../../controller/credentials/hosts.ts';
import type { Model } from '../../../generator/model.ts';
import { keysAtOnce, weakKeys } from '../../certificates/keys.ts';
import { credentialsFor } from '../../webhook/credentials.ts';
import { certificatesIn, takeSteps } from './members-files.ts';
import { StoredSecrets, modelFor } from '../../../lab/credentials/stored-secrets.ts';

const DAY = 86_400_000;
const START = new Date('2026-11-21T00:00:00Z');
const makeKeys = weakKeys();
const AUTHORITY = 'orders-ca';
const PAIR = 'orders-tls';

const after = (days: number): Date => new Date(START.getTime() + days * DAY);

/** A user's edit of the Secrets. */
interface Hand {
  readonly stored: StoredSecrets;
  readonly set: (name: string, key: string, text: string | undefined) => boolean;
  readonly disown: (name: string) => boolean;
}

interface Case {
  readonly name: string;
  readonly engine?: Model['engine'];
  readonly settings?: Model['settings'];
  readonly day?: number;
  readonly by?: (hand: Hand) => unknown;
  readonly steps: readonly string[];
  /** The problem afterwards. */
  readonly problem?: string;
}

function handOf(stored: StoredSecrets): Hand {
  const change = (name: string, fields: object): boolean =>
    stored.put(name, { ...stored.objects.get(name)!, ...fields });
  return {
    stored,
    set: (name, key, text) => {
      const data = { ...(stored.objects.get(name)?.['data'] as Record<string, string>) };
      if (text === undefined) Reflect.deleteProperty(data, key);
      else data[key] = Buffer.from(text).toString('base64');
      return change(name, { data });
    },
    disown: (name) => change(name, { metadata: { name } }),
  };
}

const ecKey = (): string =>
  generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;

/** A certificate that may not be shown by a client, as many public authorities issue them. */
function serverOnly(): string {
  const life = { name: 'orders', keys: keysAtOnce(), now: START, lifetimeMs: 90 * DAY };
  return issueServer({ ...life, authority: makeAuthority(life), hosts: ['localhost'] }).certificate;
}

const CASES: readonly Case[] = [
  { name: 'nothing is left to do the first two thirds of the life of the pair', day: 59.9, steps: [] },
  { name: 'the pair is issued again after two thirds of its life', day: 60.1, steps: ['renew'] },
  { name: 'an expired pair is issued again', day: 400, steps: ['renew'] },
  { name: 'a pair that was deleted is issued again', by: ({ stored }) => stored.remove(PAIR), steps: ['renew'] },
  { name: 'a garbled certificate is issued again', by: ({ set }) => set(PAIR, 'tls.crt', 'x'), steps: ['renew'] },
  { name: 'a garbled key is made again', by: ({ set }) => set(PAIR, 'tls.key', 'x'), steps: ['renew'] },
  {
    name: 'a bundle that was changed where the members find it is put right',
    by: ({ set }) => set(PAIR, 'ca.crt', 'x'),
    steps: ['publish'],
  },
  {
    name: 'another domain of the cluster is another certificate',
    settings: filledSettings({ clusterDomain: 'example.org' }),
    steps: ['renew'],
  },
  {
    name: 'the file that MongoDB reads is put back',
    engine: 'mongodb',
    by: ({ set }) => set(PAIR, 'tls.pem', undefined),
    steps: ['publish'],
  },
  {
    name: 'an authority whose key was lost is followed by another that all are told of first',
    by: ({ set }) => set(AUTHORITY, 'ca.key', undefined),
    steps: ['stage', 'publish', 'mark'],
  },
  {
    name: 'an authority that was deleted is remembered by the members, and followed by another',
    by: ({ stored }) => stored.remove(AUTHORITY),
    steps: ['tidy', 'stage', 'publish', 'mark'],
  },
  {
    name: 'all is recreated when both were deleted',
    by: ({ stored }) => {
      stored.remove(AUTHORITY);
      stored.remove(PAIR);
    },
    steps: ['create', 'renew'],
  },
  {
    name: 'after two thirds of its life an authority is followed by another, which waits',
    day: 2434,
    steps: ['renew', 'stage', 'publish', 'mark'],
  },
  { name: 'after decades all is recreated', day: 10_000, steps: ['create', 'renew'] },
  { name: 'a pair that somebody else brings is his', day: 80, by: ({ disown }) => disown(PAIR), steps: [] },
  {
    name: 'a pair that somebody else brings is told of when it is about to end',
    day: 82,
    by: ({ disown }) => disown(PAIR),
    steps: [],
    problem: 'the Secret orders-tls was made by somebody else and its certificate ends at 2027-02-19T00:00:00.000Z',
  },
  {
    name: 'a pair of somebody else without a certificate is for him to mend',
    by: ({ disown, set }) => {
      set(PAIR, 'tls.crt', 'x');
      disown(PAIR);
    },
    steps: [],
    problem: 'the Secret orders-tls was made by somebody else and holds no certificate',
  },
  {
    name: 'a pair of somebody else that is for servers only is for him to issue again',
    by: ({ set, disown }) => set(PAIR, 'tls.crt', serverOnly()) && disown(PAIR),
    steps: [],
    problem:
      'the Secret orders-tls was made by somebody else and its certificate is for servers only, so members cannot log in to each other',
  },
  {
    name: 'a pair of somebody else that is for servers only is enough where there is one member',
    engine: 'mysql',
    by: ({ set, disown }) => set(PAIR, 'tls.crt', serverOnly()) && disown(PAIR),
    steps: [],
  },
  {
    name: 'an authority that somebody else brings issues the pair',
    day: 80,
    by: ({ disown }) => disown(AUTHORITY),
    steps: ['renew'],
  },
  {
    name: 'PEM of somebody else is not tidied',
    by: ({ disown, set, stored }) => {
      set(AUTHORITY, 'ca.crt', `# ours\n${stored.get(AUTHORITY)?.data['ca.crt']?.reveal() ?? ''}\n`);
      disown(AUTHORITY);
    },
    steps: [],
  },
  {
    name: 'an authority of somebody else that grows old is for him to renew',
    day: 2500,
    by: ({ disown }) => disown(AUTHORITY),
    steps: ['renew'],
    problem:
      'the Secret orders-ca was made by somebody else and its authority is missing, damaged, or past two thirds of its life',
  },
  {
    name: 'an authority of somebody else without a key is for him to mend',
    by: ({ disown, set }) => {
      set(AUTHORITY, 'ca.key', ecKey());
      disown(AUTHORITY);
    },
    steps: [],
    problem:
      'the Secret orders-ca was made by somebody else and its authority is missing, damaged, or past two thirds of its life',
  },
];

async function madeAt(target: CertificateTarget & Model): Promise<StoredSecrets> {
  const stored = new StoredSecrets(target);
  expect(await takeSteps(stored, { target, now: START, makeKeys })).to.deep.equal(['create', 'renew']);
  return stored;
}

describe('The certificates of a Database', () => {
  for (const { name, engine = 'postgresql', settings, day = 1, by, steps, problem } of CASES) {
    it(name, async () => {
      const model = modelFor('orders', 'shop', engine);
      const stored = await madeAt(model);
      by?.(handOf(stored));
      const target = { ...model, ...(settings && { settings }) };
      const options = { target, now: after(day), makeKeys };
      expect(await takeSteps(stored, options)).to.deep.equal(steps);
      const rest = await decideCertificates(certificatesIn(stored, 'orders'), options);
      expect(rest.step === 'stuck' ? rest.problem : undefined).to.equal(problem);
    });
  }

  it('are in two Secrets, and the key of the authority is in the one that no pod mounts', async () => {
    const stored = await madeAt(modelFor('orders', 'shop'));
    expect(Object.keys(stored.get(AUTHORITY)?.data ?? {}).sort()).to.deep.equal(['ca.crt', 'ca.key']);
    expect(Object.keys(stored.get(PAIR)?.data ?? {}).sort()).to.deep.equal(['ca.crt', 'tls.crt', 'tls.key']);
  });

  it('are for server and client, named after the Database, and good for each of its names', async () => {
    const model = modelFor('orders', 'shop');
    const stored = await madeAt(model);
    const data = stored.get(PAIR)?.data ?? {};
    const texts = Object.fromEntries(Object.entries(data).map(([key, text]) => [key, text.reveal()]));
    const certificate = readStored(texts).server?.parsed;
    expect(certificate?.subject).to.equal('CN=orders');
    expect(certificate?.keyUsage).to.deep.equal(['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    const names = [
      'orders-primary',
      'orders-primary.shop',
      'orders-replica.shop.svc',
      'orders-pods.shop.svc',
      'orders-backup.shop.svc',
      'orders-8.orders-pods.shop.svc',
      'orders-0.orders-pods.shop.svc.cluster.local',
      'localhost',
      '127.0.0.1',
      '::1',
    ];
    for (const name of names) expect(certificate && covers(certificate, [name]), name).to.equal(true);
    for (const name of ['other-primary.shop.svc', 'orders-primary.other.svc', 'a.b.orders-pods.shop.svc']) {
      expect(certificate && covers(certificate, [name]), name).to.equal(false);
    }
    expect(certificate && covers(certificate, hostsOf(model))).to.equal(true);
    expect(certificate?.validToDate).to.deep.equal(after(90));
  });

  it('have another serial number whenever the bundle changes, which is all that Patroni looks at', async () => {
    const model = modelFor('orders', 'shop');
    const stored = await madeAt(model);
    const seen = new Map<string, string>();
    for (let day = 0; day < 4000; day += 40) {
      await takeSteps(stored, { target: model, now: after(day), makeKeys });
      const pair = stored.get(PAIR)!;
      const bundle = pair.data['ca.crt']?.reveal() ?? '';
      const serial = certificateIn(pair.data)?.serialNumber ?? '';
      expect(seen.get(serial) ?? bundle).to.equal(bundle);
      seen.set(serial, bundle);
    }
    expect(new Set(seen.values()).size).to.be.greaterThan(2);
  });

  it('let a copy of the authority be used for half a year after the next one is announced', async () => {
    const model = modelFor('orders', 'shop');
    const stored = await madeAt(model);
    const steps = new Map<string, number>();
    for (let day = 2420; day < 2640; day += 1) {
      for (const step of await takeSteps(stored, { target: model, now: after(day), makeKeys })) {
        if (!steps.has(step)) steps.set(step, day);
      }
    }
    expect((steps.get('promote') ?? 0) - (steps.get('stage') ?? 0)).to.equal(181);
  });

  it('say when to look again: at the next thing that is due, and each day', async () => {
    const model = modelFor('orders', 'shop');
    const stored = await madeAt(model);
    for (const [day, until] of [
      [1, 2],
      [59.5, 60],
      [61, 62],
    ] as const) {
      const options = { target: model, now: after(day), makeKeys };
      await takeSteps(stored, options);
      const step = await decideCertificates(certificatesIn(stored, 'orders'), options);
      // Certificates are dated back by five minutes, of which two thirds count.
      const minutes = Math.round((after(until).getTime() - ('until' in step ? step.until.getTime() : 0)) / 60_000);
      expect(minutes).to.be.within(0, 5);
    }
  });

  it('leave other keys of the same Secrets alone', async () => {
    const model = modelFor('orders', 'shop');
    const stored = await madeAt(model);
    handOf(stored).set(PAIR, 'keystore.p12', 'theirs');
    await takeSteps(stored, { target: model, now: after(61), makeKeys });
    expect(stored.get(PAIR)?.data['keystore.p12']?.reveal()).to.equal('theirs');
  });

  it('are not issued by an authority with another kind of key', async () => {
    const model = modelFor('orders', 'shop');
    const stored = await madeAt(model);
    const hand = handOf(stored);
    const { certificate, key } = credentialsFor('theirs');
    hand.set(AUTHORITY, 'ca.crt', certificate);
    hand.set(AUTHORITY, 'ca.key', key);
    hand.disown(AUTHORITY);
    const now = new Date(Date.now() + 60_000);
    const step = await decideCertificates(certificatesIn(stored, 'orders'), { target: model, now, makeKeys });
    expect(step).to.include({ step: 'stuck', remedy: 'bring one with an RSA key' });
  });
});
