/** The semantic type of a value: one type has one set of rules, at every field that holds it (docs/decisions/0025-one-type-one-rule.md). */
export type ValueType =
  /** The place of backups, in either form. */
  | 'destination'
  /** CPU or memory, as a quantity. */
  | 'amount'
  /** Size of a volume, as a quantity. */
  | 'volume-size'
  /** The schedule of a job, in five fields. */
  | 'schedule'
  /** IANA time zone. */
  | 'time-zone'
  /** The retention of backups, in either form. */
  | 'retention'
  /** A number of days, with or without the unit. */
  | 'days'
  /** A point in time to restore to. */
  | 'target-time'
  /** A position in the WAL to restore to. */
  | 'target-lsn'
  /** Name of a restore point. */
  | 'target-name'
  /** Name of an object of Kubernetes: a Secret, a class, a Database. */
  | 'object-name'
  /** Key inside a Secret. */
  | 'secret-key'
  /** Name of a backup. */
  | 'backup-name'
  /** A query in SQL that gives one boolean. */
  | 'query'
  /** Name of a database inside the server. */
  | 'database-name'
  /** Range of addresses in CIDR form. */
  | 'address-range';

/**
 * The subset of JSON Schema for Ballast's kinds: the features of a Kubernetes structural schema
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema) plus
 * two keywords: `shortForm`, for a field with two forms, and `holds`.
 */
export interface Schema {
  /** The semantic type of this field; its rules apply to every field of the type. */
  readonly holds?: ValueType;
  readonly description?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly pattern?: string;
  readonly format?: 'date-time' | 'int32' | 'int64';
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly 'x-kubernetes-int-or-string'?: true;
  readonly 'x-kubernetes-list-type'?: 'map' | 'set' | 'atomic';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  /** The schema of the field's short form; the object schema beside it is the long form. */
  readonly shortForm?: Schema;
}

/** A column that `kubectl get` prints. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  /** 0 is always shown; 1 only with `-o wide`. */
  readonly priority?: 0 | 1;
}

/** All static facts about one kind of object. */
export interface Kind {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly description: string;
  readonly spec: Schema;
  readonly status: Schema;
  /** Values for invalid required fields, so that the rules can still check the rest of an object. */
  readonly standIns?: Readonly<Record<string, unknown>>;
  readonly columns: readonly PrinterColumn[];
  /** Whether `kubectl scale` works on it, through `spec.replicas`. */
  readonly scale: boolean;
}
