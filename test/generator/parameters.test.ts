import { expect } from 'chai';
import fc from 'fast-check';
import { load } from 'js-yaml';
import type { Database } from '../../database/object.ts';
import { familyOf } from '../../database/family.ts';
import { render } from '../../generator/render.ts';
import { admit, HOSTILE } from './databases.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import { nameOf } from './manifests.ts';

type Engine = NonNullable<Database['spec']['engine']>;

const VERSIONS: Readonly<Record<Engine, string>> = { postgresql: '17', mysql: '8.4', mongodb: '8.0' };

/** The files of the settings ConfigMap of a Database with these parameters; undefined when the rules refuse them. */
function filesWith(engine: Engine, parameters: object): Record<string, string> | undefined {
  const spec = { engine, version: VERSIONS[engine], storage: { size: '1Gi' }, parameters };
  const metadata = { name: 'orders', namespace: 'shop' };
  let database: Database;
  try {
    database = admit({ apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata, spec });
  } catch {
    return undefined;
  }
  const settings = render(familyOf(database), NO_SETTINGS).find((manifest) => nameOf(manifest) === 'orders-settings');
  return settings?.['data'] as Record<string, string>;
}

/** Settings as PostgreSQL and MySQL read a file: names, and values between quotes, one a line. */
function readLines(file: string, quote: string): [name: string, value: string][] {
  const form = new RegExp(`^([a-z_][\\w.]*) = ${quote}([^${quote}\\\\]*)${quote}$`, 'su');
  return file
    .split(/[\n\r\u0085\u2028\u2029]/u)
    .filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith('['))
    .map((line) => {
      const [, name = `not a setting: ${line}`, value = ''] = form.exec(line) ?? [];
      return [name, value];
    });
}

type Scalar = string | number | boolean;
interface Tree {
  readonly [name: string]: Scalar | Tree;
}

function leaves(tree: Tree, above = ''): [name: string, value: string][] {
  return Object.entries(tree).flatMap(([name, value]): [string, string][] =>
    typeof value === 'object' ? leaves(value, `${above}${name}.`) : [[`${above}${name}`, String(value)]],
  );
}

/** Settings in Patroni's dynamic configuration. */
function dynamic(file: string): [name: string, value: string][] {
  const { bootstrap } = load(file) as { bootstrap: { dcs: { postgresql: { parameters: Record<string, string> } } } };
  return Object.entries(bootstrap.dcs.postgresql.parameters);
}

/** How each engine's file is read. */
const FILES: Readonly<Record<Engine, { file: string; name: string; read: (file: string) => [string, string][] }>> = {
  postgresql: { file: 'patroni.yaml', name: 'application_name', read: dynamic },
  mysql: { file: 'my.cnf', name: 'init_connect', read: (file) => readLines(file.split('\n[client]')[0] ?? '', '"') },
  mongodb: { file: 'mongod.conf', name: 'setParameter.a', read: (file) => leaves(load(file) as Tree) },
};

/** Text that tries to end its line, its quotes or the file. */
const escaping = fc
  .array(
    fc.oneof(
      fc.constantFrom("'", '"', '\\', '\n', '\r', '\u0085', '\u2028', '\0', "\narchive_command = 'x'", '\n[client]'),
      fc.constantFrom(...HOSTILE),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(''));

describe('A parameter', () => {
  for (const [engine, { file, name, read }] of Object.entries(FILES) as [Engine, (typeof FILES)[Engine]][]) {
    const without = read(filesWith(engine, {})?.[file] ?? '');

    it(`stands in the configuration of ${engine} with exactly its value, and changes no other setting`, () => {
      expect(without).to.have.length.above(8);
      let admitted = 0;
      fc.assert(
        fc.property(escaping, (value) => {
          const files = filesWith(engine, { [name]: value });
          if (!files) return;
          admitted += 1;
          const settings = read(files[file] ?? '').filter(([own]) => own !== name);
          expect(settings).to.deep.equal(without);
          expect(read(files[file] ?? '')).to.deep.include([name, value]);
        }),
        { numRuns: 500 },
      );
      expect(admitted).to.be.within(50, 450);
    });
  }

  it('of PostgreSQL stands in Patroni’s dynamic configuration, and in no file that needs a reload', () => {
    const files = filesWith('postgresql', { max_connections: 300, max_worker_processes: '12', work_mem: '8MB' });
    expect(Object.fromEntries(dynamic(files?.['patroni.yaml'] ?? ''))).to.include({
      max_connections: '300',
      max_worker_processes: '12',
      max_prepared_transactions: '0',
      work_mem: '8MB',
    });
    const names = readLines(files?.['postgresql.conf'] ?? '', "'").map(([name]) => name);
    expect(names).to.include('shared_buffers').and.not.include.members(['work_mem', 'max_connections']);
  });

  it('stays in the order of names, whatever the order in the source', () => {
    const [one, other] = [
      { work_mem: '8MB', a: 1 },
      { a: 1, work_mem: '8MB' },
    ].map((parameters) => filesWith('postgresql', parameters));
    expect(one).to.deep.equal(other);
  });

  it('leaves MySQL half the memory for pages, in whichever unit that was written', () => {
    for (const [memory, pool] of Object.entries({
      '2Gi': 1024,
      '2G': 953,
      '2147483648': 1024,
      '1.5Gi': 768,
      '128Mi': 128,
    })) {
      const spec = { engine: 'mysql', version: '8.4', storage: { size: '1Gi' }, resources: { limits: { memory } } };
      const metadata = { name: 'orders', namespace: 'shop' };
      const database = admit({ apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata, spec });
      expect(JSON.stringify(render(familyOf(database), NO_SETTINGS))).to.contain(
        `innodb_buffer_pool_size = \\"${pool}M\\"`,
      );
    }
  });
});
