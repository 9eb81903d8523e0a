/** A text as a merge leaves it that nobody resolved: two sides of one line. */
export function inConflict(text: string, line: string): string {
  if (!text.includes(line)) throw new Error(`no line ${line}`);
  return text.replace(line, `<<<<<<< HEAD\n${line}\n=======\n${line} # theirs\n>>>>>>> topic`);
}

/** The first part of a text, as a job leaves it that dies while it writes: it ends within the value of a line. */
export function cutWithin(text: string, line: string): string {
  const at = text.indexOf(line);
  if (at < 0) throw new Error(`no line ${line}`);
  return text.slice(0, at + line.length - 1);
}

/** The first documents of a text, as a job leaves it that dies between two of them. */
export function cutBefore(text: string, kind: string): string {
  const documents = text.split('\n---\n');
  const at = documents.findIndex((one) => one.includes(`\nkind: ${kind}\n`));
  if (at < 1) throw new Error(`no ${kind} behind others`);
  return `${documents.slice(0, at).join('\n---\n')}\n`;
}
