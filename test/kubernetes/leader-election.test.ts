import { expect } from 'chai';
import fc from 'fast-check';
import type { CallMishap } from '../../lab/world/simulated-api.ts';
import type { Candidate } from './candidates.ts';
import { Candidates } from './candidates.ts';

const MICRO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** Two candidates of whom the first leads. */
async function two(): Promise<{ world: Candidates; first: Candidate; second: Candidate }> {
  const world = new Candidates();
  const first = world.add();
  await world.clock.advance(3000);
  const second = world.add();
  await world.clock.advance(5000);
  expect(first.election.leads()).equal(true);
  return { world, first, second };
}

/** When, from now on, one of them leads; to a tenth of a second. */
async function untilLeads(world: Candidates, candidate: Candidate): Promise<number> {
  const from = world.clock.now();
  while (!candidate.election.leads() && world.clock.now() - from < 120_000) await world.clock.advance(100);
  return world.clock.now() - from;
}

describe('An election', function () {
  this.timeout(20_000);

  it('makes one of two the leader and keeps it so', async () => {
    const { world, first, second } = await two();
    await world.clock.advance(3_600_000);
    expect([first.told, second.told]).eql([['elected'], []]);
    expect([first.election.leads(), second.election.leads()]).eql([true, false]);
  });

  it('writes a Lease as others read it', async () => {
    const { world } = await two();
    const { acquireTime, renewTime, ...rest } = world.lease?.['spec'] as Record<string, unknown>;
    expect(rest).eql({ holderIdentity: 'candidate-1', leaseDurationSeconds: 15, leaseTransitions: 0 });
    expect(acquireTime).match(MICRO_TIME);
    expect(renewTime).match(MICRO_TIME);
    expect(renewTime).not.equal(acquireTime);
  });

  it('hands over within two seconds when the leader stops', async () => {
    const { world, first, second } = await two();
    const stopped = world.stop(first);
    expect(first.election.leads(), 'at once').equal(false);
    expect(await untilLeads(world, second)).below(2000);
    await stopped;
    expect(first.told).eql(['elected']);
    expect((world.lease?.['spec'] as { leaseTransitions: number }).leaseTransitions).equal(1);
  });

  it('hands over when the leader stops in the middle of a renewal', async () => {
    const { world, first, second } = await two();
    first.api.weather.latencyMs = () => 400;
    await world.clock.advance(2600);
    for (let tries = 0; tries < 40 && first.api.calls.at(-1) !== 'PATCH leases'; tries += 1)
      await world.clock.advance(50);
    const stopped = world.stop(first);
    expect(await untilLeads(world, second)).below(3000);
    await stopped;
    expect(world.broken).equal(0);
  });

  it('replaces a leader that died, but not before its time is over', async () => {
    const { world, first, second } = await two();
    world.crash(first);
    expect(await untilLeads(world, second)).within(13_000, 17_000);
    expect(world.broken).equal(0);
  });

  it('ends a leader that cannot reach the API server before another may lead', async () => {
    const { world, first, second } = await two();
    first.api.weather.call = () => 'never';
    await world.clock.advance(12_100);
    expect([first.told, first.election.leads()]).eql([['elected', 'lost'], false]);
    expect(await untilLeads(world, second)).below(7000);
    expect(world.broken).equal(0);
  });

  it('tells a leader that stood still for a minute that it no longer leads, before anything else runs', async () => {
    const { world, first, second } = await two();
    first.clock.freeze();
    await untilLeads(world, second);
    expect(first.election.leads()).equal(false);
    first.clock.thaw();
    await world.clock.advance(5000);
    expect(first.told).eql(['elected', 'lost']);
    expect(second.election.leads()).equal(true);
  });

  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`does not let a leader lead by an answer that it reads after a standstill (${seed})`, async () => {
      const world = new Candidates(seed);
      const first = world.add();
      await world.clock.advance(3000);
      const second = world.add();
      first.api.weather.latencyMs = () => 500;
      await world.clock.advance(5000);
      const { length } = first.api.calls;
      while (first.api.calls.length === length) await world.clock.advance(100);
      // The renewal has taken effect, and its answer is on the way.
      await world.clock.advance(600);
      first.clock.freeze();
      await untilLeads(world, second);
      first.clock.thaw();
      await world.clock.advance(3000);
      expect(world.broken).equal(0);
      expect(first.told).eql(['elected', 'lost']);
    });
  }

  it('lets a leader go on that missed some renewals', async () => {
    const { world, first } = await two();
    const mishaps: (CallMishap | undefined)[] = ['drop-before', { status: 500 }, 'drop-after', { status: 429 }];
    first.api.weather.call = () => mishaps.shift();
    await world.clock.advance(60_000);
    expect([first.told, first.election.leads()]).eql([['elected'], true]);
  });

  it('lets a leader go on when another client labels its Lease', async () => {
    const { world, first } = await two();
    world.touch((old) => ({ ...old, metadata: { ...old.metadata, labels: { a: 'b' } } }));
    await world.clock.advance(60_000);
    expect([first.told, first.election.leads()]).eql([['elected'], true]);
  });

  it('ends a leader whose Lease another took', async () => {
    const { world, first } = await two();
    world.touch((old) => ({ ...old, spec: { ...(old['spec'] as object), holderIdentity: 'somebody' } }));
    await world.clock.advance(3000);
    expect(first.told).eql(['elected', 'lost']);
  });

  it('keeps others waiting when another client deletes the Lease of a leader', async () => {
    const { world, first, second } = await two();
    world.deleteLease();
    expect(await untilLeads(world, second)).above(11_000);
    expect(world.broken).equal(0);
    expect(first.election.leads()).equal(false);
  });

  it('takes up again what it asked for without hearing the answer', async () => {
    const world = new Candidates();
    const only = world.add();
    const mishaps: (CallMishap | undefined)[] = [undefined, 'drop-after'];
    only.api.weather.call = () => mishaps.shift();
    expect(await untilLeads(world, only)).below(3000);
  });

  it('asks the API server seldom', async () => {
    const { world, first, second } = await two();
    const count = (): number => first.api.calls.length + second.api.calls.length;
    const before = count();
    await world.clock.advance(60_000);
    expect(count() - before).below(60 / 0.75 + 60 / 1.5 + 2);
  });
});

type Step =
  | { readonly do: 'freeze'; readonly who: number; readonly milliseconds: number }
  | { readonly do: 'crash' | 'stop'; readonly who: number }
  | { readonly do: 'call'; readonly who: number; readonly mishap: CallMishap }
  | { readonly do: 'slow'; readonly who: number; readonly milliseconds: number }
  | { readonly do: 'label' }
  | { readonly do: 'wait'; readonly milliseconds: number };

const who = fc.nat(2);
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('freeze' as const), who, milliseconds: fc.nat(40_000) }),
    fc.record({ do: fc.constantFrom('crash' as const, 'stop' as const), who }),
    fc.record({
      do: fc.constant('call' as const),
      who,
      mishap: fc.constantFrom<CallMishap>('never', 'drop-before', 'drop-after', { status: 500 }, { status: 409 }),
    }),
    fc.record({ do: fc.constant('slow' as const), who, milliseconds: fc.nat(8000) }),
    fc.record({ do: fc.constant('label' as const) }),
    { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), milliseconds: fc.nat(20_000) }) },
  ),
  { maxLength: 30 },
);

/** Candidates that die are followed by others, as a Deployment sees to. */
function refill(world: Candidates): void {
  while (world.living.length < 3) world.add();
}

function happen(world: Candidates, step: Exclude<Step, { do: 'wait' }>, mishaps: Map<string, CallMishap[]>): void {
  if (step.do === 'label') {
    const label = String(world.clock.now());
    world.touch((old) => ({ ...old, metadata: { ...old.metadata, labels: { label } } }));
    return;
  }
  const candidate = world.living[step.who]!;
  const { identity, api, clock } = candidate;
  switch (step.do) {
    case 'crash':
      world.crash(candidate);
      break;
    case 'stop':
      void world.stop(candidate);
      break;
    case 'slow':
      api.weather.latencyMs = () => world.clock.random() * step.milliseconds;
      break;
    case 'call':
      mishaps.set(identity, [...(mishaps.get(identity) ?? []), step.mishap]);
      api.weather.call = () => mishaps.get(identity)?.shift();
      break;
    case 'freeze':
      clock.freeze();
      world.clock.after(step.milliseconds, () => {
        // A candidate that died meanwhile stays dead.
        if (!candidate.isGone) clock.thaw();
      });
  }
}

describe('An election, through random deaths, standstills, delays and lost answers', function () {
  this.timeout(60_000);

  it('never has two leaders, and has one again soon after the last trouble', async () => {
    let elections = 0;
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(), async (all, seed) => {
        const world = new Candidates(seed);
        const mishaps = new Map<string, CallMishap[]>();
        for (const step of all) {
          refill(world);
          if (step.do === 'wait') await world.clock.advance(step.milliseconds);
          else happen(world, step, mishaps);
        }
        await world.clock.advance(40_000);
        mishaps.clear();
        for (const { api } of world.all) api.weather.latencyMs = () => 10;
        refill(world);
        await world.clock.advance(40_000);
        refill(world);
        await world.clock.advance(20_000);
        expect(world.broken, 'moments with two leaders').equal(0);
        expect(world.leaders, 'leaders in the end').length(1);
        elections += world.all.filter(({ told }) => told.includes('elected')).length;
      }),
      { numRuns: 150 },
    );
    expect(elections, 'elections in all').above(150);
  });
});
