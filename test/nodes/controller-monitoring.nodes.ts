import { expect } from 'chai';
import { SHAPES, shapesIn } from '../generator/alerts/series.ts';
import { FOREIGN_KINDS, FOREIGN_NAMES } from '../cluster/foreign-kinds.ts';
import { until } from '../cluster/controller.ts';
import { story } from './story.ts';

const LIMIT_MS = 120_000;
const READ = "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:9187/metrics').read().decode())";

describe('a monitored Database', function () {
  this.timeout('8m');
  const { user } = story({
    namespace: 'measured',
    begin: async () => {
      const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: FOREIGN_KINDS });
      await user.kubectl.run(['apply', '--server-side', '--filename=-'], { input });
      await user.kubectl.run(['wait', '--for=condition=Established', ...FOREIGN_NAMES]);
      await user.apply({ replicas: 2, monitoring: { enabled: true } });
      await user.untilSettled();
    },
  });

  const inExporter = (pod: string, ...command: string[]): Promise<string> =>
    user.kubectl.run(['exec', pod, '--container=exporter', '--', ...command]);
  const metrics = async (pod: string): Promise<string[]> =>
    (await inExporter(pod, 'python3', '-c', READ)).split('\n').filter((line) => line.startsWith('pg_'));

  it('has an exporter beside each member that is let in by its account alone', async () => {
    for (const { name } of await user.pods()) {
      expect((await inExporter(name, 'id', '-un')).trim()).to.equal('ballast_monitor');
      await until(
        () => metrics(name),
        (lines) => lines.includes('pg_up 1') && lines.includes('pg_exporter_last_scrape_error 0'),
        LIMIT_MS,
      );
    }
  });

  it('tells of its standby at the primary, in series that the alerts ask for', async () => {
    const { primary = '' } = await user.status();
    const lines = (await metrics(primary)).filter((line) => line.startsWith('pg_standby_'));
    const wanted = Object.entries(SHAPES).filter(([name]) => name.startsWith('pg_standby_'));
    expect(shapesIn(lines)).to.deep.equal(Object.fromEntries(wanted));
    expect(lines.join()).to.include('standby="orders-');
  });

  it('lets the exporter log in as no other role', async () => {
    const login = "psql -w 'user=postgres dbname=postgres' -c '' 2>&1 || true";
    const [{ name } = { name: '' }] = await user.pods();
    expect(await inExporter(name, 'sh', '-c', login)).to.include('Peer authentication failed');
  });
});
