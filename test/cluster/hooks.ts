import { stopControlPlane } from '../../lab/api-server/control-plane.ts';

/** Ends the control plane after all tests, when one of them started it. */
export const mochaHooks = {
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout('1m');
    await stopControlPlane();
  },
};
