/** On a Secret: the token that its password was made for. */
export const ROTATED = 'db.example.com/rotated-for';
/** On a Secret of the system, RFC 3339: since when its password is in force; members that started before hold the old one. */
export const IN_FORCE = 'db.example.com/in-force-since';
