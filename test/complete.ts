/** Whether everything is played, as by `npm run test:crash`, `test:hostile` and `test:backups`, and not a sample. */
export const isComplete = process.env['COMPLETE'] === 'true';

/** In a long test, or the `before` hook of a long suite: skips it where a sample is played, and says which command plays it. */
export function completeOrSkip(context: Mocha.Context, command: string): void {
  if (isComplete) return;
  const { title = '', parent } = context.test ?? {};
  const what = title.startsWith('"before all"') ? (parent?.title ?? '') : title;
  process.stderr.write(`SKIPPED, ${what}: takes a minute or more; npm run ${command} plays it\n`);
  context.skip();
}
