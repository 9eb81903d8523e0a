import { expect } from 'chai';
import { change, repositoryWith } from './git-repository.ts';
import { RUNS_MS, ballast } from './run.ts';
import { database } from './samples.ts';

const BUCKET = 's3://acme-backups/shop/orders';
const source = (spec: object = {}): string => database('orders', { backup: { destination: BUCKET }, ...spec });
const copy = (restore: object, spec: object = {}): string =>
  database('copy', { ...spec, bootstrap: { restore: { from: 'orders', ...restore } } });

interface Case {
  readonly source: string;
  readonly copy: string;
  /** Lines of `validate`, from the path on. */
  readonly found: readonly string[];
}

const CASES: Readonly<Record<string, Case>> = {
  'agrees with its source': { source: source(), copy: copy({ destination: BUCKET }), found: [] },
  'reads another place': {
    source: source({ backup: { destination: 's3://acme-backups/prod-eu/pg/orders' } }),
    copy: copy({}, { backup: { destination: 's3://acme-backups/prod-eu/pg/copy' } }),
    found: [
      'warning: spec.bootstrap.restore: reads s3://acme-backups/shop/orders, while Database orders backs up to s3://acme-backups/prod-eu/pg/orders; set destination to s3://acme-backups/prod-eu/pg/orders (restore-source-agrees)',
    ],
  },
  'is of a later version, on less storage': {
    source: source({ version: '16', storage: { size: '100Gi' } }),
    copy: copy({ destination: BUCKET }, { storage: { size: '10Gi' } }),
    found: [
      'warning: spec.storage.size: "10Gi": is less than the 100Gi of Database orders, whose files must fit; give the copy as much, unless the data are known to be small (restore-source-agrees)',
      'warning: spec.version: "17": must be 16, as in Database orders: no other major version starts on its files; make the copy with version 16 (restore-source-agrees)',
    ],
  },
  'reads a bucket that its source does not write to': {
    source: source({ backup: { destination: 'pvc://' } }),
    copy: copy({ destination: BUCKET }),
    found: [
      'warning: spec.bootstrap.restore.from: "orders": begins with a backup of Database orders, which keeps none in a bucket; let orders back up to a bucket first (restore-source-agrees)',
    ],
  },
  'begins with the volume of another': {
    source: source({ backup: { destination: 'pvc://' } }),
    copy: copy({ destination: 'pvc://' }),
    found: [
      'error: spec.bootstrap.restore.destination: must not be a volume: only the Database that backs up to it reaches it; let the other Database back up to a bucket, and name that place; or load a dump (bootstrap-restore-volume)',
    ],
  },
};

async function lines(folder: string, ...more: string[]): Promise<string[]> {
  const { stdout } = await ballast(folder, ['validate', '.', ...more]);
  const found = stdout.split('\n').filter((line) => line !== '' && !/ \((backup-destination-region)\)$/.test(line));
  return found.map((line) => line.replace(/^copy.yaml:[0-9]+:[0-9]+: /, ''));
}

describe('A Database that begins with the backup of another', function () {
  this.timeout(RUNS_MS);

  for (const [name, { source: orders, copy: written, found }] of Object.entries(CASES)) {
    it(name, async () => {
      const folder = repositoryWith({ 'orders.yaml': orders, 'copy.yaml': written });
      expect(await lines(folder)).to.have.members(found);
    });
  }

  const later = CASES['is of a later version, on less storage']!;

  it('is refused a later version when it is new', async () => {
    const folder = repositoryWith({ 'orders.yaml': later.source });
    change(folder, { 'copy.yaml': later.copy });
    const found = await lines(folder, '--against', 'HEAD');
    expect(found.filter((line) => line.startsWith('error'))).to.have.lengthOf(1);
    expect(found.join()).to.include('error: spec.version: Invalid value: "17": must be 16');
  });

  it('is left alone when it runs already', async () => {
    const folder = repositoryWith({ 'orders.yaml': later.source, 'copy.yaml': later.copy });
    expect(await lines(folder, '--against', 'HEAD')).to.deep.equal([]);
  });
});
