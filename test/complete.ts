/** Whether everything is played, as by `npm run test:crash`, `test:hostile` and `test:backups`, and not a sample. */
export const isComplete = process.env['COMPLETE'] === 'true';

/** In a `before` hook of a long suite: skips it where a sample is played, and says which command plays it. */
export function completeOrSkip(hook: Mocha.Context, command: string): void {
  if (isComplete) return;
  process.stderr.write(`SKIPPED, ${hook.test?.parent?.title ?? ''}: takes minutes; npm run ${command} plays it\n`);
  hook.skip();
}
