import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { allSchemaPatterns, patternsIn } from './find-patterns.ts';
import { judgePattern } from './judge-pattern.ts';

const ROOT = join(import.meta.dirname, '..');
/** The folders of the program: all outside input reaches the patterns in these. */
const FOLDERS = [
  'database',
  'policies',
  'generator',
  'review',
  'certificates',
  'kubernetes',
  'webhook',
  'controller',
  'cli',
];

const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`),
).sort();

const found = files.map((file) => patternsIn(file, readFileSync(join(ROOT, file), 'utf8')));
const patterns = [...found.flatMap((one) => one.patterns), ...allSchemaPatterns()];
const wrong = found.flatMap(({ unreadable }) => unreadable.map(({ at, reason }) => `${at}: ${reason}`));
const judged = new Map<string, ReturnType<typeof judgePattern>>();
for (const { at, source, flags } of patterns) {
  const written = `/${source}/${flags}`;
  const verdict = judged.get(written) ?? judgePattern({ source, flags });
  judged.set(written, verdict);
  if (!verdict.linear) wrong.push(`${at}: ${written} must be linear: ${verdict.how}`);
}

const proven = [...judged.values()].filter(({ how }) => how === 'proven').length;
const tried = [...judged.values()].filter(({ how }) => how === 'tried').length;
for (const line of wrong) process.stderr.write(`${line}\n`);
process.stdout.write(
  `${patterns.length} patterns, ${judged.size} of them different: ${proven} proven linear, ${tried} attacked in vain, ${wrong.length} wrong\n`,
);
process.exitCode = wrong.length > 0 ? 1 : 0;
