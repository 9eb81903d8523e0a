import { typeRule } from '../type-rule.ts';

/** The words that a query of PostgreSQL begins with. */
const QUERY = /^\s*(?:SELECT|VALUES|WITH|TABLE)\b/i;
// eslint-disable-next-line no-control-regex -- what no query needs, and some reader takes for the end of it
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;

/** Requires what looks like a query. */
export const queryForm = typeRule({
  id: 'query-form',
  holds: 'query',
  severity: 'error',
  why: 'A verification asks for one boolean, in a transaction that only reads. A statement of another kind would fail there each time, and the backup would count as bad.',
  remedy: 'write one query that gives true, for example SELECT count(*) > 0 FROM customers',
  allowed: ['SELECT count(*) > 0 FROM customers', 'with a as (values (1)) select true from a', 'SELECT\n true;'],
  denied: ['', 'DELETE FROM customers', '-- SELECT true', 'selected', 'SELECT \u0000'],
  judge: (value, path) =>
    QUERY.test(value) && !CONTROL.test(value)
      ? []
      : [{ path, value, problem: 'must be a query: it begins with SELECT, VALUES, WITH or TABLE' }],
});
