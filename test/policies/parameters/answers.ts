import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOG } from '../../../policies/catalog.ts';

/** What a real server and Patroni said about one line of a configuration file. */
export interface Answer {
  readonly major: string;
  readonly name: string;
  readonly value: string;
  /** Whether the server takes it, and Patroni hands it to the server as it is. */
  readonly right: boolean;
}

const MAJORS = CATALOG.postgresql.series.map(({ series }) => series);

/** Reads the file that `npm run parameters` writes; what was not asked is left out. */
export function recordedAnswers(): Answer[] {
  const text = readFileSync(join(import.meta.dirname, 'answers.tsv'), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.flatMap((line) => {
    const [name = '', value = '', server = '', patroni = ''] = line.split('\t');
    return MAJORS.flatMap((major, index) =>
      server[index] === '.' ? [] : [{ major, name, value, right: server[index] === '+' && patroni[index] === '+' }],
    );
  });
}
