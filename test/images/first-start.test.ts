import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const RUNNER = join(import.meta.dirname, 'first-start.py');
const IMAGE = join(import.meta.dirname, '../../images/postgres');
const SYSTEM = '7446744073709551615';
const REMOVED = [
  [
    '/api/v1/namespaces/shop/configmaps/orders-config',
    { metadata: { resourceVersion: '7', annotations: { initialize: null } } },
  ],
];

interface Case {
  readonly files: readonly string[];
  readonly mark: string;
  readonly left: readonly string[];
  readonly changes?: readonly unknown[];
}

const REPLAYING = ['pgdata/recovery.signal', 'pgdata/global/pg_control'];

const CASES: Readonly<Record<string, Case>> = {
  'an empty volume': { files: [], mark: '', left: [] },
  'data that run': { files: ['pgdata/global/pg_control'], mark: SYSTEM, left: ['pgdata'] },
  'data that run, beside a bootstrap of another member': {
    files: ['pgdata/global/pg_control'],
    mark: '',
    left: ['pgdata'],
  },
  'a replay that was broken off': { files: REPLAYING, mark: '', left: ['pgdata.restoring'], changes: REMOVED },
  'a replay that was broken off, whose mark is gone': { files: REPLAYING, mark: 'absent', left: ['pgdata.restoring'] },
  'a replay that was broken off, in a cluster without a ConfigMap': {
    files: REPLAYING,
    mark: 'no-config-map',
    left: ['pgdata.restoring'],
  },
  'a replay in a cluster that is initialised: nothing is touched': {
    files: REPLAYING,
    mark: SYSTEM,
    left: ['pgdata'],
  },
  'a restore that was broken off': {
    files: ['pgdata.restoring/PG_VERSION'],
    mark: '',
    left: ['pgdata.restoring'],
    changes: REMOVED,
  },
  'a restore that was broken off, while another member has begun': {
    files: ['pgdata.restoring/PG_VERSION'],
    mark: SYSTEM,
    left: [],
  },
};

describe('What a member does about a first start that was broken off', function () {
  this.timeout(10_000);

  before(function () {
    if (spawnSync('python3', ['--version']).status === 0) return;
    process.stderr.write('SKIPPED, a first start that was broken off: no python3\n');
    this.skip();
  });

  for (const [name, { files, mark, left, changes = [] }] of Object.entries(CASES)) {
    it(name, () => {
      const volume = mkdtempSync(join(tmpdir(), 'ballast-volume-'));
      try {
        for (const file of files) {
          mkdirSync(join(volume, dirname(file)), { recursive: true });
          writeFileSync(join(volume, file), '');
        }
        const args = ['-BIS', RUNNER, IMAGE, join(volume, 'pgdata'), mark];
        const { status, stdout, stderr } = spawnSync('python3', args, { encoding: 'utf8' });
        expect(status, stderr).to.equal(0);
        expect(JSON.parse(stdout)).to.deep.equal(changes);
        expect(readdirSync(volume)).to.deep.equal(left);
      } finally {
        rmSync(volume, { recursive: true, force: true });
      }
    });
  }
});
