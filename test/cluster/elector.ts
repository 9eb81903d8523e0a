/** Stands for election until SIGTERM: `node elector.ts KUBECONFIG NAMESPACE LEASE IDENTITY`. Prints `elected` when it leads. */
import { connect } from '../../kubernetes/connect.ts';
import { systemClock } from '../../kubernetes/clock.ts';
import { Election } from '../../kubernetes/leader-election.ts';

const [, , kubeconfig = '', namespace = '', name = '', identity = ''] = process.argv;
const say = (fields: object, message: string): void => {
  process.stderr.write(`${identity}: ${message} ${JSON.stringify(fields)}\n`);
};
const election = new Election({
  ...{ api: connect(kubeconfig), clock: systemClock, lease: { namespace, name }, identity },
  log: { info: () => undefined, warn: say, error: say },
  times: { durationMs: 6000, renewDeadlineMs: 4000, renewMs: 1000, pollMs: 500 },
  onElected: () => process.stdout.write('elected\n'),
  onLost: () => process.exit(1),
});
election.start();
process.on('SIGTERM', () => {
  void election.stop().then(() => process.exit(0));
});
