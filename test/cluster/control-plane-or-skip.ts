import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import { controlPlane } from '../../lab/api-server/control-plane.ts';
import { NoPrograms } from '../../lab/programs/kubernetes-programs.ts';

/** The control plane of this run, for a `before` hook: a machine that cannot run it skips the suite, and the test says so. */
export async function controlPlaneOrSkip(hook: Mocha.Context): Promise<ControlPlane> {
  // The first run on a machine builds its programs.
  hook.timeout('20m');
  try {
    return await controlPlane();
  } catch (error) {
    if (!(error instanceof NoPrograms)) throw error;
    process.stderr.write(`SKIPPED, ${hook.test?.parent?.title ?? ''}: ${error.message}\n`);
    return hook.skip();
  }
}
