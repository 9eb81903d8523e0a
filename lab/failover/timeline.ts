import type { Attempt } from './attempt.ts';
import { SERVICE_CLIENTS } from './attempt.ts';
import type { Happening } from './happenings.ts';
import type { Recording } from './measure.ts';
import { gapAfterFault } from './measure.ts';

/** The data for the course of a run; times are milliseconds since 1970. */
export interface Timeline {
  /** From the fault to the end of the longest gap. */
  readonly span: { readonly fault: number; readonly to: number };
  readonly happenings: readonly Happening[];
}

function told({ acknowledged, server, timeline, problem }: Attempt): string {
  return acknowledged
    ? `acknowledged by ${server ?? '?'} (timeline ${timeline ?? '?'})`
    : `fails: ${problem ?? 'a standby'}`;
}

const wallAtEnd = ({ wall, start, end }: Attempt): number => wall + (end - start);

/** The clients' view of their longest gaps: the last write before, each new kind of failure, the first write after. */
export function clientHappenings(recording: Recording): Happening[] {
  return SERVICE_CLIENTS.flatMap((client) => {
    const { from, to } = gapAfterFault(recording, client);
    const around = recording.attempts.filter(
      (attempt) => attempt.client === client && attempt.end >= from && attempt.end <= to,
    );
    let before = '';
    return around.flatMap((attempt) => {
      const text = told(attempt);
      if (text === before) return [];
      before = text;
      return [{ wall: wallAtEnd(attempt), source: `client ${client}`, text }];
    });
  });
}

const LEAD_MS = 1000;
const TRAIL_MS = 1500;
const WIDTH = 140;

/** Writes the course of a run from just before the fault to just after writes resumed, in seconds after the fault. */
export function writeTimeline({ span, happenings }: Timeline): string {
  const shown = happenings.filter(({ wall }) => wall >= span.fault - LEAD_MS && wall <= span.to + TRAIL_MS);
  const width = Math.max(0, ...shown.map(({ source }) => source.length));
  return shown
    .map(({ wall, source, text }) => {
      const time = ((wall - span.fault) / 1000).toFixed(2).padStart(7);
      return `${time} s  ${source.padEnd(width)}  ${text}`.slice(0, WIDTH).trimEnd();
    })
    .join('\n');
}
