import type { BallastObject } from './object.ts';

type KindName = BallastObject['kind'];

/** The prefix of every Ballast label, annotation and finalizer. */
export const OWN_PREFIX = 'db.example.com/';

/** An annotation that a user may write on a Ballast object. */
export interface UserAnnotation {
  readonly key: string;
  readonly kinds: readonly KindName[];
  /** The allowed values, in words for people. */
  readonly value: string;
  /** The same as a pattern, where not every text is allowed. */
  readonly form?: RegExp;
  /** The effect of the annotation. */
  readonly does: string;
}

/** Lets the controller apply the manifests; `adopt` lets it also take over objects that another tool applied. */
export const APPLY = 'db.example.com/apply';
/** A pod, or `any`, that should become primary; `@` and any text after it make the request a new one. */
export const SWITCHOVER = 'db.example.com/switchover';
/** Any new text asks for all members to be recreated, one after the other. */
export const RESTART = 'db.example.com/restart';
/** Any new text asks for a new password of the application. */
export const ROTATE = 'db.example.com/rotate-credentials';
/** Any new text asks for new passwords of the superuser and of replication. */
export const ROTATE_SYSTEM = 'db.example.com/rotate-system-credentials';
/** Any new text asks for one backup. */
export const BACKUP = 'db.example.com/backup';
/** `true` stops all members and keeps their data. */
export const HIBERNATE = 'db.example.com/hibernate';
/** On a Database from an earlier version: the service account of its members until the change is complete. */
export const MEMBER_ACCOUNT = 'db.example.com/member-account';
/** The object's own name as confirmation of a deletion with the data: on a Database, and on a namespace, claim or Secret. */
export const CONFIRM_DELETE = 'db.example.com/confirm-delete';

/** On a DatabaseBackup that the controller made for a backup in the repository: the name of that. */
export const RECORDED = 'db.example.com/recorded';

const DATABASE: readonly KindName[] = ['Database'];

/** Every annotation that a user may write. Rules of their own check values that depend on the object. */
export const USER_ANNOTATIONS: readonly UserAnnotation[] = [
  {
    key: APPLY,
    kinds: DATABASE,
    value: '`true`, `false`, or `adopt`',
    form: /^(?:true|false|adopt)$/,
    does: 'direct mode for this Database, where the installation allows it; `adopt` also takes over objects that others applied',
  },
  {
    key: SWITCHOVER,
    kinds: DATABASE,
    value: 'a pod, or `any`; `@` and any text make the request a new one',
    form: /^(?:any|[a-z0-9-]+-\d{1,4})?(?:@|$)/,
    does: 'a planned switchover, once for each value',
  },
  {
    key: RESTART,
    kinds: DATABASE,
    value: 'any text that is new',
    does: 'all members are recreated, one after the other and the primary last, once for each value',
  },
  {
    key: ROTATE,
    kinds: DATABASE,
    value: 'any text that is new',
    does: 'a new password for the application; no restart',
  },
  {
    key: ROTATE_SYSTEM,
    kinds: DATABASE,
    value: 'any text that is new',
    does: 'new passwords for superuser and replication; members restart in order',
  },
  {
    key: BACKUP,
    kinds: DATABASE,
    value: 'any text that is new',
    does: 'one backup now, as a DatabaseBackup, once for each value',
  },
  {
    key: RECORDED,
    kinds: ['DatabaseBackup'],
    value: 'the name of a backup',
    does: 'written by the controller on what it makes for a backup that it finds in the repository: such an object never starts one',
  },
  {
    key: HIBERNATE,
    kinds: DATABASE,
    value: '`true` or `false`',
    form: /^(?:true|false)$/,
    does: '`true` stops all members, and keeps their data',
  },
  {
    key: MEMBER_ACCOUNT,
    kinds: DATABASE,
    value: 'the Database’s name, or `ballast-member-` and its name',
    does: 'keeps the account of members that version 0.1 made, or changes over to their own ([upgrading](upgrading.md))',
  },
  {
    key: CONFIRM_DELETE,
    kinds: DATABASE,
    value: 'the Database’s name',
    does: 'with `deletionPolicy: Delete`, lets volumes and credentials go',
  },
];

/** A label, annotation or finalizer that Ballast writes. */
export interface OwnMark {
  readonly key: string;
  readonly is: 'label' | 'annotation' | 'finalizer';
  readonly on: string;
  readonly writer: 'renderer' | 'controller' | 'Patroni' | 'member' | 'backup job' | 'verification job';
  readonly says: string;
}

/** Keeps a deleted Database until the controller has completed the teardown. */
export const FINALIZER = 'db.example.com/database';
/** The Database that an object belongs to. */
export const DATABASE_LABEL = 'db.example.com/database';
/** Patroni's role of a member: primary or replica. */
export const ROLE_LABEL = 'db.example.com/role';
/** The host of a backup volume among the pods of a Database. */
export const REPOSITORY_LABEL = 'db.example.com/repository';
/** A changed value recreates the pods, which read their configuration only at their start. */
export const START_ANNOTATION = 'db.example.com/start-configuration';
/** Ballast's own settings of a running server that take a restart, as JSON. */
export const RESTART_SETTINGS = 'db.example.com/restart-settings';
/** The uid of the Database that an object belongs to. */
export const OWNER = 'db.example.com/owner';
/** PostgreSQL's system identifier of the data on a claim. */
export const SYSTEM_IDENTIFIER = 'db.example.com/system-identifier';
/** When the controller last wrote Patroni's dynamic configuration. */
export const CONFIGURED_AT = 'db.example.com/configured-at';
/** The token that the password in a Secret was made for. */
export const ROTATED = 'db.example.com/rotated-for';
/** RFC 3339: since when the password in a Secret is in force; members that started earlier hold the old one. */
export const IN_FORCE = 'db.example.com/in-force-since';
/** What a primary says about the WAL that waits to be archived, as JSON (images/postgres/waiting.py). */
export const ARCHIVE_ANNOTATION = 'db.example.com/archive';
/** The list of backups in the repository, as JSON (docs/decisions/0041-archiving.md). */
export const BACKUPS_ANNOTATION = 'db.example.com/backups';
/** The request for a restore in place, as JSON (docs/decisions/0045-restore-in-place.md). */
export const RESTORE_REQUEST = 'db.example.com/restore-request';
/** The result of a restore in place, as JSON. */
export const RESTORE_RESULT = 'db.example.com/restore-result';
/** The restore that holds a member, or those that its data went through, as JSON (images/postgres/hold.py). */
export const RESTORE_ANNOTATION = 'db.example.com/restore';
/** The latest verification of a backup, as JSON (docs/verify-backups.md). */
export const VERIFIED_ANNOTATION = 'db.example.com/verified';
/** A fingerprint of what the CronJob of a scheduled DatabaseBackup was made from. */
export const MADE_FROM = 'db.example.com/made-from';
/** What guards a namespace from deletion: `true` a Database with `deletionPolicy: Protect`, `data` data of Databases. */
export const PROTECTED_LABEL = 'db.example.com/protected';

/** Every mark that Ballast writes on objects. */
export const OWN_MARKS: readonly OwnMark[] = [
  {
    ...{ key: DATABASE_LABEL, is: 'label', on: 'every object of a Database', writer: 'renderer' },
    says: 'the Database that it belongs to',
  },
  { key: ROLE_LABEL, is: 'label', on: 'pods of members', writer: 'Patroni', says: '`primary` or `replica`' },
  {
    ...{ key: REPOSITORY_LABEL, is: 'label', on: 'the pod that serves a backup volume', writer: 'renderer' },
    says: '`host`',
  },
  {
    ...{ key: PROTECTED_LABEL, is: 'label', on: 'namespaces', writer: 'controller' },
    says: '`true` while a Database there has `deletionPolicy: Protect`, else `data` once one there may have data; either guards the namespace',
  },
  {
    ...{ key: START_ANNOTATION, is: 'annotation', on: 'pods of members', writer: 'renderer' },
    says: 'a fingerprint of what a member reads only when it starts',
  },
  {
    ...{ key: RESTART_SETTINGS, is: 'annotation', on: 'the ConfigMap NAME-settings', writer: 'renderer' },
    says: 'settings of Ballast’s own that take a restart: a new version of the controller leaves them until they are rendered anew',
  },
  {
    ...{ key: OWNER, is: 'annotation', on: 'claims, and what the controller applies or makes', writer: 'controller' },
    says: 'the uid of the Database that it belongs to',
  },
  {
    ...{ key: SYSTEM_IDENTIFIER, is: 'annotation', on: 'claims', writer: 'controller' },
    says: 'PostgreSQL’s system identifier of the data on the volume',
  },
  {
    ...{ key: CONFIGURED_AT, is: 'annotation', on: 'Patroni’s ConfigMap NAME-config', writer: 'controller' },
    says: 'when the dynamic configuration was last written',
  },
  {
    ...{ key: ROTATED, is: 'annotation', on: 'Secrets', writer: 'controller' },
    says: 'the request for a rotation that its password was made for',
  },
  {
    ...{ key: IN_FORCE, is: 'annotation', on: 'Secrets of superuser and replication', writer: 'controller' },
    says: 'since when its password is in force',
  },
  {
    ...{ key: ARCHIVE_ANNOTATION, is: 'annotation', on: 'the pod of the primary', writer: 'member' },
    says: 'whether WAL is archived, waits, or is given up',
  },
  {
    ...{ key: BACKUPS_ANNOTATION, is: 'annotation', on: 'the ConfigMap NAME-backups', writer: 'backup job' },
    says: 'the backups in the repository, and what came of the last run',
  },
  {
    ...{
      key: MADE_FROM,
      is: 'annotation',
      on: 'the CronJob of a DatabaseBackup with a schedule',
      writer: 'controller',
    },
    says: 'a fingerprint of what the controller applied last',
  },
  {
    ...{ key: RESTORE_REQUEST, is: 'annotation', on: 'the ConfigMap NAME-restore', writer: 'controller' },
    says: 'which restore in place is under way, which member restores, and how far it is',
  },
  {
    ...{ key: RESTORE_RESULT, is: 'annotation', on: 'the ConfigMap NAME-restore', writer: 'member' },
    says: 'what became of the restore in place',
  },
  {
    ...{ key: RESTORE_ANNOTATION, is: 'annotation', on: 'pods of members', writer: 'member' },
    says: 'the restore in place that holds the member, or those that its data went through',
  },
  {
    ...{ key: VERIFIED_ANNOTATION, is: 'annotation', on: 'the ConfigMap NAME-backups', writer: 'verification job' },
    says: 'which backup was verified last, and what came of it',
  },
  {
    ...{ key: FINALIZER, is: 'finalizer', on: 'Databases', writer: 'controller' },
    says: 'what was made for it is not all taken away yet',
  },
];
