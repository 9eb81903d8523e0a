import { ENGINES } from '../../database/engines/index.ts';
import { expect } from 'chai';
import { readAuthorities } from '../../certificates/secret.ts';
import { listenAddress } from '../../cli/options.ts';
import { readDestination } from '../../database/destination.ts';
import { formatPath, quoteValue } from '../../database/finding.ts';
import { printableLine } from '../../database/printable-line.ts';
import { quantityOf, retentionOf } from '../../database/resolve.ts';
import { suggest } from '../../database/suggest.ts';
import { parseSchedule } from '../../database/values/cron.ts';
import { parseDuration } from '../../database/values/duration.ts';
import { isLabelValue, isNamespaceName, isQualifiedName } from '../../database/values/labels.ts';
import { quantityRemedy } from '../../database/values/quantity-remedy.ts';
import { canonicalQuantity } from '../../database/values/quantity.ts';
import { closestTimeZone, isTimeZone } from '../../database/values/time-zone.ts';
import { emitYaml } from '../../generator/emit.ts';
import { findVersion, nearestSeries } from '../../policies/versions.ts';
import { sharedBuffersBytes } from '../../policies/parameters.ts';
import { mongodbNameProblem, mongodbValueProblem } from '../../policies/parameters/mongodb.ts';
import { mysqlBytes, mysqlNameProblem, mysqlValueProblem } from '../../policies/parameters/mysql.ts';
import { readNumber } from '../../policies/parameters/numbers.ts';
import { valueProblem } from '../../policies/parameters/postgresql-value.ts';
import { nameProblem } from '../../policies/parameters/unknown-name.ts';
import { targetTimeProblems } from '../../policies/target-time.ts';
import { growthLine, growthOf, isLinear } from './cost.ts';
import { isComplete } from '../complete.ts';

const CHARACTERS = isComplete ? 1_000_000 : 200_000;
const LONGEST_SECONDS = 20;

/** Readers and writers of one value, as if no schema stood before them. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'a schedule': parseSchedule,
  'an interval of a schedule': (text) => parseSchedule(`@every ${text}`),
  'a duration': parseDuration,
  'a quantity, read and written back': (text) => {
    const quantity = quantityOf(text);
    return quantity && canonicalQuantity(quantity);
  },
  'the remedy for a quantity': quantityRemedy,
  'a time zone': (text) => [isTimeZone(text), closestTimeZone(text)],
  'a point in time': (text) => targetTimeProblems(text, [], new Date(0)),
  'a retention': retentionOf,
  'a destination': (text) => [readDestination(text), readDestination(`s3://${text}`)],
  'a prefix': (text) => readDestination({ s3: { bucket: 'a', prefix: text } }),
  'a version': (text) => [findVersion('mysql', text), nearestSeries('postgresql', text)],
  'a size of memory': sharedBuffersBytes,
  'a number with a unit, as PostgreSQL reads it': (text) => [
    readNumber(text, { unit: '8kB', whole: true }),
    readNumber(text, { unit: 'ms', whole: false }),
  ],
  'a value of a setting': (text) => [
    ...['timezone', 'DateStyle', 'search_path', 'work_mem', 'log_statement', 'backtrace_functions'].map((name) =>
      valueProblem('17', name, text),
    ),
    mysqlValueProblem('sql_mode', text),
    mysqlBytes(text),
    mongodbValueProblem('operationProfiling.mode', text),
  ],
  'a name that a server may know': (text) => [
    nameProblem('17', text, true),
    nameProblem('17', `auto_explain.${text}`, true),
    mysqlNameProblem('8.4', text),
    mongodbNameProblem(text, [text], true),
  ],
  'a name of a setting': (text) => Object.values(ENGINES).map(({ parameters }) => parameters.form.test(text)),
  'a setting that Ballast may own': (text) => [
    ENGINES.mysql.parameters.isOwned(text),
    ENGINES.postgresql.parameters.isOwned(text),
  ],
  'a key, a label, a namespace': (text) => [isQualifiedName(text), isLabelValue(text), isNamespaceName(text)],
  'a misspelt word': (text) => suggest(text, ['postgresql', 'mysql', 'mongodb']),
  'an address to listen on': (text) => {
    try {
      return listenAddress(text);
    } catch {
      return undefined;
    }
  },
  'a text on one line': printableLine,
  'a value in a message': quoteValue,
  'a path in a message': (text) => formatPath([text, text]),
  certificates: readAuthorities,
  'a rendered text': (text) => emitYaml({ a: text, [text]: 'a' }),
};

/** The beginning, the repeated part, and the end of a text. */
const TEXTS: readonly (readonly [before: string, piece: string, after: string])[] = [
  ['', '1', '!'],
  ['0', '1', '+'],
  ['.', '0', '!'],
  ['1', '.1', ''],
  ['1', ' ', 'x'],
  ['a', '/', 'x'],
  ['s3://a', '/', 'x'],
  ['', 'a:', '//@'],
  ['', '://a@', ''],
  ['', 'a', '-'],
  ['', 'a-', ''],
  ['', 'a.', ''],
  ['', '1h', '0'],
  ['', ',000', ',00'],
  ['', '1,', ' * * * *'],
  ['', '1 ', ''],
  ['* * * * ', '1-', ''],
  ['', '\n', 'x'],
  ['', 'a\n', ''],
  ['', '"\\', ''],
  ['', '\u0000', ''],
  ['', '\ud800', ''],
  ['', '-----BEGIN CERTIFICATE-----', ''],
  ['-----BEGIN CERTIFICATE-----', 'A', '-'],
  ['', 'Europe/', 'Berlin'],
];

describe(`A value of ${CHARACTERS} characters costs what its length allows`, function () {
  this.timeout(LONGEST_SECONDS * 20_000);

  for (const [name, read] of Object.entries(READERS)) {
    it(name, async () => {
      for (const [before, piece, after] of TEXTS) {
        const work = (characters: number) => {
          const text = `${before}${piece.repeat(characters / piece.length)}${after}`;
          return () => read(text);
        };
        const growth = await growthOf(work, CHARACTERS);
        const shown = growthLine(`${name}: ${JSON.stringify([before, piece, after])}`, growth);
        expect(isLinear(growth), shown).to.equal(true);
        expect(growth.large, shown).to.be.below(LONGEST_SECONDS);
      }
    });
  }
});
