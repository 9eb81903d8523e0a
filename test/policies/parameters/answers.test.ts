import { expect } from 'chai';
import { CATALOG } from '../../../policies/catalog.ts';
import { evaluate } from '../../../policies/evaluate.ts';
import { isOwned } from '../../../policies/parameters.ts';
import { settingNames } from '../../../policies/parameters/postgresql-settings.ts';
import { CONTEXT, seen, written } from '../../contract/objects.ts';
import { recordedAnswers } from './answers.ts';

/** The rules that say what the server and Patroni would say; others look at a value's harm, or at where it is written to. */
const JUDGES: ReadonlySet<string> = new Set(['parameters-name', 'parameters-known', 'parameters-accepted']);

const ANSWERS = recordedAnswers().filter(({ name }) => !isOwned('postgresql', name));

function verdict(version: string, name: string, value: string): boolean {
  const spec = { version, parameters: { [name]: value } };
  const findings = evaluate({ object: seen(written('Database', { spec })) }, CONTEXT);
  return !findings.some(({ rule, severity }) => severity === 'error' && JUDGES.has(rule));
}

describe('Settings of PostgreSQL', () => {
  for (const { series } of CATALOG.postgresql.series) {
    const ofMajor = ANSWERS.filter(({ major }) => major === series);

    it(`of ${series} are judged as the server and Patroni judge them: ${ofMajor.length} recorded answers`, () => {
      expect(ofMajor).to.have.length.above(1000);
      const different = ofMajor.filter(({ major, name, value, right }) => verdict(major, name, value) !== right);
      expect(
        different.map(({ name, value, right }) => `${name} = '${value}' is ${right ? 'right' : 'wrong'}`),
      ).to.deep.equal([]);
    });

    it(`of ${series} have each a right and a wrong value among the answers, unless every text is right`, () => {
      const names = settingNames(series).filter((name) => !name.includes('.') && !isOwned('postgresql', name));
      const without = names.filter((name) => {
        const rights = new Set(ofMajor.filter((one) => one.name === name).map(({ right }) => right));
        return !rights.has(true);
      });
      expect(without).to.deep.equal([]);
    });
  }
});
