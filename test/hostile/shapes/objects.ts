import { HEAD, databaseLine, filled, inSpec } from './shape.ts';
import type { Shape, Shapes } from './shape.ts';

const list = (item: (index: number) => string): Shape =>
  filled((at) => `- ${item(at)}\n`, { before: 'apiVersion: v1\nkind: List\nitems:\n' });
const documents = (item: (index: number) => string): Shape => filled((at) => `--- ${item(at)}\n`);
const backup = (name: string, database: string): string =>
  `{apiVersion: db.example.com/v1alpha1, kind: DatabaseBackup, metadata: {name: ${name}, namespace: shop}, spec: {databaseRef: {name: ${database}}}}`;
const user = (permission: (index: number) => string): Shape =>
  filled(permission, {
    before: `${HEAD.replace('Database', 'DatabaseUser')}spec:\n  databaseRef: {name: orders}\n  permissions:\n`,
  });
const bucket = (prefix: string): string => `, backup: {destination: "s3://acme/${prefix}"}`;

/** Files with a great many objects of Ballast's, or a great many mistakes in one. */
export const OBJECT_SHAPES: Shapes = {
  'Databases that are right': documents((at) => databaseLine(`d${at}`)),
  'Databases in a list': list((at) => databaseLine(`d${at}`)),
  'a list in a list in a list': (characters) =>
    `${'{apiVersion: v1, kind: List, items: ['.repeat(40)}${filled((at) => `${databaseLine(`d${at}`)},`)(characters)}${']}'.repeat(40)}`,
  'objects of other kinds': documents((at) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: c${at}}}`),
  'objects of other kinds in a list': list((at) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: c${at}}}`),
  'Databases with one name': documents(() => databaseLine('orders')),
  'Databases with one name in a list': list(() => databaseLine('orders')),
  'Databases that back up to one place': documents((at) => databaseLine(`d${at}`, bucket('shop'))),
  'Databases that are wrong': documents((at) => databaseLine(`D_${at}`, ', replcas: 3, engine: postgres')),
  'Databases that are wrong, in a list': list((at) => databaseLine(`D_${at}`, ', replcas: 3, engine: postgres')),
  'Databases with an octal number each, in a list': list((at) => databaseLine(`d${at}`, ', parameters: {a: 0640}')),
  'Databases with a forbidden key each, in a list': list((at) => databaseLine(`d${at}`, ', __proto__: 1')),
  'Databases without a name': documents(() => databaseLine('""')),
  'Databases with a name to be made': documents(() => databaseLine('orders').replace('name:', 'generateName:')),
  'Databases and backups with one file': documents((at) =>
    at % 2 ? backup(`n${at}`, `databasebackup-n${at - 1}`) : databaseLine(`databasebackup-n${at + 1}`),
  ),
  'backups of Databases that are not there': documents((at) =>
    at % 2 ? backup(`b${at}`, `orders-${at}-x`) : databaseLine(`orders-${at}`),
  ),
  'backups of Databases with long names that are not there': documents((at) =>
    at % 2 ? backup(`b${at}`, `${'orders'.repeat(5)}-${at}-x`) : databaseLine(`${'orders'.repeat(5)}-${at}`),
  ),
  'kinds that do not exist': documents((at) => databaseLine(`d${at}`).replace('Database', 'Databse')),
  'groups that are misspelt': documents((at) => databaseLine(`d${at}`).replace('db.example', 'bd.example')),
  'unknown fields': inSpec((at) => `  field${at}: x\n`),
  'unknown fields that are nearly right': inSpec((at) => `  replicas${at}: x\n`),
  'unknown fields at the top': filled((at) => `field${at}: x\n`, { before: `${HEAD}spec: {}\n` }),
  'settings that are octal numbers': inSpec((at) => `    a${at}: 0640\n`, { before: '  parameters:\n' }),
  'settings of the wrong type': inSpec((at) => `    a${at}: [x]\n`, { before: '  parameters:\n' }),
  'labels that are wrong': inSpec((at) => `    k ${at}: x\n`, { before: '  nodeSelector:\n' }),
  'labels of the object': filled((at) => `    k ${at}: x y\n`, {
    before: `${HEAD.replace(/metadata.*\n/, 'metadata:\n  name: orders\n  labels:\n')}`,
    after: 'spec: {version: 16, storage: {size: 10Gi}}\n',
  }),
  'octal numbers below a long key': (characters) =>
    inSpec('0640,', { before: `  ${'k'.repeat(characters / 2)}: [`, after: ']' })(characters),
  'octal numbers deep down': inSpec('0640,', { before: `  x: ${'['.repeat(90)}`, after: ']'.repeat(90) }),
  'octal numbers in settings below a long key': (characters) =>
    inSpec((at) => `a${at}: 01,`, { before: `  ${'k'.repeat(characters / 2)}: {`, after: '}' })(characters),
  'forbidden keys': inSpec('{__proto__: 1},', { before: '  x: [', after: ']' }),
  'forbidden keys deep down': inSpec('{__proto__: 1},', { before: `  x: ${'['.repeat(80)}`, after: ']'.repeat(80) }),
  'tolerations that are wrong': inSpec((at) => `  - {key: k${at}, effect: Never}\n`, { before: '  tolerations:\n' }),
  'peers that are wrong': inSpec((at) => `    - {podSelector: {k${at}: x}}\n`, { before: '  networkPolicy:\n    from:\n' }),
  'permissions that repeat': user(() => '  - {database: app, access: owner}\n'),
  'permissions that all differ': user((at) => `  - {database: a${at}, access: owner}\n`),
  'permissions with words that are none': user((at) => `  - {database: a${at}, access: admin}\n`),
  'permissions with long names that repeat': user((at) => `  - {database: ${'a'.repeat(400)}${at % 2}, access: owner}\n`),
  'a list of objects that is no List': filled((at) => `- ${databaseLine(`d${at}`)}\n`),
  'bombs of aliases below what is allowed, in Databases': documents(
    (at) => databaseLine(`d${at}`, `, a: &a [${'0,'.repeat(10)}], b: &b [${'*a,'.repeat(10)}], c: &c [${'*b,'.repeat(10)}], d: [${'*c,'.repeat(10)}]`),
  ),
  'Databases in zones that do not exist': documents((at) =>
    databaseLine(`d${at}`, `, backup: {enabled: false, timeZone: ${'Europe/Berlin'.repeat(4)}${at}}`),
  ),
  'Databases with schedules that all differ': documents((at) =>
    databaseLine(`d${at}`, `, backup: {enabled: false, schedule: "${at % 60} 0,23 1,15 * ${Math.floor(at / 60) % 7}/2,${at % 7}"}`),
  ),
  'Databases with schedules that are none': documents((at) =>
    databaseLine(`d${at}`, `, backup: {enabled: false, schedule: "${at} ${'1,'.repeat(40)} x"}`),
  ),
  'Databases with versions that are none': documents((at) => databaseLine(`d${at}`).replace('16', `"9.${at}"`)),
  'Databases with sizes that are none': documents((at) => databaseLine(`d${at}`).replace('10Gi', `"1,000,${at} GB"`)),
  'Databases with settings that Ballast owns': documents((at) =>
    databaseLine(`d${at}`, ', engine: mysql, parameters: {bind: 1, da: 2, ssl-: 3, x: 4}').replace('16', '"8.4"'),
  ),
  'permissions that are numbers': user(() => '  - 1\n'),
  'permissions of words in flow style': (characters) =>
    filled('x,', { before: `${HEAD.replace('Database', 'DatabaseUser')}spec: {databaseRef: {name: a}, permissions: [`, after: ']}\n' })(characters),
  'finalizers that are numbers': filled('1,', {
    before: `${HEAD.replace('namespace', 'finalizers: [')}`.replace(': [: shop}', ': ['.concat('1,')).replace(/\n$/, ''),
    after: ']}\nspec: {version: 16, storage: {size: 10Gi}}\n',
  }),
  'mistakes in an object with a long name': (characters) =>
    `${HEAD.replace('orders', 'o'.repeat(characters / 2))}spec:\n  version: 16\n  storage: {size: 10Gi}\n${filled((at) => `  f${at}: x\n`)(characters / 2)}`,
  'aliases of a long text': (characters) =>
    `${HEAD}spec:\n  version: &a "${'a'.repeat(characters - 3000)}"\n  storage: {size: 10Gi}\n  parameters:\n${Array.from({ length: 190 }, (_, at) => `    k${at}: *a\n`).join('')}`,
  'aliases of a long list': (characters) =>
    `${HEAD.replace('Database', 'DatabaseUser')}x: &a [${'1,'.repeat(characters / 2 - 1500)}]\nspec:\n  databaseRef: {name: orders}\n  permissions:\n${'  - {database: a, access: *a}\n'.repeat(100)}`,
};
