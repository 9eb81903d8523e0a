import { ENGINES } from '../../database/engines/index.ts';
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { roleStatements } from '../../controller/credentials/statements.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { rendered } from '../generator/network-scene.ts';
import { nameOf } from '../generator/manifests.ts';
import { PATHS } from '../../generator/postgresql/paths-and-ports.ts';
import { exportersOf } from './exporters.ts';
import { hasImage } from '../../lab/cluster/has-image.ts';
import { SHAPES, shapesIn } from '../generator/alerts/series.ts';
import { Restricted } from './restricted.ts';

const LIMIT_MS = 150_000;
const BUILT = ENGINES.postgresql.series
  .map(({ series }) => ({ major: series, image: `localhost/ballast/postgresql:${series}` }))
  // Only root can run them as pods do.
  .filter(({ image }) => process.getuid?.() === 0 && hasImage(image));

const own = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');

function manifestsOf(version: string, account?: string): Manifest[] {
  const spec = { version, monitoring: { enabled: true }, backup: { destination: 's3://acme-backups/orders' } };
  return rendered({ spec, ...(account !== undefined && { account }) });
}

function filesOf(major: string, account?: string): Record<string, string> {
  return manifestsOf(major, account).find((one) => one.kind === 'ConfigMap' && nameOf(one) === 'orders-settings')?.[
    'data'
  ] as Record<string, string>;
}

/** Everybody gets these; they say nothing of the cluster but how its members are. */
const OPEN = ['GET:/liveness', 'GET:/readiness', 'GET:/metrics', 'raw:GET_metrics+/cluster+HTTP/1.0'];
/** All other requests, with their status for clients with a certificate. */
const GUARDED: Readonly<Record<string, number>> = {
  'GET:/': 200,
  'GET:/primary': 200,
  'GET:/replica': 503,
  'GET:/health': 200,
  'GET:/patroni': 200,
  'GET:/cluster': 200,
  'GET:/config': 200,
  'GET:/config/x': 200,
  'GET:/history': 200,
  'GET:/failsafe': 200,
  'GET:/x': 503,
  'HEAD:/primary': 200,
  'OPTIONS:/primary': 200,
  'POST:/reload': 202,
  'POST:/reinitialize': 503,
  'PATCH:/config': 400,
  'PUT:/config': 400,
  'DELETE:/restart': 404,
};
const ODD = [
  'raw:GET+/config',
  'raw:GET+//config+HTTP/1.0',
  'raw:GET_config+/+HTTP/1.0',
  'raw:PATCH_config+/+HTTP/1.0',
];

if (BUILT.length === 0) {
  describe('Members of an image', () => {
    it.skip('log in to each other with their certificate (no image is built here, see images/README.md)');
  });
}

for (const { major, image } of BUILT) {
  describe(`Two members of the image of PostgreSQL ${major}`, function () {
    this.timeout(LIMIT_MS);
    let container: Restricted;
    let sections: ReadonlyMap<string, readonly string[]>;
    const section = (name: string): readonly string[] => sections.get(name) ?? [];

    before(async () => {
      container = await Restricted.of(image, major, {
        ...filesOf(major, 'ballast-member-orders'),
        'monitor.sql': roleStatements(new Map(), { roles: new Map(), hasDatabase: true })[0]!.sql.reveal(),
        'pg_hba-strict.conf': filesOf(major)['pg_hba.conf'] ?? '',
        'kubernetes-api.py': own('kubernetes-api.py'),
        'rest-api.py': own('rest-api.py'),
      });
      const requests = [...OPEN, ...Object.keys(GUARDED), ...ODD].join(' ');
      const variables = { TLS: PATHS.tls, REQUESTS: requests };
      const beside = exportersOf(manifestsOf(major));
      const { output } = container.run(own('two-members.sh'), variables, { limitMs: LIMIT_MS, beside });
      const parts = output.split(/^== /m).slice(1);
      sections = new Map(parts.map((part) => [part.split('\n')[0] ?? '', part.trim().split('\n').slice(1)]));
      expect([...sections.keys()].at(-1), output).to.equal('end');
    });

    after(() => {
      container.remove();
    });

    it('present their certificate without a request for it', () => {
      expect(section('before')).to.deep.equal(['open', 'replicator|walsender|t|t']);
    });

    it('go on streaming when it is asked for, which a running member learns by itself', () => {
      expect(section('after')).to.deep.equal(['replicator|walsender|t|t']);
    });

    it('stream again with it after the connection has ended', () => {
      expect(section('again')).to.deep.equal(['replicator|walsender|t|t']);
    });

    it('are measured by an account that cannot log in as another role', () => {
      expect(section('logins')).to.have.lengthOf(3);
      expect(section('logins')[0]).to.include('Peer authentication failed for user "postgres"');
      for (const line of section('logins').slice(1)) expect(line).to.match(/no password supplied|no pg_hba.conf entry/);
    });

    it('have series of the names and labels that the alerts ask for', () => {
      expect(shapesIn(section('measured'))).to.deep.equal(SHAPES);
    });

    const seriesIn = (name: string): ReadonlyMap<string, number> =>
      new Map(section(name).map((line) => [line.split(/[ {]/)[0] ?? '', Number(line.split(' ').at(-1))]));

    it('tell how far a standby is behind whose replay waits for a query', () => {
      const series = seriesIn('held up');
      expect(series.get('pg_standby_replay_lag_seconds')).to.be.above(1);
      expect(series.get('pg_standby_replay_lag_bytes')).to.be.above(1_000_000);
      expect(series.get('pg_standby_flush_lag_bytes')).to.equal(0);
    });

    it('tell nothing of standbys where none is, and no error', () => {
      expect(Object.fromEntries(seriesIn('standby'))).to.deep.equal({ pg_exporter_last_scrape_error: 0, pg_up: 1 });
    });

    it('are measured by the exporter of the new primary after a switchover', () => {
      expect([...seriesIn('new primary').keys()]).to.include('pg_standby_replay_lag_seconds');
    });

    it('follow each other the other way round after a switchover', () => {
      expect(section('switched')).to.deep.equal(['replicator|walsender|t|t']);
    });

    const answersTo = (request: string): readonly string[] =>
      section('rest')
        .find((line) => line.startsWith(`${request}|`))
        ?.split('|')
        .slice(1) ?? [];

    for (const request of OPEN) {
      it(`answer every client: ${request}`, () => {
        expect(answersTo(request)[0]).to.match(/^(HTTP\/1\.0 )?200/);
      });
    }

    for (const [request, status] of Object.entries(GUARDED)) {
      it(`answer only clients with a certificate: ${request}`, () => {
        const [without = '', shown = ''] = answersTo(request);
        expect([without.split(' ')[0], Number(shown.split(' ')[0])]).to.deep.equal(['403', status]);
      });
    }

    for (const request of ODD) {
      it(`reveal nothing to an odd request: ${request}`, () => {
        expect(answersTo(request)[0]).to.match(/^(HTTP\/1\.0 (403|404|505) |client certificate required)/);
      });
    }
  });
}
