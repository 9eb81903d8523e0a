import { ENGINES } from '../../database/engines/index.ts';
import { expect } from 'chai';
import { psqlCommand } from '../../cli/kubectl/commands/psql.ts';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MONITOR } from '../../generator/postgresql/exporter.ts';
import { familyOf } from '../../database/family.ts';
import { render } from '../../generator/render.ts';
import { nameOf } from '../generator/manifests.ts';
import { admit } from '../generator/databases.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import { hasImage } from '../../lab/cluster/has-image.ts';
import { Restricted, configurationOf } from './restricted.ts';

const FOLDER = join(import.meta.dirname, '../../images/postgres');
const lines = (file: string): string[] => readFileSync(join(FOLDER, file), 'utf8').split('\n');

const BUILT = ENGINES.postgresql.series
  .map(({ series }) => ({ major: series, image: `localhost/ballast/postgresql:${series}` }))
  // Only root can run them as pods do.
  .filter(({ image }) => process.getuid?.() === 0 && hasImage(image));

/** The files that a Database with backups mounts. */
function settingsOf(major: string): Record<string, string> {
  const manifests = render(
    familyOf(
      admit({
        apiVersion: 'db.example.com/v1alpha1',
        kind: 'Database',
        metadata: { name: 'orders', namespace: 'shop' },
        spec: {
          version: major,
          replicas: 3,
          storage: { size: '10Gi' },
          backup: {
            enabled: true,
            destination: { s3: { bucket: 'bucket', endpoint: 'store', caSecret: 'ca', credentialsSecret: 'keys' } },
          },
        },
      }),
    ),
    NO_SETTINGS,
  );
  const settings = manifests.find((each) => each.kind === 'ConfigMap' && nameOf(each) === 'orders-settings');
  return settings?.['data'] as Record<string, string>;
}

/** The environment of a member from the generator. */
const MEMBER = {
  PATRONI_NAME: 'orders-0',
  PATRONI_KUBERNETES_POD_IP: '10.244.1.7',
  PATRONI_POSTGRESQL_CONNECT_ADDRESS: '10.244.1.7:5432',
  PATRONI_RESTAPI_CONNECT_ADDRESS: 'orders-0.orders-pods.shop.svc.cluster.local:8008',
  PATRONI_SUPERUSER_PASSWORD: 'first',
  PATRONI_REPLICATION_PASSWORD: 'second',
};

/** pgBackRest's exit codes for an option that it does not know, cannot take or misses. */
const REFUSED = [31, 32, 37];

const UNCOMPILED = `
import importlib.util, pathlib, sys
for source in pathlib.Path(sys.argv[1]).rglob('*.py'):
    compiled = pathlib.Path(importlib.util.cache_from_source(str(source)))
    # The second word of the header is 1 where the source's time and content are not looked at.
    if not compiled.exists() or compiled.read_bytes()[4] != 1: print(source)
`;

describe('The sources of the PostgreSQL image', () => {
  it('pin every package, and what it must contain', () => {
    const packages = lines('requirements.txt')
      .join('\n')
      .replaceAll('\\\n', '')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(packages).to.have.length.greaterThan(5);
    for (const line of packages) expect(line).to.match(/^[a-z0-9-]+==\S+( +--hash=sha256:[0-9a-f]{64})+$/);
  });

  it('have the same Patroni in both lists', () => {
    const [pinned] = lines('requirements.in').filter((line) => line.startsWith('patroni=='));
    expect(lines('requirements.txt')).to.include(`${pinned ?? ''} \\`);
  });

  it('copy nothing that is not there', () => {
    const copied = lines('Dockerfile').flatMap((line) => /^COPY (?:--chmod=\d+ )?([^-\s]\S*) /.exec(line)?.[1] ?? []);
    expect(copied).to.include('requirements.txt');
    expect(copied.filter((name) => !existsSync(join(FOLDER, name)))).to.deep.equal([]);
  });

  it('have the account of the exporter, named like the role that it logs in as', () => {
    const [made = ''] = lines('Dockerfile').filter((line) => line.includes(` ${MONITOR.role};`));
    expect(made).to.include(`useradd --uid ${MONITOR.account} --gid 999 `);
  });

  if (BUILT.length === 0) it.skip('make an image (no image is built here, see images/README.md)');
});

for (const { major, image } of BUILT) {
  describe(`The image of PostgreSQL ${major}`, function () {
    this.timeout(60_000);
    const settings = settingsOf(major);
    let container: Restricted;

    before(async () => {
      container = await Restricted.of(image, major, settings);
    });
    after(() => {
      container.remove();
    });

    it('runs under an account of its own that may change nothing of it', () => {
      expect(configurationOf(image).User).to.equal('999:999');
      const { output } = container.run(
        'id -un; touch /usr/x /etc/ballast/x; grep -E "CapEff|NoNewPrivs" /proc/self/status',
      );
      expect(output.split('\n')).to.deep.equal([
        'postgres',
        "touch: cannot touch '/usr/x': Read-only file system",
        "touch: cannot touch '/etc/ballast/x': Permission denied",
        'CapEff:\t0000000000000000',
        'NoNewPrivs:\t1',
      ]);
    });

    it('has every program on its path, in the versions that were asked for', () => {
      const [patroni] = lines('requirements.in').filter((line) => line.startsWith('patroni=='));
      const { code, output } = container.run(
        'set -e; patroni --version; patronictl version; for program in postgres psql initdb pg_rewind pg_isready prometheus-postgres-exporter; do $program --version; done; pgbackrest version; for program in member on-role-change reload; do command -v ballast-$program; done',
      );
      expect(code, output).to.equal(0);
      expect(output).to.match(new RegExp(`^patroni ${patroni?.slice('patroni=='.length) ?? ''}$`, 'm'));
      expect(output.match(new RegExp(`\\(PostgreSQL\\) ${major}\\.\\d+`, 'g'))).to.have.length(5);
    });

    it('makes a database as Patroni does, and serves it with the rendered settings', () => {
      const { code, output } = container.run(
        `set -e
        initdb --pgdata "$DATA" --encoding UTF8 --locale C.UTF-8 --data-checksums --auth-local peer --auth-host scram-sha-256 >made
        echo "include '/etc/ballast/postgresql.conf'" >>"$DATA/postgresql.conf"
        pg_ctl -D "$DATA" -w -l log -o "-c listen_addresses='' -c shared_buffers=16MB" start >started || cat log
        for name in server_encoding data_checksums ssl hba_file; do psql -Atc "show $name"; done
        psql -Atc 'set jit = on; set jit_above_cost = 0; select sum(n) from generate_series(1, 1000) n' | tail -n 1
        pg_ctl -D "$DATA" -w stop >stopped`,
        { DATA: '/var/lib/ballast/pgdata' },
      );
      expect(output.split('\n')).to.deep.equal(['UTF8', 'on', 'on', '/etc/ballast/pg_hba.conf', '500500']);
      expect(code).to.equal(0);
    });

    it('lets the plugin of kubectl open psql: to read at first, to write when asked', () => {
      const session = (sql: string, write: boolean): string => {
        const command = psqlCommand(['-Atc', sql], { database: 'postgres', write });
        return command.map((word) => `'${word}'`).join(' ');
      };
      const { output } = container.run(
        `set -e
        initdb --pgdata "$DATA" --auth-local peer --auth-host scram-sha-256 >made
        echo "include '/etc/ballast/postgresql.conf'" >>"$DATA/postgresql.conf"
        pg_ctl -D "$DATA" -w -l log -o "-c listen_addresses='' -c shared_buffers=16MB" start >started || cat log
        ${session('SELECT current_user', false)}
        ${session('CREATE TABLE made ()', false)} || true
        ${session('CREATE TABLE made ()', true)}
        pg_ctl -D "$DATA" -w stop >stopped`,
        { DATA: '/var/lib/ballast/pgdata' },
      );
      expect(output.split('\n')).to.deep.equal([
        'postgres',
        'ERROR:  cannot execute CREATE TABLE in a read-only transaction',
        'CREATE TABLE',
      ]);
    });

    it('has a Patroni that finds nothing wrong with the rendered configuration', () => {
      expect(container.run('patroni --validate-config /etc/ballast/patroni.yaml', MEMBER)).to.deep.equal({
        code: 0,
        output: '',
      });
    });

    for (const file of Object.keys(settings).filter((name) => name.startsWith('pgbackrest'))) {
      it(`has a pgBackRest that takes every option of ${file}`, () => {
        const version = container.run('pgbackrest version').output;
        const before254 = Number(version.split('.')[1]) < 54;
        // `prefer` came with 2.54; Debian 12 has 2.45.
        const source = before254 ? `sed 's/^backup-standby=prefer$/backup-standby=y/'` : 'cat';
        const commands = [
          '--stanza=orders check',
          '--stanza=orders backup',
          '--stanza=orders archive-push x',
          'server',
        ];
        // They look for hosts that are not there, for longer than it takes to read their options.
        const runs = commands.map(
          (command) => `{ timeout 2 pgbackrest --config=/tmp/conf ${command}; echo "exit code $?"; } &`,
        );
        const { output } = container.run(`${source} /etc/ballast/${file} >conf; ${runs.join(' ')} wait`, {
          PGBACKREST_REPO1_S3_KEY: 'key',
          PGBACKREST_REPO1_S3_KEY_SECRET: 'secret',
        });
        const codes = [...output.matchAll(/exit code (\d+)/g)].map(([, code]) => Number(code));
        expect(codes).to.have.length(commands.length);
        expect(codes, output).not.to.include.oneOf(REFUSED);
        expect(output).not.to.match(/invalid option/);
      });
    }

    it('carries no key, no program that lends rights, no lists of packages and no installer', () => {
      const { output } = container.run(
        'find / -xdev \\( -perm /6000 -type f -o -name "*snakeoil*" -o -path "/etc/ssl/private/*" -o -path "/var/lib/apt/lists/*_Packages*" \\) 2>/dev/null; command -v pip pip3 gcc make curl wget ssh',
      );
      expect(output).to.equal('');
    });

    it('trusts a cluster whose certificates lack what only RFC 5280 wants, as every other client does', () => {
      const look =
        'import ssl, urllib3.util as u; print(u.create_urllib3_context().verify_flags & ssl.VERIFY_X509_STRICT)';
      expect(container.run(`/opt/patroni/bin/python3 -c '${look}'`).output).to.match(
        /^(0|VerifyFlags\.VERIFY_DEFAULT)$/,
      );
    });

    for (const folder of ['/opt/patroni/lib', '/usr/lib']) {
      it(`compiles nothing of ${folder} at its start`, () => {
        expect(container.run(`python3 - ${folder} <<'END'\n${UNCOMPILED}\nEND`).output).to.equal('');
      });
    }
  });
}
