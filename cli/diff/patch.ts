import { createTwoFilesPatch } from 'diff';

/** Two texts with their names. */
export interface TextPair {
  readonly names: readonly [old: string, now: string];
  readonly texts: readonly [old: string, now: string];
}

/** Unchanged lines around a change. */
const CONTEXT = 3;
/** The shortest diff costs the square of its length; beyond this many lines the diff shows all lines as changed. */
const LONGEST_WAY = 200;

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function rangeOf(start: number, count: number): string {
  return `${count === 0 ? start : start + 1},${count}`;
}

/** Shows everything between the first and the last different line as one change. */
function onePatch({ names, texts }: TextPair): string {
  const [old, now] = [linesOf(texts[0]), linesOf(texts[1])];
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const start = Math.max(0, head - CONTEXT);
  const after = Math.min(tail, CONTEXT);
  const end = (lines: readonly string[]): number => lines.length - tail;
  const range = (lines: readonly string[]): string => rangeOf(start, end(lines) + after - start);
  return [
    `--- ${names[0]}`,
    `+++ ${names[1]}`,
    `@@ -${range(old)} +${range(now)} @@`,
    ...old.slice(start, head).map((line) => ` ${line}`),
    ...old.slice(head, end(old)).map((line) => `-${line}`),
    ...now.slice(head, end(now)).map((line) => `+${line}`),
    ...old.slice(end(old), end(old) + after).map((line) => ` ${line}`),
    '',
  ].join('\n');
}

/** A unified diff of two texts: the shortest one, unless the texts differ in too many lines. */
export function unifiedPatch(pair: TextPair): string {
  const { names, texts } = pair;
  const options = { context: CONTEXT, maxEditLength: LONGEST_WAY };
  const patch = createTwoFilesPatch(...names, ...texts, '', '', options);
  return patch ?? onePatch(pair);
}
