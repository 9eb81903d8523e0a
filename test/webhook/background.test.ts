import { expect } from 'chai';
import type { Answer } from '../../webhook/answer.ts';
import type { Unanswered } from '../../webhook/background.ts';
import { Background } from '../../webhook/background.ts';

const PROGRAM = new URL('./hostile-worker.ts', import.meta.url);

describe('The thread for large bodies', function () {
  this.timeout(60_000);
  let background: Background;

  beforeEach(() => {
    background = new Background({ program: PROGRAM, longestMs: 2000 });
  });
  afterEach(() => background.stop());

  const order: string[] = [];
  beforeEach(() => order.splice(0));

  async function ask(text: string, address = 'a', signal = new AbortController().signal): Promise<string> {
    const bytes = new TextEncoder().encode(text);
    const review = { webhook: 'validate', bytes, now: new Date(), address, signal, onTaken: () => undefined } as const;
    const result: Answer | Unanswered = await background.answer(review);
    order.push(text.trim());
    return typeof result === 'string' ? result : result.body.trim();
  }

  it('answers each with its own answer', async () => {
    expect(await Promise.all(['one', 'two', 'three'].map((text) => ask(text)))).to.deep.equal(['one', 'two', 'three']);
  });

  it('ends a review that takes too long alone: those that waited are answered by a new thread', async () => {
    const all = ['one', 'for ever', 'two', 'for ever', 'three'];
    const answers = await Promise.all(all.map((text) => ask(text)));
    expect(answers).to.deep.equal(['one', 'too-much-work', 'two', 'too-much-work', 'three']);
  });

  it('ends a review that takes too much memory alone', async () => {
    const answers = await Promise.all(['one', 'all memory', 'two'].map((text) => ask(text)));
    expect(answers).to.deep.equal(['one', 'too-much-work', 'two']);
  });

  it("counts a review's time from when it is begun, so that a burst of many fails none", async () => {
    // 60 times 50 ms are more than the 2 s that each may take.
    const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => ask(String(index))));
    expect(answers).to.deep.equal(answers.map((_, index) => String(index)));
  });

  it('gives all addresses the same share: an address that asks for little does not wait behind one that asks for much', async () => {
    const much = Array.from({ length: 20 }, (_, index) => ask(`much ${index}`.padEnd(3000), `pod ${index % 4}`));
    const little = ask('little', 'the API server');
    await Promise.all([...much, little]);
    expect(order.indexOf('little')).to.be.lessThan(3);
  });

  it('forgets a review whose client has left, and goes on', async () => {
    const left = new AbortController();
    const [first, gone, last] = [ask('one'), ask('two', 'a', left.signal), ask('three')];
    left.abort();
    expect(await Promise.all([first, gone, last])).to.deep.equal(['one', 'no-longer-wanted', 'three']);
  });
});
