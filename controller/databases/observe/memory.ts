import type { Manifest } from '../../../generator/metadata.ts';
import type { DatabaseVerdict } from '../../cluster/database.ts';
import type { PacingClock } from '../../runtime/pacing.ts';
import { Progress } from '../../runtime/progress.ts';
import type { CredentialsSeen } from '../observation.ts';
import { Recent } from './recent.ts';

/** One object that was applied: what was asked for, and what stood in the API server after it. */
export interface AppliedObject {
  readonly asked: string;
  readonly revision: string;
  /** Of the object, once it is known to be this Database's. */
  readonly uid?: string;
}

/** An object that is not this Database's and stands under a name of its rendering. */
export interface TakenName {
  readonly by: string;
  /** For which Database it was judged, as `rendering.of` tells it. */
  readonly of: string;
  readonly resourceVersion: string;
  readonly askAgainAt: Date;
}

/** An object of a rendering, without its contents. */
export interface RenderedName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly asked: string;
}

/** The objects of a rendering, and the Database that it was made for: its generation and annotations. */
export interface Rendering {
  readonly of: string;
  readonly objects: readonly RenderedName[];
}

/** What is remembered of one Database between passes. All of it can be lost: it is read or worked out again. */
export interface DatabaseMemory {
  readonly uid: string;
  /** Facts about the Secrets, never what is in them. */
  credentials?: CredentialsSeen | undefined;
  /** The primary that was asked whether the passwords are in force, as `termOf` names it. */
  askedOf?: string | undefined;
  /** By kind and name. */
  readonly applied: Map<string, AppliedObject>;
  /** By kind and name. */
  readonly taken: Map<string, TakenName>;
  /** What render gave, and for which Database it did. */
  rendering?: Rendering;
  /** How earlier steps went. */
  readonly progress: Progress;
  /** What the Databases that were looked at last become; the same for all. */
  readonly renderings: Recent<readonly Manifest[]>;
  /** What the rules say of the Databases that were looked at last; the same for all. */
  readonly verdicts: Recent<DatabaseVerdict>;
}

/** A Database that is made has each of its objects applied in a pass of its own; as many are made at a time as there are workers. */
const MOST_RENDERINGS = 16;
/** A Database whose cluster changes is looked at several times within a second, and so are those beside it. */
const MOST_VERDICTS = 64;

/** What is remembered of all Databases, by `namespace/name`. */
export class Memory {
  readonly #remembered = new Map<string, DatabaseMemory>();
  readonly #clock: PacingClock;
  readonly #renderings = new Recent<readonly Manifest[]>(MOST_RENDERINGS);
  readonly #verdicts = new Recent<DatabaseVerdict>(MOST_VERDICTS);

  constructor(clock: PacingClock) {
    this.#clock = clock;
  }

  /** What is remembered of the Database with this uid; of another that had the name before, nothing. */
  of(owner: string, uid: string): DatabaseMemory {
    const known = this.#remembered.get(owner);
    if (known?.uid === uid) return known;
    const fresh: DatabaseMemory = {
      uid,
      applied: new Map(),
      taken: new Map(),
      progress: new Progress(this.#clock),
      renderings: this.#renderings,
      verdicts: this.#verdicts,
    };
    this.#remembered.set(owner, fresh);
    return fresh;
  }

  forget(owner: string): void {
    this.#remembered.delete(owner);
  }
}
