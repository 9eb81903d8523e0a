import { expect } from 'chai';
import { inEachScenario } from './scenarios/each-scenario.ts';
import type { Rehearsed, Trouble } from './scenarios/rehearsal.ts';
import { play } from './scenarios/rehearsal.ts';
import { sampleOf } from './scenarios/sample.ts';
import type { MemberMishap } from '../../lab/world/unreliable-servers.ts';
import { unreliable } from '../../lab/world/unreliable-servers.ts';

const FAULTS: readonly (MemberMishap & { readonly name: string })[] = [
  { name: 'a refused connection', isDone: false, code: 'ECONNREFUSED' },
  { name: 'a server that ends', isDone: false, code: '57P01' },
  { name: 'a reset connection after it was done', isDone: true, code: 'ECONNRESET' },
  { name: 'no answer', isDone: false, code: '' },
  { name: 'no answer although it was done', isDone: true, code: '' },
];

/** Of the calls of a scenario, at how many each fault strikes where not at all. */
const SAMPLE = 1;

/**
 * Plays a scenario in which the call to a member with this number after the change goes wrong; gives how many there were until
 * it was over.
 */
async function playWith(rehearsed: Rehearsed, number: number, mishap?: MemberMishap): Promise<number> {
  let calls = 0;
  let counts = false;
  const trouble: Trouble = async ({ scene, change }, isOver) => {
    counts = true;
    change();
    await scene.until(isOver, () => 'it was never over');
    await scene.quiet();
    counts = false;
  };
  await play(rehearsed, trouble, {
    wrapServers: (servers, clock) =>
      unreliable(servers, clock, () => {
        if (counts) calls += 1;
        return counts && calls === number ? mishap : undefined;
      }),
  });
  return calls;
}

describe('A call to a member that goes wrong', function () {
  this.timeout(1_200_000);

  const tally = { scenarios: 0, calls: 0, runs: 0 };

  after(() => {
    const { scenarios, calls, runs } = tally;
    console.log(
      `    ${scenarios} scenarios, ${calls} calls to members, ${FAULTS.length} faults, ${runs} runs: all came to the same end`,
    );
  });

  inEachScenario((rehearsed) => {
    let count = 0;

    before(async () => {
      count = await playWith(rehearsed(), 0);
      tally.scenarios += 1;
      tally.calls += count;
    });

    for (const [index, fault] of FAULTS.entries()) {
      it(`with ${fault.name} changes nothing of the end`, async () => {
        const numbers = Array.from({ length: count }, (_, before) => before + 1);
        for (const number of sampleOf(numbers, SAMPLE, tally.scenarios * FAULTS.length + index)) {
          expect(await playWith(rehearsed(), number, fault)).least(number);
          tally.runs += 1;
        }
      });
    }
  });
});
