import { expect } from 'chai';
import { applyPatch } from 'diff';
import fc from 'fast-check';
import { unifiedPatch } from '../../cli/diff/patch.ts';
import { growthLine, growthOf, isLinear } from '../hostile/cost.ts';

const names = ['Database shop/orders', 'Database shop/orders'] as const;
const numbered = (count: number, word: string): string =>
  Array.from({ length: count }, (_, at) => `${word}${at}\n`).join('');

const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => `${lines.join('\n')}\n`);

describe('A patch', () => {
  it('makes the new text of the old one, short or long', () => {
    const property = fc.property(text, text, fc.constantFrom(0, 300), (head, tail, lines) => {
      const old = `${head}${numbered(lines, 'x')}${tail}`;
      const now = `${tail}${numbered(lines, 'y')}${head}`;
      fc.pre(old !== now);
      expect(applyPatch(old, unifiedPatch({ names, texts: [old, now] }))).to.equal(now);
    });
    fc.assert(property, { numRuns: 150 });
  });

  it('of a text that was not there, or is not any more, is the whole text', () => {
    const whole = numbered(300, 'x');
    const made = unifiedPatch({ names: ['/dev/null', names[1]], texts: ['', whole] });
    expect(made).to.match(/^--- \/dev\/null\n\+\+\+ Database shop\/orders\n@@ -0,0 \+1,300 @@\n\+x0\n\+x1\n/m);
    expect(applyPatch('', made)).to.equal(whole);
    const removed = unifiedPatch({ names: [names[0], '/dev/null'], texts: [whole, ''] });
    expect(applyPatch(whole, removed)).to.equal('');
  });

  it('shows too many lines as one change, with what is around it', () => {
    const old = `kept\n${numbered(300, 'x')}end\n`;
    const now = `kept\n${numbered(300, 'y')}end\n`;
    const patch = unifiedPatch({ names, texts: [old, now] });
    expect(patch.split('\n').slice(0, 5)).to.deep.equal([
      '--- Database shop/orders',
      '+++ Database shop/orders',
      '@@ -1,302 +1,302 @@',
      ' kept',
      '-x0',
    ]);
    expect(patch.endsWith('+y299\n end\n')).to.equal(true);
  });

  it('costs what the texts allow, though every line differs', async () => {
    const work = (characters: number) => {
      const texts = [numbered(characters / 8, 'x'), numbered(characters / 8, 'y')] as const;
      return () => unifiedPatch({ names, texts });
    };
    const growth = await growthOf(work, 200_000);
    expect(isLinear(growth), growthLine('a patch', growth)).to.equal(true);
  });
});
