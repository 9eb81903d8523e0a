import { findArgoLua } from '../../lab/programs/argo-programs.ts';
import { NoPrograms } from '../../lab/programs/kubernetes-programs.ts';

/** The path of Argo CD's Lua engine, for a `before` hook: a machine that cannot build it skips the suite, and the test says so. */
export async function luaOrSkip(hook: Mocha.Context): Promise<string> {
  // The first run on a machine builds it.
  hook.timeout('20m');
  try {
    return await findArgoLua();
  } catch (error) {
    if (!(error instanceof NoPrograms)) throw error;
    process.stderr.write(`SKIPPED, ${hook.test?.parent?.title ?? ''}: ${error.message}\n`);
    return hook.skip();
  }
}
