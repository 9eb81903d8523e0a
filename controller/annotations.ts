/** Keeps a Database from vanishing before the controller has taken away what it made. */
export const FINALIZER = 'db.example.com/database';
/** On a Database: a pod, or `any`, that is to be primary; `@` and any text after it make the wish a new one. */
export const SWITCHOVER = 'db.example.com/switchover';
/** On a Database: `true` has the controller apply what it renders; `adopt` has it also take over what others applied. */
export const APPLY = 'db.example.com/apply';
/** On every object that the controller applied or made, and on claims: uid of the Database that it belongs to. */
export const OWNER = 'db.example.com/owner';
/** On a claim: PostgreSQL's system identifier of what was written on it. */
export const SYSTEM_IDENTIFIER = 'db.example.com/system-identifier';
