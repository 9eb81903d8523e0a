import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const ROOT = join(import.meta.dirname, '../..');

/** What makes a result depend on the place or the moment. */
const IMPURE: Readonly<Record<string, RegExp>> = {
  'the clock': /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/,
  chance: /\bMath\.random\b|\brandomUUID\b/,
  'the environment': /\bprocess\b\.|\bglobalThis\b/,
  'the machine': /from 'node:|require\(/,
  'the language of the machine': /\btoLocale\w*\((?!'en-US'\))|\blocaleCompare\(|\bIntl\b/,
};

describe('The pure folders', () => {
  const files = globSync('{database,policies,generator,review,installation}/**/*.ts', { cwd: ROOT });

  it('are found', () => {
    expect(files.length).to.be.greaterThan(100);
  });

  for (const [name, pattern] of Object.entries(IMPURE)) {
    it(`do not ask ${name}`, () => {
      const asking = files.filter((file) => pattern.test(readFileSync(join(ROOT, file), 'utf8')));
      expect(asking).to.deep.equal([]);
    });
  }
});
