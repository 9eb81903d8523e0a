import { expect } from 'chai';
import { once } from 'node:events';
import { startInMemoryLimit, whyNoMemoryLimit } from './memory-limit.ts';

const MIB = 2 ** 20;

describe('A program in a limit of memory', function () {
  before(function () {
    const reason = whyNoMemoryLimit();
    if (reason === undefined) return;
    process.stderr.write(`SKIPPED: no program is held to a limit of memory: ${reason}\n`);
    this.skip();
  });

  const run = async (mib: number): Promise<{ exit: unknown; killed: boolean; peak: number }> => {
    const take = `const all = []; for (let i = 0; i < ${mib}; i += 1) all.push(Buffer.alloc(${MIB}, 1)); console.log(all.length);`;
    const args = ['-e', take];
    const limited = await startInMemoryLimit({ bytes: 128 * MIB, command: process.execPath, args, env: {} });
    try {
      const [exit, signal] = (await once(limited.child, 'exit')) as [unknown, unknown];
      return { exit: exit ?? signal, killed: limited.wasKilled(), peak: limited.peakBytes() };
    } finally {
      await limited.end();
    }
  };

  it('ends by itself while it takes less, and its peak is reported', async () => {
    const { exit, killed, peak } = await run(32);
    expect({ exit, killed }).to.deep.equal({ exit: 0, killed: false });
    expect(peak).to.be.within(32 * MIB, 128 * MIB);
  });

  it('is killed by the kernel when it takes more', async () => {
    const { exit, killed, peak } = await run(256);
    expect({ exit, killed }).to.deep.equal({ exit: 'SIGKILL', killed: true });
    expect(peak).to.be.within(120 * MIB, 130 * MIB);
  });
});
