import { ARCHIVE_ANNOTATION } from '../../../database/vocabulary.ts';
import type { JsonObject } from '../../cluster/json-path.ts';
import { read, recordAt, withoutAbsent, wordAt } from '../../cluster/json-path.ts';
import { jsonRecord, time, whole, word } from '../../cluster/values.ts';
import type { ArchiveReport, LogGap } from '../engine-control.ts';

const STATES = ['archiving', 'waiting', 'suspended'] as const;
const SEGMENT = /^[0-9A-F]{24}$/;

function segment(value: unknown): string | undefined {
  const found = word(value);
  return found !== undefined && SEGMENT.test(found) ? found : undefined;
}

/** A range of segments, by the names of its fields. */
function range(report: JsonObject, from: string, to: string): LogGap | undefined {
  const [first, last, count] = [segment(report[from]), segment(report[to]), whole(report['segments'])];
  return first === undefined || last === undefined || count === undefined
    ? undefined
    : { from: first, to: last, count };
}

function gapIn(report: JsonObject): ArchiveReport['gap'] {
  const gap = recordAt(report, 'gap');
  const [found, until] = [range(gap, 'from', 'to'), read(time, gap, 'until')];
  if (!found || until === undefined) return undefined;
  return { ...found, until, ...withoutAbsent({ archivedUntil: read(time, gap, 'archivedUntil') }) };
}

function reportIn(text: unknown): ArchiveReport | undefined {
  if (text === undefined) return undefined;
  const report = jsonRecord(text);
  const state = STATES.find((one) => one === wordAt(report, 'state'));
  if (!state) return undefined;
  return {
    state,
    ...withoutAbsent({
      since: read(time, report, 'since'),
      archivedUntil: state === 'archiving' ? undefined : read(time, report, 'archivedUntil'),
      suspendsAt: state === 'waiting' ? read(time, report, 'suspendsAt') : undefined,
      count: read(whole, report, 'segments'),
      givenUp: state === 'suspended' ? range(report, 'first', 'last') : undefined,
      gap: gapIn(report),
    }),
  };
}

/** Parses the annotation in which a primary tells of its archive (images/postgres/waiting.py); undefined without one. */
export function archiveReport(annotations: JsonObject): ArchiveReport | undefined {
  return read(reportIn, annotations, ARCHIVE_ANNOTATION);
}
