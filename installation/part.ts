import type { Manifest } from '../generator/metadata.ts';

/** Manifests that belong together, with a note for administrators. */
export interface Part {
  /** Becomes a comment above the first manifest. */
  readonly about?: string;
  readonly manifests: readonly Manifest[];
}
