import { writeFileSync } from 'node:fs';
import type { Attempt } from './attempt.ts';
import { SERVICE_CLIENTS } from './attempt.ts';
import { monotonic } from './clock.ts';
import type { Happening } from './happenings.ts';
import { inOrder, readLogLine } from './happenings.ts';
import type { KeptLine } from './logs.ts';
import type { Recording } from './measure.ts';
import { gapAfterFault } from './measure.ts';
import type { Results } from './results.ts';
import type { Timeline } from './timeline.ts';
import { clientHappenings } from './timeline.ts';

/** All data of a run. */
export interface Evidence {
  /** Absent when the run could not be measured. */
  readonly recording: Recording | undefined;
  readonly attempts: readonly Attempt[];
  readonly happenings: readonly Happening[];
  /** The members' logs. */
  readonly lines: readonly KeptLine[];
}

function timelineOf({ recording, happenings, lines }: Evidence): Timeline {
  const said = lines.flatMap(({ pod, line }) => readLogLine(pod, line) ?? []);
  const all = inOrder([...happenings, ...said, ...(recording ? clientHappenings(recording) : [])]);
  const now = Date.now();
  if (!recording) {
    const fault = happenings.find(({ source }) => source === 'test')?.wall ?? now;
    return { span: { fault, to: now }, happenings: all };
  }
  const wall = (time: number): number => now - (monotonic() - time);
  const to = Math.max(...SERVICE_CLIENTS.map((client) => gapAfterFault(recording, client).to));
  return { span: { fault: wall(recording.moments.fault), to: wall(to) }, happenings: all };
}

/** Writes the data of a run to files: every attempt, its course, and the members' logs. */
export function keepEvidence(results: Results, id: string, evidence: Evidence): void {
  const keep = (name: string, text: string): void => {
    writeFileSync(results.fileOf(id, name), text);
  };
  keep('attempts.jsonl', evidence.attempts.map((attempt) => `${JSON.stringify(attempt)}\n`).join(''));
  keep('timeline.json', JSON.stringify(timelineOf(evidence), null, 1));
  keep('log', evidence.lines.map(({ pod, line }) => `${pod} ${line}\n`).join(''));
}
