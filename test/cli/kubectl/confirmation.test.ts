import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT, RUNS_MS } from '../run.ts';
import type { Call } from './fake-kubectl.ts';
import { fakeKubectl } from './fake-kubectl.ts';
import { storedDatabase } from './stored.ts';

const ANSWERS = [
  { to: 'get databases.db.example.com orders', stdout: storedDatabase({ phase: 'Running' }) },
  { to: 'create' },
  { to: 'get databaserestores', stdout: { status: { phase: 'Succeeded' } } },
];

/** Runs a restore on a terminal, made by script(1), with an answer to its question. */
async function restoreOnTerminal(
  answer: string,
): Promise<{ code: number | null; screen: string; calls: readonly Call[] }> {
  const fake = fakeKubectl(ANSWERS);
  const main = join(ROOT, 'cli', 'kubectl', 'main.ts');
  const command = `${process.execPath} ${main} restore orders --backup nightly`;
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: fake.env,
    timeout: RUNS_MS / 2,
    killSignal: 'SIGKILL',
  });
  let screen = '';
  let isAnswered = false;
  child.stdout.on('data', (part: Buffer) => {
    screen += part.toString();
    if (isAnswered || !screen.includes('to go on: ')) return;
    isAnswered = true;
    child.stdin.write(`${answer}\n`);
  });
  const code = await new Promise<number | null>((resolve) => {
    child.on('close', resolve);
  });
  return { code, screen, calls: fake.calls() };
}

describe('kubectl ballast restore on a terminal', function () {
  this.timeout(RUNS_MS);

  it('says what will be lost, and restores once the name is typed', async () => {
    const { code, screen, calls } = await restoreOnTerminal('orders');
    expect(screen).to.contain('All members of shop/orders stop, and its data become those of nightly.');
    expect({ code, verbs: calls.map(({ args: [verb] }) => verb) }).to.deep.equal({
      code: 0,
      verbs: ['get', 'create', 'get'],
    });
  });

  for (const answer of ['', 'order', 'yes', 'ORDERS']) {
    it(`does nothing when the answer is "${answer}"`, async () => {
      const { code, screen, calls } = await restoreOnTerminal(answer);
      expect(screen).to.contain('nothing was done: that is not its name');
      expect({ code, verbs: calls.map(({ args: [verb] }) => verb) }).to.deep.equal({ code: 1, verbs: ['get'] });
    });
  }
});
