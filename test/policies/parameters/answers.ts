import { ENGINES } from '../../../database/engines/index.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The answers of a real server and Patroni about one line of a configuration file. */
export interface Answer {
  readonly major: string;
  readonly name: string;
  readonly value: string;
  /** Whether the server takes it, and Patroni hands it to the server as it is. */
  readonly right: boolean;
}

const MAJORS = ENGINES.postgresql.series.map(({ series }) => series);

/** Settings together, and whether a server starts with them. */
export interface Start {
  readonly major: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly starts: boolean;
}

function linesOf(file: string): string[][] {
  const text = readFileSync(join(import.meta.dirname, file), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => line.split('\t'));
}

/** Reads the starts that `npm run parameters` tried. */
export function recordedStarts(): Start[] {
  return linesOf('starts.tsv').flatMap(([json = '{}', answers = '']) => {
    const settings = JSON.parse(json) as Start['settings'];
    return MAJORS.flatMap((major, index) =>
      answers[index] === '.' ? [] : [{ major, settings, starts: answers[index] === '+' }],
    );
  });
}

/** Reads the file that `npm run parameters` writes; without unanswered questions. */
export function recordedAnswers(): Answer[] {
  return linesOf('answers.tsv').flatMap(([name = '', value = '', server = '', patroni = '']) => {
    return MAJORS.flatMap((major, index) =>
      server[index] === '.' ? [] : [{ major, name, value, right: server[index] === '+' && patroni[index] === '+' }],
    );
  });
}

/** Reads what modules said about their settings. */
export function recordedModules(): Answer[] {
  return linesOf('modules.tsv').flatMap(([name = '', value = '', server = '']) =>
    MAJORS.flatMap((major, index) =>
      server[index] === '.' ? [] : [{ major, name, value, right: server[index] === '+' }],
    ),
  );
}
