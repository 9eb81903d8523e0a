import { ENGINES } from '../../../database/engines/index.ts';
import { expect } from 'chai';
import { evaluate } from '../../../policies/evaluate.ts';
import { settingNames } from '../../../policies/parameters/postgresql-settings.ts';
import { CONTEXT, seen, written } from '../../contract/objects.ts';
import type { Answer } from './answers.ts';
import { recordedAnswers, recordedModules, recordedStarts } from './answers.ts';

/** The rules that repeat the verdict of the server and Patroni; others judge the harm of a value, or its place in a file. */
const JUDGES: ReadonlySet<string> = new Set(['parameters-name', 'parameters-known', 'parameters-accepted']);

/** Findings about the start of a server; for a library that the image lacks, a warning. */
const STARTERS: ReadonlySet<string> = new Set(['parameters-startable', 'parameters-libraries-installed']);

const ANSWERS = recordedAnswers().filter(({ name }) => !ENGINES.postgresql.parameters.isOwned(name));

function findings(version: string, parameters: object): string[] {
  const object = seen(written('Database', { spec: { version, parameters } }));
  return evaluate({ object }, CONTEXT).flatMap(({ rule, severity }) => (severity === 'error' ? [rule] : []));
}

/** A problem of a single value may also appear as a failed start: servers check some limits at once, others later. */
function isAsAnswered({ major, name, value, right }: Answer): boolean {
  const rules = findings(major, { [name]: value });
  const refused = rules.some((rule) => JUDGES.has(rule));
  return right ? !refused : refused || rules.includes('parameters-startable');
}

describe('Settings of PostgreSQL', () => {
  for (const { series } of ENGINES.postgresql.series) {
    const ofMajor = ANSWERS.filter(({ major }) => major === series);

    it(`of ${series} are judged as the server and Patroni judge them: ${ofMajor.length} recorded answers`, () => {
      expect(ofMajor).to.have.length.above(1000);
      const different = ofMajor.filter((answer) => !isAsAnswered(answer));
      expect(
        different.map(({ name, value, right }) => `${name} = '${value}' is ${right ? 'right' : 'wrong'}`),
      ).to.deep.equal([]);
    });

    it(`of ${series} have each a right value among the answers`, () => {
      const names = settingNames(series).filter(
        (name) => !name.includes('.') && !ENGINES.postgresql.parameters.isOwned(name),
      );
      const without = names.filter((name) => {
        const rights = new Set(ofMajor.filter((one) => one.name === name).map(({ right }) => right));
        return rights.size > 0 && !rights.has(true);
      });
      expect(without).to.deep.equal([]);
    });
  }

  it('of modules are judged as the modules judge them', () => {
    const all = recordedModules();
    expect(all).to.have.length.above(400);
    const different = all.filter((answer) => !isAsAnswered(answer));
    expect(
      different.map(
        ({ major, name, value, right }) => `${major}: ${name} = '${value}' is ${right ? 'right' : 'wrong'}`,
      ),
    ).to.deep.equal([]);
  });

  it('that keep a server from starting together are refused, but for a library that an own image may have', () => {
    const all = recordedStarts();
    expect(all).to.have.length.above(100);
    const different = all.filter(({ major, settings, starts }) => {
      const object = seen(written('Database', { spec: { version: major, parameters: settings } }));
      const rules = evaluate({ object }, CONTEXT).map(({ rule }) => rule);
      const refused = rules.some((rule) => JUDGES.has(rule) || STARTERS.has(rule));
      return refused === starts;
    });
    expect(different).to.deep.equal([]);
  });
});
