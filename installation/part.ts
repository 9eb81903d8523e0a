import type { Manifest } from '../generator/metadata.ts';

/** Manifests that belong together, and what an administrator who reads them should know. */
export interface Part {
  /** Stands as a comment over the first of the manifests. */
  readonly about?: string;
  readonly manifests: readonly Manifest[];
}
