import { expect } from 'chai';
import type { BallastObject } from '../../database/object.ts';
import type { Family } from '../../database/family.ts';
import type { KindName } from '../../policies/rule.ts';
import { summarize } from '../../policies/summary.ts';
import type { Source } from '../../review/source.ts';
import { staleSources } from '../../review/stale.ts';
import { seen, written } from '../contract/objects.ts';

function object(kind: KindName, name: string, of = name): BallastObject {
  const spec = kind === 'Database' ? {} : { databaseRef: { name: of } };
  return seen(written(kind, { metadata: { name }, spec }));
}

const orders = object('Database', 'orders');
const billing = object('Database', 'billing');
const backupOf = (of: string): BallastObject => object('DatabaseBackup', `nightly-${of}`, of);
const userOf = (of: string): BallastObject => object('DatabaseUser', `reader-${of}`, of);

/** A source that holds these objects and has not changed; none may be read here. */
function known(file: string, ...objects: readonly BallastObject[]): Source {
  const located = objects.map((one, document) => ({ summary: summarize(one), origin: { file, document, base: [] } }));
  const read = (): never => {
    throw new Error(`${file} was read`);
  };
  return {
    ...{ file, name: file, isNamed: false, read },
    summary: { objects: located, others: [], findings: [] },
  };
}

const WITH_BACKUPS = ['database', 'backups'] as const satisfies readonly (keyof Family)[];

interface Case {
  readonly known: readonly Source[];
  readonly changed: readonly BallastObject[];
  readonly parts?: readonly (keyof Family)[];
  readonly stale: readonly string[];
}

const CASES: Readonly<Record<string, Case>> = {
  'no file when nothing has changed': { known: [known('orders', orders)], changed: [], stale: [] },
  'no file when a backup has changed which no rendering reads': {
    known: [known('orders', orders)],
    changed: [backupOf('orders')],
    stale: [],
  },
  'the file of a Database whose backup has changed, once its rendering reads backups': {
    known: [known('orders', orders), known('billing', billing)],
    changed: [backupOf('orders')],
    parts: WITH_BACKUPS,
    stale: ['orders'],
  },
  'the files of the backups of a Database that has changed, once its rendering reads backups': {
    known: [known('nightly', backupOf('orders')), known('reader', userOf('orders')), known('billing', billing)],
    changed: [orders],
    parts: WITH_BACKUPS,
    stale: ['nightly'],
  },
  'no file when a user has changed while renderings read backups': {
    known: [known('orders', orders)],
    changed: [userOf('orders')],
    parts: WITH_BACKUPS,
    stale: [],
  },
  'all that hangs together over several files': {
    known: [
      known('orders', orders),
      known('both', backupOf('orders'), backupOf('billing')),
      known('billing', billing),
      known('stock', object('Database', 'stock')),
    ],
    changed: [orders],
    parts: WITH_BACKUPS,
    stale: ['both', 'billing', 'orders'],
  },
  'no file of the same name in another namespace': {
    known: [known('orders', seen(written('Database', { metadata: { namespace: 'staging' } })))],
    changed: [backupOf('orders')],
    parts: WITH_BACKUPS,
    stale: [],
  },
};

describe('What is read again of the files that are known', () => {
  for (const [name, { known: sources, changed, parts, stale }] of Object.entries(CASES)) {
    it(`is ${name}`, () => {
      const found = staleSources(
        sources,
        changed.map((one) => summarize(one)),
        parts,
      );
      expect([...found].map(({ file }) => file).sort()).to.deep.equal([...stale].sort());
    });
  }
});
