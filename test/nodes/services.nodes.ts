import { expect } from 'chai';
import type { Cluster } from '../../lab/cluster/layout.ts';
import { runIn } from '../../lab/cluster/machine.ts';
import { apply, clusterOrSkip, inPod, kubectl, startPod } from './suite.ts';
import { until } from '../../lab/processes/until.ts';

const PORT = 8080;
const SERVE = `cd /dev/shm && echo hello >greeting && exec /busybox httpd -f -p ${PORT}`;
const ask = (address: string): string =>
  `printf 'GET /greeting HTTP/1.0\\r\\n\\r\\n' | nc -w 5 ${address} ${PORT} | tail -n 1`;
/** The name is looked up first: a static program of glibc's cannot ask for names as others do. */
const ASK = ask("$(nslookup server.default.svc.cluster.local | awk '/^Address: [0-9]/ { print $2 }')");

describe('Services of the cluster', function () {
  this.timeout('2m');
  let cluster: Cluster;

  before(async function () {
    cluster = await clusterOrSkip(this);
    const spec = { selector: { app: 'server' }, ports: [{ port: PORT }] };
    await apply({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'server' }, spec });
    await startPod('server', { node: 'n1', commands: SERVE });
    await startPod('neighbour', { node: 'n1' });
    await startPod('stranger', { node: 'n3' });
    const reached = (): Promise<boolean> => inPod('stranger', ASK).then((answer) => answer !== '');
    await until(reached, 30_000, 'the Service answers nobody');
  });

  const askers = [
    { pod: 'stranger', sentence: 'are found by name and reached from another node' },
    { pod: 'neighbour', sentence: 'are reached by a pod beside the one that serves' },
    { pod: 'server', sentence: 'are reached by the pod that serves' },
  ];
  for (const { pod, sentence } of askers) {
    it(sentence, async () => {
      expect(await inPod(pod, ASK)).to.equal('hello\n');
    });
  }

  it('are reached from where the API server is, as its webhooks must be', async () => {
    const address = await kubectl(['get', 'service', 'server', '--output', 'jsonpath={.spec.clusterIP}']);
    expect(await runIn(cluster.control, ['busybox', 'sh', '-c', ask(address)])).to.equal('hello\n');
  });

  it('leave names of the world outside unknown, at once', async () => {
    const asked = await inPod('stranger', 'nslookup example.org 2>&1 || true');
    expect(asked).to.contain('NXDOMAIN');
  });
});
