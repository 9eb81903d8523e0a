import { expect } from 'chai';
import { fuzz } from './fuzz.ts';

describe('Any body at all', () => {
  it('gets an answer that the API server can work with, and that tells no secret', () => {
    const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const { verdicts } = fuzz(3000, seed);
    expect(
      Object.values(verdicts).every((count) => count > 100),
      JSON.stringify({ seed, verdicts }),
    ).to.equal(true);
  }).timeout(20_000);
});
