import type * as table from '../../runtime/concern.ts';
import { chooser } from '../../runtime/concern.ts';
import type { Step } from '../decision.ts';
import { subjectOfStep } from '../decision.ts';
import type { Observation } from '../observation.ts';

export type { Wait } from '../../runtime/concern.ts';

/** A step for a Database, with its reason. */
export type Do = table.Do<Step>;

/** The choice of a concern about a Database. */
export type Choice = table.Choice<Step>;

/** The choice of a table, with the row that made it. */
export type TableChoice = table.TableChoice<Step>;

/** A row of a table of concerns about a Database. */
export type Concern = table.Concern<Observation, Step>;

export const { chooseFrom, firstOf } = chooser<Observation, Step>(subjectOfStep);
