import { typeRule } from '../type-rule.ts';

/** A plain SQL name, with hyphens as in Kubernetes names; PostgreSQL's limit is 63 bytes, that of the others 64. */
const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,62}$/;

/** Requires a plain name for the database inside the server. */
export const databaseName = typeRule({
  id: 'database-name',
  holds: 'database-name',
  severity: 'error',
  why: 'The name becomes part of the statements that grant rights; the engines differ in what they do with other letters.',
  remedy: 'use up to 63 letters, digits, _ and -, beginning with a letter or _',
  allowed: ['app', 'shop_2', 'order-history'],
  denied: ['x"; DROP TABLE', 'my db', '1st', '$external', 'a.b'],
  judge: (value, path) => (NAME.test(value) ? [] : [{ path, value, problem: 'must be a plain name of a database' }]),
});
