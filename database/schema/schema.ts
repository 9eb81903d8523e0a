/**
 * What a value is, beyond its form: one type has one set of rules, at every field that holds it
 * (docs/decisions/0025-one-type-one-rule.md).
 */
export type ValueType =
  /** Where backups are stored, in either form. */
  | 'destination'
  /** Processor time or memory, as a quantity. */
  | 'amount'
  /** Size of a volume, as a quantity. */
  | 'volume-size'
  /** When a job runs, in five fields. */
  | 'schedule'
  /** IANA time zone. */
  | 'time-zone'
  /** How long backups are kept, in either form. */
  | 'retention'
  /** A moment to restore to. */
  | 'target-time'
  /** Name of an object of Kubernetes: a Secret, a class, a Database. */
  | 'object-name'
  /** Key inside a Secret. */
  | 'secret-key'
  /** Name of a backup. */
  | 'backup-name'
  /** Name of a database inside the server. */
  | 'database-name'
  /** Range of addresses in CIDR form. */
  | 'address-range';

/**
 * The part of JSON Schema that Ballast's kinds are described in: what a Kubernetes structural schema can say
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema)
 * plus two words of our own: `shortForm`, for a field that may be written in two ways, and `holds`.
 */
export interface Schema {
  /** What the values of this field are; the rules of that type hold wherever it stands. */
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

/** Everything that is fixed about one kind of object, whoever reads it. */
export interface Kind {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly description: string;
  readonly spec: Schema;
  readonly status: Schema;
  /** Values for required fields that are wrong, so that the rules can still look at the rest of an object. */
  readonly standIns?: Readonly<Record<string, unknown>>;
  readonly columns: readonly PrinterColumn[];
  /** Whether `kubectl scale` works on it, through `spec.replicas`. */
  readonly scale: boolean;
}
