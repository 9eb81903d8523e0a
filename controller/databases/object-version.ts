/** The identity and version of an object. */
export interface ObjectVersion {
  readonly uid: string;
  readonly resourceVersion: string;
}
