import { expect } from 'chai';
import type { SecretDataChange, IssueOptions } from '../../certificates/issue.ts';
import { changeOf } from '../../certificates/issue.ts';
import type { CertificateDecision, CertificatesState } from '../../certificates/decide.ts';
import { decide, isServable } from '../../certificates/decide.ts';
import type { Data } from '../../certificates/secret.ts';
import { KEYS, readStored } from '../../certificates/secret.ts';
import { weakKeys } from './keys.ts';

const DAY = 86_400_000;
const HOSTS = ['web.ballast.svc', 'web.ballast.svc.cluster.local'];
const WANTED = {
  subject: { authority: 'Web authority', server: 'Web' },
  hosts: HOSTS,
  lifetimes: { authorityMs: 90 * DAY, serverMs: 30 * DAY, propagationMs: DAY },
};
const START = new Date('2026-11-21T00:00:00Z');
const makeKeys = weakKeys();

const after = (days: number): Date => new Date(START.getTime() + days * DAY);
const making = (now: Date): IssueOptions => ({ now, wanted: WANTED, makeKeys });

function changed(data: Data, change: SecretDataChange): Data {
  const all = Object.entries({ ...data, ...change });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function seenOf(data: Data, published: readonly string[] = [data[KEYS.bundle] ?? '']): CertificatesState {
  return { stored: readStored(data), published };
}

async function applied(data: Data, decision: CertificateDecision, now: Date): Promise<Data> {
  return changed(data, await changeOf(decision, seenOf(data), making(now)));
}

/** The Secret as it is in the states that the cases start from. */
interface States {
  readonly fresh: Data;
  readonly other: Data;
  /** Fresh, with the next authority made on day 60. */
  readonly staged: Data;
  /** Staged, and published since day 61. */
  readonly marked: Data;
}

interface Case {
  readonly name: string;
  readonly day: number;
  readonly data: (states: States) => Data;
  readonly published?: (states: States) => string[];
  readonly hosts?: readonly string[];
  readonly step: CertificateDecision['step'];
}

const bundleOf = (data: Data): string => data[KEYS.bundle] ?? '';
const without = (data: Data, ...names: string[]): Data =>
  changed(data, Object.fromEntries(names.map((name) => [name, undefined])));

const CASES: readonly Case[] = [
  { name: 'an empty Secret gets an authority and a certificate', day: 0, data: () => ({}), step: 'create' },
  {
    name: 'what is not PEM is recreated',
    day: 0,
    data: ({ fresh }) => Object.fromEntries(Object.keys(fresh).map((name) => [name, 'x'])),
    step: 'create',
  },
  {
    name: 'a bundle that is in no configuration is published',
    day: 0,
    data: ({ fresh }) => fresh,
    published: () => ['', ''],
    step: 'publish',
  },
  {
    name: 'a bundle that is missing in one webhook only is published',
    day: 0,
    data: ({ fresh }) => fresh,
    published: ({ fresh }) => [bundleOf(fresh), ''],
    step: 'publish',
  },
  {
    name: 'without configurations there is nobody to publish to',
    day: 0,
    data: ({ fresh }) => fresh,
    published: () => [],
    step: 'wait',
  },
  {
    name: 'just short of two thirds of its life a certificate stays',
    day: 19.9,
    data: ({ fresh }) => fresh,
    step: 'wait',
  },
  {
    name: 'a certificate past two thirds of its life is issued again',
    day: 20.1,
    data: ({ fresh }) => fresh,
    step: 'renew',
  },
  {
    name: 'a certificate is issued again even where nothing can be published',
    day: 20.1,
    data: ({ fresh }) => fresh,
    published: () => ['x'],
    step: 'renew',
  },
  {
    name: 'an expired certificate is issued again while its authority lives',
    day: 31,
    data: ({ fresh }) => fresh,
    step: 'renew',
  },
  {
    name: 'a key of another certificate is replaced with it',
    day: 0,
    data: ({ fresh, other }) => ({ ...fresh, [KEYS.key]: other[KEYS.key] ?? '' }),
    step: 'renew',
  },
  {
    name: 'a certificate of another authority is replaced',
    day: 0,
    data: ({ fresh, other }) => ({
      ...fresh,
      [KEYS.key]: other[KEYS.key] ?? '',
      [KEYS.certificate]: other[KEYS.certificate] ?? '',
    }),
    step: 'renew',
  },
  {
    name: 'a certificate without one of the names is replaced',
    day: 0,
    data: ({ fresh }) => fresh,
    hosts: [...HOSTS, 'new.ballast.svc'],
    step: 'renew',
  },
  {
    name: 'a certificate without the address is replaced',
    day: 0,
    data: ({ fresh }) => fresh,
    hosts: [...HOSTS, '10.0.0.1'],
    step: 'renew',
  },
  {
    name: 'a certificate of a clock that is far ahead is replaced',
    day: -1,
    data: ({ fresh }) => fresh,
    step: 'renew',
  },
  {
    name: 'text around the bundle is tidied',
    day: 0,
    data: ({ fresh }) => ({ ...fresh, [KEYS.bundle]: `# mine\n${bundleOf(fresh)}` }),
    step: 'tidy',
  },
  {
    name: 'without its key an authority is followed by another',
    day: 0,
    data: ({ fresh }) => without(fresh, KEYS.authorityKey),
    step: 'stage',
  },
  {
    name: 'an authority past two thirds of its life is followed by another, not replaced',
    day: 60.1,
    data: ({ staged }) => without(staged, KEYS.nextKey),
    step: 'stage',
  },
  {
    name: 'the next authority is published first',
    day: 60.1,
    data: ({ staged }) => staged,
    published: ({ fresh }) => [bundleOf(fresh)],
    step: 'publish',
  },
  { name: 'when it was published is noted', day: 60.1, data: ({ staged }) => staged, step: 'mark' },
  {
    name: 'before the propagation time is over nothing is issued by it',
    day: 61.9,
    data: ({ marked }) => marked,
    step: 'wait',
  },
  { name: 'after the propagation time it takes over', day: 62, data: ({ marked }) => marked, step: 'promote' },
  {
    name: 'a bundle that was taken out again starts the time anew',
    day: 62,
    data: ({ marked }) => marked,
    published: ({ fresh }) => [bundleOf(fresh)],
    step: 'mark',
  },
  { name: 'a time to come is not believed', day: 60.5, data: ({ marked }) => marked, step: 'mark' },
  {
    name: 'a time that is no time is noted again',
    day: 62,
    data: ({ marked }) => ({ ...marked, [KEYS.published]: 'soon' }),
    step: 'mark',
  },
  {
    name: 'the next takes over at once when there is nothing else',
    day: 91,
    data: ({ staged }) => staged,
    step: 'promote',
  },
  { name: 'after years without Ballast all is recreated', day: 1000, data: ({ staged }) => staged, step: 'create' },
];

describe('The next step of the certificates', () => {
  let states: States;

  before(async () => {
    const fresh = await applied({}, { step: 'create' }, START);
    const renewed = await applied(fresh, { step: 'renew' }, after(58));
    const staged = await applied(renewed, { step: 'stage' }, after(60));
    const marked = await applied(staged, { step: 'mark', published: after(61) }, after(61));
    states = { fresh, other: await applied({}, { step: 'create' }, START), staged, marked };
  });

  for (const { name, day, data, published, hosts, step } of CASES) {
    it(name, () => {
      const seen = seenOf(data(states), published?.(states));
      const decision = decide(seen, after(day), { ...WANTED, hosts: hosts ?? HOSTS });
      expect(decision.step).to.equal(step);
    });
  }

  it('lets the old authority in the bundle until it expires, and takes its key away at once', async () => {
    const { marked } = states;
    const now = after(62);
    const promoted = await applied(marked, { step: 'promote' }, now);
    const { authorities } = readStored(promoted);
    expect(authorities).to.have.length(2);
    expect(promoted[KEYS.authorityKey]).to.equal(marked[KEYS.nextKey]);
    expect(Object.keys(promoted).sort()).to.deep.equal(['ca.crt', 'ca.key', 'tls.crt', 'tls.key']);
    const later = await applied(promoted, { step: 'renew' }, after(89));
    const decision = decide(seenOf(later), after(90.1), WANTED);
    expect(decision.step).to.equal('tidy');
    expect(readStored(await applied(later, decision, after(90.1))).authorities).to.have.length(1);
  });

  it('keeps trusting what only the configurations remember when the Secret was emptied', async () => {
    const { fresh } = states;
    const change = await changeOf({ step: 'create' }, seenOf({}, [bundleOf(fresh)]), making(after(1)));
    expect(change[KEYS.bundle]).to.include(bundleOf(fresh));
  });

  it('bounds the bundle, however often the Secret is emptied', async () => {
    let bundle = '';
    for (let day = 0; day < 12; day += 1) {
      const change = await changeOf({ step: 'create' }, seenOf({}, [bundle]), making(after(day)));
      bundle = change[KEYS.bundle] ?? '';
    }
    expect(readStored({ [KEYS.bundle]: bundle }).authorities).to.have.length(5);
  });

  it('writes bundles that it finds tidy', () => {
    for (const data of Object.values(states) as Data[]) {
      expect(decide(seenOf(data), after(0), WANTED).step).not.to.equal('tidy');
    }
  });

  it('serves only what every configuration lets be trusted', () => {
    const { fresh, other } = states;
    const now = after(1);
    expect(isServable(seenOf(fresh), now, HOSTS)).to.equal(true);
    expect(isServable(seenOf(fresh, []), now, HOSTS)).to.equal(true);
    expect(isServable(seenOf(fresh, [bundleOf(fresh) + bundleOf(other)]), now, HOSTS)).to.equal(true);
    expect(isServable(seenOf(fresh, [bundleOf(fresh), '']), now, HOSTS)).to.equal(false);
    expect(isServable(seenOf(fresh, [bundleOf(other)]), now, HOSTS)).to.equal(false);
    expect(isServable(seenOf(fresh), after(31), HOSTS)).to.equal(false);
  });
});
