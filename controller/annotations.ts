/** Keeps a Database from vanishing before the controller has taken away what it made. */
export const FINALIZER = 'db.example.com/database';
/** On a Database: a pod, or `any`, that is to be primary; `@` and any text after it make the wish a new one. */
export const SWITCHOVER = 'db.example.com/switchover';
