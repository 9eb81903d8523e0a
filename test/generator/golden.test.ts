import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { familyOf } from '../../database/family.ts';
import { manifestsToYaml, render } from '../../generator/render.ts';
import { goldenCases } from './golden-cases.ts';

const rewrite = process.env['UPDATE_GOLDEN'] === '1';

describe('What a Database becomes', () => {
  for (const { name, expected, read } of goldenCases()) {
    it(`is what the file says: ${name}`, () => {
      const { database, settings } = read();
      const text = manifestsToYaml(render(familyOf(database), settings));
      if (rewrite) writeFileSync(expected, text);
      expect(existsSync(expected), `${expected}; npm run golden writes it`).to.equal(true);
      expect(text).to.equal(readFileSync(expected, 'utf8'));
    });
  }
});
