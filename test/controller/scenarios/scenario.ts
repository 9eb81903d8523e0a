import type { RecordedWrite } from '../../../lab/world/fake-api/record.ts';
import type { Plain } from '../../../lab/world/objects.ts';
import type { Scene } from '../../../lab/world/scene.ts';
import type { Mode, Stage } from '../../../lab/world/stage.ts';

/** Something that happens to a Database, from a state in which all is well to another. */
export interface Scenario {
  readonly name: string;
  readonly modes: readonly Mode[];
  /** Spec before it happens; absent when there is no Database yet. */
  readonly before?: Plain;
  readonly change: (stage: Stage) => void;
  /** Whether it is over. */
  readonly isOver: (scene: Scene) => boolean;
  /** Writes that take something away, and are meant. */
  readonly mayDestroy?: (write: RecordedWrite) => boolean;
  /** Writes that the change calls off: one that is refused until then is not reported. */
  readonly calledOff?: RegExp;
  /** Whether passwords are recreated. */
  readonly rotates?: boolean;
  /** Whether any of several members may take over: that depends on which members were seen to follow at that moment. */
  readonly anyMayLead?: boolean;
}
