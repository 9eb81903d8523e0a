import { realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { change, git, repositoryWith } from './git-repository.ts';
import { RUNS_MS, ballast, folderWith } from './run.ts';
import { database } from './samples.ts';
import { kept } from '../policies/kept.ts';

const CONFIRMED = { annotations: { 'db.example.com/confirm-delete': 'orders' } };
const START = { 'dbs/orders.yaml': database('orders', { version: '16' }), 'dbs/other.yaml': database('other') };

interface Change {
  readonly before?: Readonly<Record<string, string>>;
  readonly change: Readonly<Record<string, string | undefined>>;
  /** The folder of `validate`, relative to the repository, and its arguments. */
  readonly from?: string;
  readonly paths?: readonly string[];
  /** `file rule` of each finding. */
  readonly found: readonly string[];
}

const orders = (spec: object, metadata: object = {}): string => database('orders', spec, metadata);

const exported = (spec: object): string =>
  JSON.stringify({ ...(JSON.parse(orders(spec)) as object), status: { largestVolume: '10Gi' } });

const verify = { schedule: '@daily', gate: { before: ['Deletion', 'DestinationChange'] } };
const guarded = (destination: string, metadata: object = {}): string =>
  orders({ version: '16', deletionPolicy: 'Delete', backup: { destination, verify } }, metadata);
/** An export, with a verification that no API server vouches for. */
const claimed = (text: string): string => {
  const lastVerified = { time: new Date().toISOString(), result: 'Succeeded' };
  return JSON.stringify({ ...(JSON.parse(text) as object), status: { lastVerified } });
};

const CHANGES: Readonly<Record<string, Change>> = {
  nothing: { change: {}, found: [] },
  growth: { change: { 'dbs/orders.yaml': orders({ version: '16', storage: { size: '30Gi' } }) }, found: [] },
  'a smaller volume': {
    change: { 'dbs/orders.yaml': orders({ version: '16', storage: { size: '10Gi' } }) },
    found: ['dbs/orders.yaml storage-no-shrink'],
  },
  'a smaller volume, in a file that has an old status': {
    before: { 'dbs/orders.yaml': exported({ storage: { size: '20Gi' } }) },
    change: { 'dbs/orders.yaml': exported({ storage: { size: '10Gi' } }) },
    found: ['dbs/orders.yaml storage-no-shrink'],
  },
  'an upgrade by one': {
    change: { 'dbs/orders.yaml': orders({ version: '17' }) },
    found: ['dbs/orders.yaml upgrade-not-yet'],
  },
  'a smaller backup volume in another class': {
    before: {
      'dbs/orders.yaml': orders({ backup: { destination: { pvc: { size: '500Gi', storageClassName: 'slow' } } } }),
    },
    change: {
      'dbs/orders.yaml': orders({ backup: { destination: { pvc: { size: '50Gi', storageClassName: 'fast' } } } }),
    },
    found: ['dbs/orders.yaml backup-volume-no-shrink', 'dbs/orders.yaml backup-volume-class-immutable'],
  },
  'a backup volume whose size is left out': {
    before: { 'dbs/orders.yaml': orders({ backup: { destination: { pvc: { size: '500Gi' } } } }) },
    change: { 'dbs/orders.yaml': orders({ backup: { destination: 'pvc://' } }) },
    found: ['dbs/orders.yaml backup-volume-no-shrink'],
  },
  'an upgrade by two': {
    change: { 'dbs/orders.yaml': orders({ version: '18' }) },
    found: ['dbs/orders.yaml version-no-major-skip'],
  },
  'a downgrade': {
    change: { 'dbs/orders.yaml': orders({ version: '15' }) },
    found: ['dbs/orders.yaml version-no-downgrade'],
  },
  'another engine': {
    change: { 'dbs/other.yaml': database('other', { engine: 'mysql', version: '8.4' }) },
    found: ['dbs/other.yaml version-change-alone', 'dbs/other.yaml engine-immutable'],
  },
  'deletion with Retain': { change: { 'dbs/orders.yaml': undefined }, found: [] },
  'deletion with Protect': {
    before: { 'dbs/orders.yaml': orders({ deletionPolicy: 'Protect' }) },
    change: { 'dbs/orders.yaml': undefined },
    found: ['dbs/orders.yaml deletion-protected'],
  },
  'deletion with Delete, unconfirmed': {
    before: { 'dbs/orders.yaml': orders({ deletionPolicy: 'Delete' }) },
    change: { 'dbs/orders.yaml': undefined },
    found: ['dbs/orders.yaml deletion-confirmed'],
  },
  'deletion with Delete, confirmed before': {
    before: { 'dbs/orders.yaml': orders({ deletionPolicy: 'Delete' }, CONFIRMED) },
    change: { 'dbs/orders.yaml': undefined },
    found: [],
  },
  'deletion with a gate, though the file claims a verification': {
    before: { 'dbs/orders.yaml': claimed(guarded('gs://acme/orders', CONFIRMED)) },
    change: { 'dbs/orders.yaml': undefined },
    found: ['dbs/orders.yaml deletion-proven'],
  },
  'another destination behind a gate, though the file claims a verification': {
    before: { 'dbs/orders.yaml': claimed(guarded('gs://acme/orders')) },
    change: { 'dbs/orders.yaml': claimed(guarded('gs://others/orders')) },
    found: ['dbs/orders.yaml destination-change-proven'],
  },
  'another name, which is a deletion too': {
    before: { 'dbs/orders.yaml': orders({ deletionPolicy: 'Protect' }) },
    change: { 'dbs/orders.yaml': database('orders-2', { deletionPolicy: 'Protect' }) },
    found: ['dbs/orders.yaml deletion-protected'],
  },
  'a file of another name, which is no deletion': {
    before: { 'dbs/orders.yaml': orders({ deletionPolicy: 'Protect' }) },
    change: { 'dbs/orders.yaml': undefined, 'dbs/new/a.yaml': orders({ deletionPolicy: 'Protect' }) },
    found: [],
  },
  'a shrink together with a file of another name': {
    change: { 'dbs/orders.yaml': undefined, 'dbs/b.yaml': orders({ version: '16', storage: { size: '1Gi' } }) },
    found: ['dbs/b.yaml storage-no-shrink'],
  },
  'a move between two paths': {
    change: { 'dbs/orders.yaml': undefined, 'b/orders.yaml': orders({ version: '18' }) },
    paths: ['dbs', 'b'],
    found: ['b/orders.yaml version-no-major-skip'],
  },
  'a move out of the path, which is a deletion there': {
    before: { 'dbs/orders.yaml': orders({ deletionPolicy: 'Protect' }) },
    change: { 'dbs/orders.yaml': undefined, 'b/orders.yaml': orders({ deletionPolicy: 'Protect' }) },
    paths: ['dbs'],
    found: ['dbs/orders.yaml deletion-protected'],
  },
  'a mistake for which the whole file cannot be read, which removes nothing': {
    before: { 'dbs/orders.yaml': orders({ deletionPolicy: 'Protect' }) },
    change: { 'dbs/orders.yaml': 'apiVersion: db.example.com/v1alpha1\nkind: [' },
    found: ['dbs/orders.yaml yaml-syntax'],
  },
  'a mistake for which the object cannot be told, which removes nothing': {
    before: { 'dbs/orders.yaml': orders({ deletionPolicy: 'Protect' }) },
    change: { 'dbs/orders.yaml': orders({ deletionPolicy: 'Protect', bootstrap: { restore: {} } }) },
    found: ['dbs/orders.yaml schema-required'],
  },
  'a mistake in the name alone, which removes nothing': {
    before: { 'dbs/orders.yaml': orders({ deletionPolicy: 'Protect' }) },
    change: { 'dbs/orders.yaml': orders({ deletionPolicy: 'Protect' }, { name: 1 }) },
    found: ['dbs/orders.yaml schema-type'],
  },
  'a Database that makes room for something of somebody else': {
    before: { 'dbs/orders.yaml': orders({ deletionPolicy: 'Protect' }) },
    change: { 'dbs/orders.yaml': '{{ template }}' },
    found: ['dbs/orders.yaml deletion-protected'],
  },
  'a fix of what could not be read before': {
    before: { 'dbs/orders.yaml': 'kind: [' },
    change: { 'dbs/orders.yaml': orders({}) },
    found: [],
  },
  'a downgrade in one file': {
    change: { 'dbs/orders.yaml': orders({ version: '15' }) },
    paths: ['dbs/orders.yaml'],
    found: ['dbs/orders.yaml version-no-downgrade'],
  },
  'a downgrade, seen from a folder below': {
    change: { 'dbs/orders.yaml': orders({ version: '15' }) },
    from: 'dbs',
    paths: ['.'],
    found: ['orders.yaml version-no-downgrade'],
  },
  'a downgrade, seen from a folder beside': {
    before: { 'beside/x.txt': '' },
    change: { 'dbs/orders.yaml': orders({ version: '15' }) },
    from: 'beside',
    paths: ['../dbs'],
    found: ['../dbs/orders.yaml version-no-downgrade'],
  },
  'a downgrade in a folder with blanks and letters of all kinds': {
    before: { 'dié Dätenbank 数/ö x.yaml': database('far', { version: '17' }) },
    change: { 'dié Dätenbank 数/ö x.yaml': database('far', { version: '16' }) },
    paths: ['dié Dätenbank 数'],
    found: ['dié Dätenbank 数/ö x.yaml version-no-downgrade'],
  },
};

async function found(folder: string, paths: readonly string[]): Promise<string[]> {
  const { stdout } = await ballast(folder, ['validate', ...paths, '--against', 'HEAD', '--format', 'json']);
  return kept(JSON.parse(stdout) as { file: string; rule: string }[]).map(({ file, rule }) => `${file} ${rule}`);
}

describe('validate --against', function () {
  this.timeout(RUNS_MS);

  for (const [name, { before = {}, change: changed, from = '', paths = ['dbs'], found: wanted }] of Object.entries(
    CHANGES,
  )) {
    it(`${wanted.length > 0 ? 'refuses' : 'allows'} ${name}`, async () => {
      const folder = repositoryWith({ ...START, ...before });
      change(folder, changed);
      expect(await found(join(folder, from), paths)).to.deep.equal(wanted);
    });
  }

  it('refuses in diff what it refuses in validate', async () => {
    const volume = (size: string): string => orders({ backup: { destination: { pvc: { size } } } });
    const folder = repositoryWith({ 'orders.yaml': volume('500Gi') });
    change(folder, { 'orders.yaml': volume('50Gi') });
    const { code, stderr } = await ballast(folder, ['diff', '.', '--against', 'HEAD']);
    expect(code).to.equal(1);
    expect(stderr).to.match(/must not shrink: the backup volume has 500Gi; .*\(backup-volume-no-shrink\)/);
  });

  it('says that a Database is gone, at the place where it was', async () => {
    const folder = repositoryWith({ 'dbs/orders.yaml': orders({ deletionPolicy: 'Protect' }), 'dbs/b.yaml': '' });
    change(folder, { 'dbs/orders.yaml': undefined });
    const { code, stdout } = await ballast(folder, ['validate', 'dbs', '--against', 'main']);
    expect(code).to.equal(1);
    expect(stdout).to.equal(
      'dbs/orders.yaml:1:173: error: spec.deletionPolicy: Invalid value: "Protect": must not be Protect when the Database is deleted (it was removed); set deletionPolicy to Retain or Delete first, let that be synced, then delete (deletion-protected)\n',
    );
  });

  it('only warns of a gate, which a file cannot tell to be open', async () => {
    const folder = repositoryWith({ 'dbs/orders.yaml': guarded('gs://acme/orders', CONFIRMED), 'dbs/b.yaml': '' });
    change(folder, { 'dbs/orders.yaml': undefined });
    const { code, stdout } = await ballast(folder, ['validate', 'dbs', '--against', 'HEAD']);
    expect(code).to.equal(0);
    expect(stdout).to.match(
      /warning: spec[.]backup[.]verify[.]gate: must not be deleted with its data unless its backups were verified in the last 7 days: the API server refuses it otherwise, .*\(deletion-proven\)/,
    );
  });

  it('compares with the revision that was named, not with the last commit', async () => {
    const folder = repositoryWith(START);
    change(folder, { 'dbs/orders.yaml': orders({ version: '16.4' }) });
    git(folder, 'commit', '-q', '-a', '-m', 'second');
    change(folder, { 'dbs/orders.yaml': orders({ version: '16' }) });
    expect(await found(folder, ['dbs'])).to.deep.equal([]);
    change(folder, { 'dbs/orders.yaml': orders({ version: '16.3' }) });
    expect(await found(folder, ['dbs'])).to.deep.equal(['dbs/orders.yaml version-no-downgrade']);
    const { stdout } = await ballast(folder, ['validate', 'dbs', '--against', 'HEAD~1']);
    expect(stdout).to.equal('');
  });

  it('works in a shallow clone, by a link, and not past its depth', async () => {
    const folder = repositoryWith(START);
    git(folder, 'commit', '-q', '--allow-empty', '-m', 'second');
    const place = folderWith();
    git(place, 'clone', '-q', '--depth', '1', `file://${folder}`, 'clone');
    symlinkSync(join(place, 'clone/dbs'), join(place, 'link'));
    change(join(place, 'clone'), { 'dbs/orders.yaml': orders({ version: '15' }) });
    expect(await found(place, ['link'])).to.deep.equal(['link/orders.yaml version-no-downgrade']);
    const { code, stderr } = await ballast(place, ['validate', 'clone', '--against', 'HEAD~1']);
    expect(code).to.equal(2);
    expect(stderr)
      .to.match(/^ballast: --against HEAD~1: there is no such git revision in \S+\/clone; /)
      .and.match(/this clone is shallow: fetch the branch, with its history \(fetch-depth: 0\)\n$/);
  });

  const FAILURES: Readonly<Record<string, { args: readonly string[]; says: string }>> = {
    'a revision that is not there': {
      args: ['dbs', '--against', 'nowhere'],
      says: '--against nowhere: there is no such git revision in FOLDER; fetch it first',
    },
    'an option of git for a revision': {
      args: ['dbs', '--against=--all'],
      says: '--against --all: is no git revision',
    },
    'a folder of git for a revision': {
      args: ['dbs', '--against', 'HEAD:dbs'],
      says: '--against HEAD:dbs: must not hold a colon: it must name a commit, not a file or a text',
    },
    'the standard input': {
      args: ['-', '--against', 'HEAD'],
      says: '--against cannot be used with the standard input; compare two streams with --previous FILE',
    },
    'a path that is not there any more': {
      args: ['gone', '--against', 'HEAD'],
      says: 'gone: no such file or folder',
    },
  };
  for (const [name, { args, says }] of Object.entries(FAILURES)) {
    it(`fails in one line with ${name}`, async () => {
      const folder = repositoryWith(START);
      const run = await ballast(folder, ['validate', ...args]);
      const line = says.replace('FOLDER', realpathSync(folder));
      expect(run).to.deep.equal({ code: 2, stdout: '', stderr: `ballast: ${line}\n` });
    });
  }

  it('fails in one line outside of a git repository', async () => {
    const { code, stderr } = await ballast(folderWith(START), ['validate', 'dbs', '--against', 'HEAD']);
    expect(code).to.equal(2);
    expect(stderr).to.equal('ballast: dbs: is in no git repository: no .git in it or above it\n');
  });
});
