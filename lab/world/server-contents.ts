import { READ_DATABASE, READ_ROLES } from '../../controller/credentials/statements.ts';

/** The part of a member's server that the controller reads. */
export interface ServerContents {
  /** Verifiers of passwords, by role. */
  readonly roles: ReadonlyMap<string, string>;
  readonly hasDatabase: boolean;
}

/** The rows of a statement's answer, and the server's contents after it. */
export interface StatementResult {
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly contents: ServerContents;
}

/** A statement that sets a role's password; that of the exporter's role sets none. */
const ROLE = /^(?:CREATE|ALTER) ROLE "(\w+)"(?:.* PASSWORD '(.*)'$)?/;

/** Runs one of the controller's statements. */
export function runStatement(contents: ServerContents, sql: string): StatementResult {
  const { roles, hasDatabase } = contents;
  if (sql === READ_ROLES) {
    return { rows: [...roles].map(([rolname, rolpassword]) => ({ rolname, rolpassword })), contents };
  }
  if (sql === READ_DATABASE) return { rows: hasDatabase ? [{ one: '1' }] : [], contents };
  const [, role, verifier = ''] = ROLE.exec(sql) ?? [];
  const changed = role === undefined ? roles : new Map([...roles, [role, verifier]]);
  return {
    rows: [],
    contents: { roles: changed, hasDatabase: hasDatabase || sql.startsWith('CREATE DATABASE') },
  };
}
