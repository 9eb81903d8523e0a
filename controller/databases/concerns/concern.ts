import type * as table from '../../runtime/concern.ts';
import { chooser } from '../../runtime/concern.ts';
import type { Step } from '../decision.ts';
import { subjectOfStep } from '../decision.ts';
import type { Observation } from '../observation.ts';

export type { Wait } from '../../runtime/concern.ts';

/** Something to do about a Database, and why. */
export type Do = table.Do<Step>;

/** What a concern about a Database chooses. */
export type Choice = table.Choice<Step>;

/** The choice of a table, and the row that made it. */
export type TableChoice = table.TableChoice<Step>;

/** A row of a table of concerns about a Database. */
export type Concern = table.Concern<Observation, Step>;

export const { chooseFrom, firstOf } = chooser<Observation, Step>(subjectOfStep);
