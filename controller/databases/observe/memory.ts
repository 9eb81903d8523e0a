import type { Manifest } from '../../../generator/metadata.ts';
import type { DatabaseVerdict } from '../../cluster/database.ts';
import type { PacingClock } from '../../runtime/pacing.ts';
import { Progress } from '../../runtime/progress.ts';
import type { CredentialsSeen } from '../observation.ts';
import { Recent } from './recent.ts';

/** One applied object: its fingerprint as rendered, and its revision in the API server afterwards. */
export interface AppliedObject {
  readonly asked: string;
  readonly revision: string;
  /** Uid of the object, once it is known to be this Database's. */
  readonly uid?: string;
}

/** A foreign object under a name that the Database renders. */
export interface TakenName {
  readonly by: string;
  /** The Database's state that it was judged for, as in `rendering.of`. */
  readonly of: string;
  readonly resourceVersion: string;
  readonly askAgainAt: Date;
}

/** A rendered object without its contents. */
export interface RenderedName {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly asked: string;
}

/** The rendered objects of a Database, for its generation and annotations. */
export interface Rendering {
  readonly of: string;
  readonly objects: readonly RenderedName[];
}

/** The memory of one Database between passes. All of it may be lost: it is then read or computed again. */
export interface DatabaseMemory {
  readonly uid: string;
  /** Facts about the Secrets, without their contents. */
  credentials?: CredentialsSeen | undefined;
  /** The term (`termOf`) of the primary that was asked whether the passwords are in force. */
  askedOf?: string | undefined;
  /** By kind and name. */
  readonly applied: Map<string, AppliedObject>;
  /** By kind and name. */
  readonly taken: Map<string, TakenName>;
  /** The last rendering, with the state of the Database that it was made for. */
  rendering?: Rendering;
  /** How earlier steps went. */
  readonly progress: Progress;
  /** The manifests of the Databases looked at last; shared by all. */
  readonly renderings: Recent<readonly Manifest[]>;
  /** The verdicts on the Databases looked at last; shared by all. */
  readonly verdicts: Recent<DatabaseVerdict>;
}

/** A new Database applies each of its objects in a pass of its own; the workers bound the number of new Databases at a time. */
const MOST_RENDERINGS = 16;
/** A Database whose cluster changes is looked at several times within a second, and so are its neighbours. */
const MOST_VERDICTS = 64;

/** The memory of all Databases, by `namespace/name`. */
export class Memory {
  readonly #remembered = new Map<string, DatabaseMemory>();
  readonly #clock: PacingClock;
  readonly #renderings = new Recent<readonly Manifest[]>(MOST_RENDERINGS);
  readonly #verdicts = new Recent<DatabaseVerdict>(MOST_VERDICTS);

  constructor(clock: PacingClock) {
    this.#clock = clock;
  }

  /** The memory of the Database with this uid; empty when an earlier Database had the name. */
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
