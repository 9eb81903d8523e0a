/** Annotation of a Database: `true` has the controller apply what it renders; `adopt` has it also take over what others applied. */
export const APPLY = 'db.example.com/apply';
/** Annotation of a Database: a pod, or `any`, that is to be primary; `@` and any text after it make the wish a new one. */
export const SWITCHOVER = 'db.example.com/switchover';
/** Annotation of a Database: any new text asks for a new password of the application. */
export const ROTATE = 'db.example.com/rotate-credentials';
/** Annotation of a Database: any new text asks for new passwords of the superuser and of replication. */
export const ROTATE_SYSTEM = 'db.example.com/rotate-system-credentials';
/** Annotation of a Database: `true` stops all members and keeps their data. */
export const HIBERNATE = 'db.example.com/hibernate';
/** Annotation of a Database that an earlier version made: the account that its members run under until they have changed over. */
export const MEMBER_ACCOUNT = 'db.example.com/member-account';
/** Annotation of a Database: its name confirms a deletion with the data. */
export const CONFIRM_DELETE = 'db.example.com/confirm-delete';
