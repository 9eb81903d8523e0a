import { stopControlPlane } from './control-plane.ts';

/** Ends the control plane after all tests, when one of them started it. */
export const mochaHooks = { afterAll: stopControlPlane };
