import { expect } from 'chai';
import { inEachScenario } from './scenarios/each-scenario.ts';
import type { Trouble } from './scenarios/rehearsal.ts';
import { play } from './scenarios/rehearsal.ts';
import { sampleOf } from './scenarios/sample.ts';
import type { CallMishap } from '../../lab/world/world-api.ts';

interface Fault {
  readonly name: string;
  readonly mishap: CallMishap;
  /** Whether to a call that only reads it is another fault. */
  readonly isOfWrites?: true;
}

const FAULTS: readonly Fault[] = [
  { name: 'a conflict', mishap: { status: 409, reason: 'Conflict' } },
  { name: 'too many requests', mishap: { status: 429, reason: 'TooManyRequests', retryAfterSeconds: 3 } },
  { name: 'an error of the server', mishap: { status: 500, reason: 'InternalError' } },
  { name: 'no answer', mishap: 'never' },
  { name: 'a late answer', mishap: 'late' },
  { name: 'no answer although it was done', mishap: 'done-never', isOfWrites: true },
  { name: 'no answer, and it is done later', mishap: 'done-after', isOfWrites: true },
  { name: 'a reset connection', mishap: 'drop-before' },
  { name: 'a reset connection after it was done', mishap: 'drop-after', isOfWrites: true },
];

/** Of the calls of a scenario, at how many each fault strikes where not at all. */
const SAMPLE = 1;

/** The call of this number after the change goes wrong. */
function strikingAt(number: number, mishap: CallMishap): Trouble {
  return async ({ scene, change }, isOver) => {
    let calls = 0;
    const fair = scene.api.weather;
    scene.api.weather = {
      ...fair,
      call: () => {
        calls += 1;
        return calls === number ? mishap : undefined;
      },
    };
    change();
    await scene.until(
      () => calls >= number || isOver(),
      () => 'it was never over',
    );
    // The last calls report the step that was done.
    if (calls < number) await scene.quiet();
    expect(calls).least(number);
  };
}

describe('A call that goes wrong', function () {
  this.timeout(1_200_000);

  const tally = { scenarios: 0, calls: 0, runs: 0, longestMs: 0 };

  after(() => {
    const { scenarios, calls, runs, longestMs } = tally;
    const counts = `${scenarios} scenarios, ${calls} calls, ${FAULTS.length} faults, ${runs} runs: all came to the same end`;
    console.log(`    ${counts}, the slowest after ${Math.round(longestMs / 1000)} s`);
  });

  inEachScenario(
    (rehearsed) => {
      for (const [index, { name, mishap, isOfWrites = false }] of FAULTS.entries()) {
        it(`with ${name} changes nothing of the end`, async () => {
          const calls = rehearsed().calls.flatMap((call, before) =>
            isOfWrites && call === 'read' ? [] : [before + 1],
          );
          for (const call of sampleOf(calls, SAMPLE, tally.scenarios * FAULTS.length + index)) {
            tally.longestMs = Math.max(tally.longestMs, await play(rehearsed(), strikingAt(call, mishap)));
            tally.runs += 1;
          }
        });
      }
    },
    ({ calls }) => {
      tally.scenarios += 1;
      tally.calls += calls.length;
    },
  );
});
