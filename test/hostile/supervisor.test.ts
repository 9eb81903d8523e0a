import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { isComplete } from '../complete.ts';
import { freePort } from '../../lab/processes/process.ts';

interface Ended {
  readonly health: number;
  readonly strays: number;
  readonly stalled: string;
  readonly reconciling: string;
  readonly isHeld: boolean;
  /** Log entries with a stack. */
  readonly stacks: readonly string[];
}

async function throwAt(place: string): Promise<Ended> {
  const script = join(import.meta.dirname, 'supervised.ts');
  const child = spawn(process.execPath, [script, place, String(await freePort())], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = [child.stdout, child.stderr].map(async (stream) => (await stream.toArray()).join(''));
  const [text, said] = await Promise.all([out, err]);
  expect(said).equal('');
  return JSON.parse(text ?? '') as Ended;
}

interface Case {
  readonly place: string;
  /** Whether it belongs to no pass. */
  readonly isStray?: boolean;
  /** Fields of the log besides the stack; empty for a call that failed. */
  readonly logs?: string;
  /** The status of the affected Database. */
  readonly stalled?: RegExp;
}

const CASES: readonly Case[] = [
  { place: 'nothing' },
  {
    place: 'decide',
    logs: 'a pass failed',
    stalled: /^InternalError: the controller failed .* names tenant\/bad: report/,
  },
  { place: 'the status', logs: 'a pass failed', stalled: /^InternalError: / },
  { place: 'an action', logs: 'a pass failed' },
  { place: 'a list', logs: 'a list could not be taken, it will be tried again' },
  { place: 'an event of a watch', logs: 'an event could not be taken' },
  { place: 'the recorder of events' },
  { place: 'a timer', isStray: true },
  { place: 'the next turn', isStray: true },
  { place: 'a socket that nobody listens to', isStray: true },
  { place: 'a stream that nobody listens to', isStray: true },
  { place: 'a promise that nobody awaits', isStray: true },
  { place: 'a promise that is rejected with no error', isStray: true },
  { place: 'a listener of an event', isStray: true },
  { place: 'a NUL in the name of a server' },
];

describe('A controller at which one Database makes something throw', function () {
  this.timeout(120_000);

  // A process for each takes seconds: of a sample some.
  const sample = ['decide', 'an event of a watch', 'a timer', 'a promise that nobody awaits'];
  const cases = CASES.filter(({ place }) => isComplete || sample.includes(place));
  for (const { place, isStray = false, logs, stalled } of cases) {
    it(`looks after the others, and keeps its Lease: ${place}`, async () => {
      const ended = await throwAt(place);
      expect([ended.health, ended.isHeld]).eql([200, true]);
      if (isStray) expect(ended.strays).above(0);
      else expect(ended.strays).equal(0);
      if (logs !== undefined) expect(ended.stacks).include(logs);
      if (stalled) expect(ended.stalled).match(stalled);
      // Where in the code it was is for the log only.
      expect(`${ended.stalled}${ended.reconciling}`).not.match(/TypeError|a bug at|\.ts/);
    });
  }
});
