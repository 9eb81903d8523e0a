import { stopCluster } from './suite.ts';

/** Ends the cluster after all tests, when one of them started it. */
export const mochaHooks = {
  async afterAll(this: Mocha.Context): Promise<void> {
    this.timeout('1m');
    await stopCluster();
  },
};
