/** Keeps a Database from vanishing before the controller has taken away what it made. */
export const FINALIZER = 'db.example.com/database';
/** On every object that the controller applied or made, and on claims: uid of the Database that it belongs to. */
export const OWNER = 'db.example.com/owner';
/** On a claim: PostgreSQL's system identifier of what was written on it. */
export const SYSTEM_IDENTIFIER = 'db.example.com/system-identifier';
