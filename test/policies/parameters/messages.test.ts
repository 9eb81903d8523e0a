import { expect } from 'chai';
import { evaluate } from '../../../policies/evaluate.ts';
import { contextOf } from '../../../policies/parameters/context.ts';
import { CONTEXT, seen, written } from '../../contract/objects.ts';

type Spec = Readonly<Record<string, unknown>>;

/** Refused parameters of a Database, each with its remedy. */
function said(spec: Spec): string[] {
  return evaluate({ object: seen(written('Database', { spec })) }, CONTEXT).flatMap(({ severity, problem, remedy }) =>
    severity === 'error' ? [`${problem}; ${remedy}`] : [],
  );
}

const ofPostgresql = (parameters: Spec, version = '17'): string[] => said({ version, parameters });
const ofMysql = (parameters: Spec, version = '8.4'): string[] => said({ engine: 'mysql', version, parameters });
const ofMongodb = (parameters: Spec): string[] => said({ engine: 'mongodb', version: '8.0', parameters });

/** Remedies for values that the server refuses. */
const REMEDIES: Readonly<Record<string, readonly [parameters: Spec, remedy: string]>> = {
  'a unit of Kubernetes': [{ work_mem: '64Mi' }, 'write 64MB'],
  'a unit in other letters': [{ effective_cache_size: '4gb' }, 'write 4GB'],
  'a unit without its B': [{ max_wal_size: '2G' }, 'write 2GB'],
  'a time in words': [{ wal_receiver_timeout: '10 seconds' }, 'write 10s'],
  'minutes that PostgreSQL would read as nothing': [{ statement_timeout: '5m' }, 'write 5min'],
  'a comma for a point': [{ random_page_cost: '1,1' }, 'write 1.1'],
  'thousands with a comma': [{ autovacuum_vacuum_threshold: '1,000' }, 'write 1000'],
  'a share in hundredths': [{ autovacuum_vacuum_scale_factor: '20%' }, 'write 0.2, which is 20%'],
  'a unit of another kind': [{ work_mem: '10s' }, 'write a number with one of the units B, kB, MB, GB, TB'],
  'a misspelt choice': [{ log_statement: 'dll' }, 'did you mean "ddl"?'],
  'a choice nobody has': [{ log_statement: 'everything' }, 'choose one of none, ddl, mod, all'],
  'a word for on': [{ autovacuum: 'enabled' }, 'write on'],
  'the beginning of a word for off': [{ autovacuum: 'f' }, 'write off'],
  'a value out of its range': [{ checkpoint_completion_target: 2 }, 'choose a value from 0 to 1'],
  'a limit in blocks': [{ shared_buffers: 1 }, 'choose a value from 128kB to 8589934584kB'],
  'a time zone with a slip': [{ timezone: 'Europe/Berln' }, 'did you mean "Europe/Berlin"?'],
  'a time zone by its old name': [
    { timezone: 'US/Eastern' },
    'US/Eastern is an old name; write a region and city, such as America/New_York',
  ],
  'a locale of other systems': [
    { lc_messages: 'en_US.UTF-8' },
    'write C.UTF-8, or remove it; collations of languages come from ICU and need no locale of the system',
  ],
};

/** Messages about names, by kind of mistake. */
const NAMES: Readonly<Record<string, readonly [said: readonly string[], line: string]>> = {
  'a slip of the pen': [
    ofPostgresql({ log_statment: 'all' }),
    'must be a setting of PostgreSQL 17; did you mean "log_statement"?',
  ],
  'a setting that a major removed': [
    ofPostgresql({ old_snapshot_threshold: '1h' }),
    'must not be set: PostgreSQL 17 removed it; remove it; nothing takes its place',
  ],
  'a setting that got another name': [
    ofPostgresql({ force_parallel_mode: 'off' }, '16'),
    'must not be set: PostgreSQL 16 removed it; write debug_parallel_query instead',
  ],
  'a setting that is gone for long': [
    ofPostgresql({ checkpoint_segments: 16 }),
    'must not be set: PostgreSQL 9.5 removed it; write max_wal_size instead',
  ],
  'a setting of a later major': [
    ofPostgresql({ io_method: 'worker' }, '16'),
    'must not be set: it comes with PostgreSQL 18; remove it until the database runs PostgreSQL 18',
  ],
  'a setting that only tells': [
    ofPostgresql({ block_size: 8192 }),
    'must not be set: the server tells it, and nobody sets it; remove it',
  ],
  'a module’s setting, misspelt': [
    ofPostgresql({ 'Auto_Explain.log_min_durations': 0 }),
    'must be a setting of auto_explain of PostgreSQL 17; did you mean "auto_explain.log_min_duration"?',
  ],
  'hyphens for underscores': [
    ofPostgresql({ 'work-mem': '8MB' }),
    'must have a name in the form of PostgreSQL’s settings; did you mean "work_mem"?',
  ],
  'two spellings of one': [
    ofPostgresql({ work_mem: '8MB', WORK_MEM: '8MB' }),
    'must not be set twice: work_mem is the same setting; keep one of them',
  ],
  'an option that MySQL 8.4 removed': [
    ofMysql({ 'expire-logs-days': 7 }),
    'must not be set: MySQL 8.4 does not have it any more, and would not start; write binlog_expire_logs_seconds instead',
  ],
  'a size of MySQL in a unit of Kubernetes': [
    ofMysql({ max_allowed_packet: '64Mi' }),
    'must be a size with a unit of MySQL’s: K, M, G or T; write 64M',
  ],
  'a mode that MySQL removed': [
    ofMysql({ sql_mode: 'ANSI,NO_ZERO_DATES' }),
    'must not hold "NO_ZERO_DATES", which it does not know; did you mean "no_zero_date"?',
  ],
  'a section of mongod.conf with a value': [
    ofMongodb({ operationProfiling: 'x', 'operationProfiling.mode': 'all' }),
    'must not have a value of its own: it is a section; write what is in it one by one, such as operationProfiling.mode',
  ],
  'an option of MongoDB with a slip': [
    ofMongodb({ 'operationProfiling.slowOpTresholdMs': 100 }),
    'must be an option of mongod.conf; did you mean "operationProfiling.slowOpThresholdMs"?',
  ],
  'an option of MongoDB that is Ballast’s, in other letters': [
    ofMongodb({ 'systemlog.path': '/x' }),
    'must not be set: Ballast owns this setting; remove it; Ballast sets it for every database of the engine',
  ],
};

describe('What is said about a setting', () => {
  for (const [name, [parameters, remedy]] of Object.entries(REMEDIES)) {
    it(`says what to write instead of ${name}`, () => {
      const lines = ofPostgresql(parameters);
      expect(lines).to.have.lengthOf(1);
      expect(lines[0])
        .to.match(/^must /)
        .and.to.satisfy((line: string) => line.endsWith(`; ${remedy}`));
    });
  }

  for (const [name, [lines, line]] of Object.entries(NAMES)) {
    it(`says what is wrong with ${name}`, () => {
      expect(lines).to.deep.equal([line]);
    });
  }

  it('is nothing where the name is a property that every object has', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'valueOf']) {
      expect(ofPostgresql({ [`${name}.a`]: '1' })).to.deep.equal([]);
      expect(ofPostgresql({ work_mem: `64${name}` })).to.have.lengthOf(1);
      expect(ofMysql({ tostring: '1' })).to.deep.equal([]);
    }
  });
});

describe('A change of a setting', () => {
  it('takes a restart or a reload, as the server of that version says', () => {
    expect(contextOf('postgresql', '17.2', 'Shared_Buffers')).to.equal('restart');
    expect(contextOf('postgresql', 17, 'autovacuum_max_workers')).to.equal('restart');
    expect(contextOf('postgresql', 18, 'autovacuum_max_workers')).to.equal('reload');
    expect(contextOf('postgresql', '17', 'work_mem')).to.equal('reload');
    expect(contextOf('postgresql', '17', 'pg_stat_statements.max')).to.equal('restart');
  });

  it('accepts unknown settings of other engines, versions and names', () => {
    expect(contextOf('postgresql', '17', 'my.own')).to.equal(undefined);
    expect(contextOf('postgresql', '12', 'work_mem')).to.equal(undefined);
    expect(contextOf('mysql', '8.4', 'max_connections')).to.equal(undefined);
  });
});
