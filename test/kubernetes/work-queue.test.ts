import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { ApiError } from '../../kubernetes/api.ts';
import { systemClock } from '../../kubernetes/clock.ts';
import type { Outcome, WorkQueueOptions } from '../../kubernetes/work-queue.ts';
import { WorkQueue } from '../../kubernetes/work-queue.ts';
import { SimulatedClock, settle } from '../../lab/world/simulated-clock.ts';

interface Run {
  readonly key: string;
  readonly from: number;
  to?: number;
}

/** A queue in simulated time, with all that was done. */
function queueOf(
  work: (key: string, clock: SimulatedClock) => Promise<Outcome | undefined>,
  given: Partial<WorkQueueOptions> = {},
) {
  const clock = new SimulatedClock();
  const runs: Run[] = [];
  const failures: string[] = [];
  const queue = new WorkQueue({
    clock,
    workers: 2,
    work: async (key) => {
      const run: Run = { key, from: clock.now() };
      runs.push(run);
      try {
        return await work(key, clock);
      } finally {
        run.to = clock.now();
      }
    },
    onFailure: (key, error) => failures.push(`${key}: ${(error as Error).message}`),
    ...given,
  });
  return { clock, runs, failures, queue, order: () => runs.map(({ key, from }) => `${key} ${from}`) };
}

const takes =
  (milliseconds: number) =>
  (_: string, clock: SimulatedClock): Promise<undefined> =>
    new Promise((resolve) =>
      clock.after(milliseconds, () => {
        resolve(undefined);
      }),
    );

const nothing = (): Promise<undefined> => Promise.resolve(undefined);

describe('A work queue', () => {
  it('leaves half of the workers to other groups, however many keys of one are due', async () => {
    const groupOf = (key: string): string => key.slice(0, 1);
    const { queue, clock, order } = queueOf(takes(10), { workers: 4, groupOf });
    for (const key of ['a1', 'a2', 'a3', 'a4', 'b1']) queue.add(key);
    queue.start();
    await clock.advance(100);
    expect(order()).eql(['a1 0', 'a2 0', 'b1 0', 'a3 10', 'a4 10']);
  });

  it('forgets failures and later times of what is gone', async () => {
    let isGone = false;
    const { queue, clock, order } = queueOf(() => Promise.resolve({ isGone, againMs: isGone ? undefined! : 50 }));
    queue.add('a');
    queue.start();
    await clock.advance(10);
    isGone = true;
    queue.add('a');
    await clock.advance(1000);
    expect(order()).eql(['a 0', 'a 10']);
  });

  it('goes on when the listener of failures fails itself', async () => {
    const { queue, clock, order } = queueOf(() => Promise.reject(new Error('no')), {
      workers: 1,
      onFailure: () => {
        throw new Error('neither');
      },
    });
    for (const key of ['a', 'b']) queue.add(key);
    queue.start();
    await clock.advance(10);
    expect(order()).eql(['a 0', 'b 0']);
  });

  it('works on keys in the order in which they became due', async () => {
    const { queue, clock, order } = queueOf(takes(10), { workers: 1 });
    for (const key of ['a', 'b', 'a', 'c']) queue.add(key);
    queue.start();
    await clock.advance(100);
    expect(order()).eql(['a 0', 'b 10', 'c 20']);
  });

  it('works on urgent keys before all others, also on one that was due already', async () => {
    const { queue, clock, order } = queueOf(takes(10), { workers: 1 });
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key);
    queue.start();
    queue.add('e', { isUrgent: true });
    queue.add('c', { isUrgent: true });
    await clock.advance(100);
    expect(order()).eql(['a 0', 'e 10', 'c 20', 'b 30', 'd 40']);
  });

  it('works on a key again that became due while it was worked on, but not at the same time', async () => {
    const { queue, clock, order } = queueOf(takes(10));
    queue.start();
    queue.add('a');
    await clock.advance(5);
    queue.add('a');
    queue.add('a');
    await clock.advance(100);
    expect(order()).eql(['a 0', 'a 10']);
  });

  it('works on no more keys at a time than it has workers', async () => {
    const { queue, clock, order } = queueOf(takes(10));
    queue.start();
    for (const key of ['a', 'b', 'c', 'd', 'e']) queue.add(key);
    await clock.advance(100);
    expect(order()).eql(['a 0', 'b 0', 'c 10', 'd 10', 'e 20']);
  });

  it('does not begin before it is started', async () => {
    const { queue, clock, runs } = queueOf(nothing);
    queue.add('a');
    queue.addAfter('b', 10);
    await clock.advance(20);
    expect([runs.length, queue.figures().depth]).eql([0, 2]);
  });

  it('of several later times keeps the earliest', async () => {
    const { queue, clock, order } = queueOf(nothing);
    queue.start();
    queue.addAfter('a', 50);
    queue.addAfter('a', 20);
    queue.addAfter('a', 70);
    await clock.advance(100);
    expect(order()).eql(['a 20']);
  });

  it('comes back when the work asked for that', async () => {
    const { queue, clock, order } = queueOf(() => Promise.resolve({ againMs: 30 }));
    queue.start();
    queue.add('a');
    await clock.advance(70);
    expect(order()).eql(['a 0', 'a 30', 'a 60']);
  });

  it('waits longer after each failure up to the cap, and starts again after a success', async () => {
    let fails = true;
    const work = (): Promise<undefined> => (fails ? Promise.reject(new Error('no')) : nothing());
    const { queue, clock, runs, failures } = queueOf(work, { backoff: { firstMs: 100, mostMs: 800 } });
    queue.start();
    queue.add('a');
    await clock.advance(10_000);
    const waits = runs.slice(1).map(({ from }, index) => from - (runs[index]?.from ?? 0));
    for (const [index, most] of [100, 200, 400, 800, 800, 800].entries()) {
      expect(waits[index], `wait ${index + 1}`).within(most * 0.75, most);
    }
    expect(failures).length(runs.length);
    expect(queue.figures().retries).equal(runs.length);
    fails = false;
    await clock.advance(1000);
    fails = true;
    const { length } = runs;
    queue.add('a');
    await clock.advance(110);
    expect(runs.length - length, 'the first wait is the shortest again').equal(2);
  });

  it('waits as after a failure when the work asks for it, without a report', async () => {
    const { queue, clock, runs, failures } = queueOf(() => Promise.resolve({ retry: true }));
    queue.start();
    queue.add('a');
    await clock.advance(1000);
    expect([runs.length, failures.length]).eql([3, 0]);
  });

  it('stays away as long as the API server asked it to', async () => {
    const error = new ApiError({ code: 429, reason: 'TooManyRequests', retryAfterSeconds: 5 }, 'wait');
    const { queue, clock, runs } = queueOf(() => Promise.reject(error));
    queue.start();
    queue.add('a');
    await clock.advance(4900);
    expect(runs).length(1);
    await clock.advance(200);
    expect(runs).length(2);
  });

  it('forgets what was to come of a key', async () => {
    let fails = true;
    const work = (): Promise<undefined> => (fails ? Promise.reject(new Error('no')) : nothing());
    const { queue, clock, runs } = queueOf(work);
    queue.start();
    queue.add('a');
    await clock.advance(10);
    queue.forget('a');
    fails = false;
    await clock.advance(100_000);
    expect(runs).length(1);
    expect(clock.pending).equal(0);
  });

  it('lets others have the event loop between work that waits for nothing', async () => {
    const { queue, runs } = queueOf(() => Promise.resolve(undefined), { clock: systemClock });
    for (let number = 0; number < 100; number += 1) queue.add(String(number));
    queue.start();
    await turn();
    expect(runs.length).to.be.below(10);
    while (queue.figures().depth > 0) await turn();
    await queue.drain();
    expect(runs.length).to.equal(100);
  });

  it('ends what it has begun and begins nothing more', async () => {
    const { queue, clock, runs } = queueOf(takes(10));
    queue.start();
    for (const key of ['a', 'b', 'c']) queue.add(key);
    queue.addAfter('d', 5);
    await clock.advance(1);
    let isDrained = false;
    const drained = queue.drain().then(() => (isDrained = true));
    queue.add('e');
    await clock.advance(5);
    expect(isDrained).equal(false);
    await clock.advance(100);
    await drained;
    expect(runs.map(({ key, to }) => `${key} ${String(to)}`)).eql(['a 10', 'b 10']);
    expect(clock.pending).equal(0);
  });

  it('says how much waits, and how long', async () => {
    const { queue, clock } = queueOf(takes(4000), { workers: 1 });
    queue.start();
    for (const key of ['a', 'b', 'c']) queue.add(key);
    await clock.advance(2500);
    expect(queue.figures()).eql({ depth: 2, oldestWaitSeconds: 2.5, running: 1, retries: 0 });
  });
});

type Step = { readonly add: string } | { readonly later: string; readonly in: number } | { readonly wait: number };

describe('A work queue, through random schedules', () => {
  it('never works on a key twice at once, loses nothing, and keeps to its workers', async () => {
    const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.record({ add: key }),
      fc.record({ later: key, in: fc.nat(100) }),
      fc.record({ wait: fc.nat(50) }),
    );
    const fates = fc.infiniteStream(fc.record({ takes: fc.nat(40), fate: fc.constantFrom('done', 'fails', 'again') }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 80 }),
        fates,
        fc.integer({ min: 1, max: 4 }),
        async (steps, stream, workers) => {
          let isCalm = false;
          const work = async (_: string, clock: SimulatedClock): Promise<Outcome | undefined> => {
            const { takes: length, fate } = stream.next().value!;
            await takes(length)('', clock);
            if (fate === 'fails' && !isCalm) throw new Error('no');
            return fate === 'again' && !isCalm ? { againMs: length } : undefined;
          };
          const { queue, clock, runs } = queueOf(work, { workers, backoff: { firstMs: 10, mostMs: 100 } });
          queue.start();
          const asked: { key: string; at: number }[] = [];
          for (const one of steps) {
            if ('add' in one) {
              queue.add(one.add);
              asked.push({ key: one.add, at: clock.now() });
            } else if ('later' in one) {
              queue.addAfter(one.later, one.in);
              asked.push({ key: one.later, at: clock.now() });
            } else await clock.advance(one.wait);
          }
          isCalm = true;
          await clock.advance(10_000);
          await settle();
          for (const [index, { key: name, from, to }] of runs.entries()) {
            const meanwhile = runs.filter((other, at) => at < index && (other.to ?? Infinity) > from);
            expect(meanwhile.length, 'workers').below(workers);
            expect(meanwhile.map((other) => other.key)).not.contain(name);
            expect(to).not.equal(undefined);
          }
          for (const { key: name, at } of asked) {
            expect(
              runs.some((run) => run.key === name && run.from >= at),
              `${name}, asked at ${at}`,
            ).equal(true);
          }
          expect(queue.figures()).include({ depth: 0, running: 0 });
        },
      ),
      { numRuns: 500 },
    );
  });
});
