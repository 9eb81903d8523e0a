import { shutGate } from '../operations/index.ts';
import { foreignClaims } from '../state/volumes.ts';
import type { Observation } from '../observation.ts';
import { FREE } from '../../runtime/conditions.ts';
import type { ConditionValue } from './conditions.ts';
import { growthOf } from './storage.ts';

type Obstacle = readonly [reason: string, message: string];

function gate(seen: Observation): Obstacle | undefined {
  const shut = shutGate(seen);
  return shut && [shut.reason, shut.message];
}

function volumes(seen: Observation): Obstacle | undefined {
  const claims = foreignClaims(seen).map(({ name }) => name);
  if (claims.length === 0) return undefined;
  return [
    'VolumesOfAnotherDatabase',
    `${claims.join(', ')} hold the data of an earlier Database of this name: set spec.bootstrap.adopt to true to take them over, confirm and delete them to start empty (kubectl annotate pvc NAME db.example.com/confirm-delete=NAME), or choose another name`,
  ];
}

/** Maximum number of names in a message. */
const MOST_NAMES = 5;

function namesTaken({ rendered = [] }: Observation): Obstacle | undefined {
  const taken = rendered.flatMap(({ kind, name, takenBy }) =>
    takenBy === undefined ? [] : [`${kind} ${name} (of ${takenBy})`],
  );
  if (taken.length === 0) return undefined;
  const more = taken.length > MOST_NAMES ? ` and ${taken.length - MOST_NAMES} more` : '';
  return [
    'NameTaken',
    `these stand under names of this Database and are not its own: ${taken.slice(0, MOST_NAMES).join(', ')}${more}; they are left alone: choose another name for the Database, or take them away; what another tool applied for this very Database is taken over with the annotation db.example.com/apply: adopt`,
  ];
}

function spec({ problems }: Observation): Obstacle | undefined {
  return problems.length > 0 ? ['Invalid', problems.join('\n')] : undefined;
}

function storage(seen: Observation): Obstacle | undefined {
  const growth = growthOf(seen);
  return growth?.is === 'impossible' ? ['StorageCannotGrow', growth.message] : undefined;
}

function passwords({ credentials }: Observation): Obstacle | undefined {
  return credentials?.problem === undefined ? undefined : ['Credentials', credentials.problem];
}

function certificate({ credentials }: Observation): Obstacle | undefined {
  return credentials?.certificateProblem === undefined ? undefined : ['Certificate', credentials.certificateProblem];
}

function apply({ applyRefused, own }: Observation): Obstacle | undefined {
  if (!applyRefused || own.deletionRequestedAt) return undefined;
  return [
    'ApplyNotAllowed',
    'the annotation db.example.com/apply asks the controller to apply what is rendered, which this installation does not allow: take it away and apply what `ballast generate` writes, or have the controller run with --apply-allowed (kustomize/components/direct)',
  ];
}

/** Maximum number of steps in a message. */
const MOST_STEPS = 3;

function refused({ failing = [] }: Observation): Obstacle | undefined {
  const lasting = failing.filter(({ isLasting }) => isLasting);
  if (lasting.length === 0) return undefined;
  const told = lasting.slice(0, MOST_STEPS).map(({ subject, is, why, since }) => {
    const what = is === 'failed' ? 'has failed since' : 'waits since';
    return `${subject} ${what} ${since.toISOString().slice(0, 19)}Z: ${why}`;
  });
  const more = lasting.length > MOST_STEPS ? [`and ${lasting.length - MOST_STEPS} more`] : [];
  const rest = 'it is tried again and again, and what does not build on it goes on';
  return ['StepRefused', `${[...told, ...more].join('; ')}; ${rest}`];
}

/** A problem that only a user can resolve; the first one keeps the others from being checked. */
export function obstacleOf(seen: Observation): Obstacle | undefined {
  return (
    gate(seen) ??
    volumes(seen) ??
    spec(seen) ??
    namesTaken(seen) ??
    storage(seen) ??
    passwords(seen) ??
    certificate(seen) ??
    apply(seen) ??
    refused(seen)
  );
}

/** Stalled, in kstatus' sense: True when the state does not improve until a user acts. */
export function stalled(seen: Observation): ConditionValue {
  const obstacle = obstacleOf(seen);
  if (!obstacle) return FREE;
  const [reason, message] = obstacle;
  return { status: 'True', reason, message };
}
