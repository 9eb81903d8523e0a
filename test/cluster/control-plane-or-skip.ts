import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import { controlPlane } from '../../lab/api-server/control-plane.ts';
import { orSkip } from '../or-skip.ts';

/** The control plane of this run, for a `before` hook. */
export const controlPlaneOrSkip = (hook: Mocha.Context): Promise<ControlPlane> => orSkip(hook, controlPlane);
