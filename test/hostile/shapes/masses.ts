import { databaseLine, filled } from './shape.ts';
import type { Shape, Shapes } from './shape.ts';

const list = (item: (index: number) => string): Shape =>
  filled((at) => `- ${item(at)}\n`, { before: 'apiVersion: v1\nkind: List\nitems:\n' });
const documents = (item: (index: number) => string): Shape => filled((at) => `--- ${item(at)}\n`);
const backup = (name: string, database: string): string =>
  `{apiVersion: db.example.com/v1alpha1, kind: DatabaseBackup, metadata: {name: ${name}, namespace: shop}, spec: {databaseRef: {name: ${database}}}}`;
const bucket = (prefix: string): string => `, backup: {destination: "s3://acme/${prefix}"}`;

/** Files with a great many objects. */
export const MASS_SHAPES: Shapes = {
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
  'a list of objects that is no List': filled((at) => `- ${databaseLine(`d${at}`)}\n`),
  'bombs of aliases below what is allowed, in Databases': documents((at) =>
    databaseLine(
      `d${at}`,
      `, a: &a [${'0,'.repeat(10)}], b: &b [${'*a,'.repeat(10)}], c: &c [${'*b,'.repeat(10)}], d: [${'*c,'.repeat(10)}]`,
    ),
  ),
  'Databases in zones that do not exist': documents((at) =>
    databaseLine(`d${at}`, `, backup: {enabled: false, timeZone: ${'Europe/Berlin'.repeat(4)}${at}}`),
  ),
  'Databases with schedules that all differ': documents((at) =>
    databaseLine(
      `d${at}`,
      `, backup: {enabled: false, schedule: "${at % 60} 0,${Math.floor(at / 60) % 22},23 1,15,${3 + 2 * (Math.floor(at / 1320) % 5)} * *"}`,
    ),
  ),
  'Databases with schedules that are none': documents((at) =>
    databaseLine(`d${at}`, `, backup: {enabled: false, schedule: "${at} ${'1,'.repeat(40)} x"}`),
  ),
  'Databases with versions that are none': documents((at) => databaseLine(`d${at}`).replace('16', `"9.${at}"`)),
  'Databases with sizes that are none': documents((at) => databaseLine(`d${at}`).replace('10Gi', `"1,000,${at} GB"`)),
  'Databases with settings that Ballast owns': documents((at) =>
    databaseLine(`d${at}`, ', engine: mysql, parameters: {bind: 1, da: 2, ssl-: 3, x: 4}').replace('16', '"8.4"'),
  ),
};
