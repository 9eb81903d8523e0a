import { ENGINES } from '../../../database/engines/index.ts';
import { printableLine } from '../../../database/printable-line.ts';
import type { StoredBackup, StoredDatabase, StoredEvent, StoredPod, StoredRestore } from '../objects.ts';
import { backupLines, restoreLines } from './backups.ts';
import { memberLines } from './members.ts';
import { columns, distance, part } from './screen-text.ts';

/** Objects that could be read, or the reason why not. */
export type Readable<T> = readonly T[] | { readonly unreadable: string };

/** Everything that the screen of a Database is made from. */
export interface Shown {
  readonly database: StoredDatabase;
  readonly pods: Readable<StoredPod>;
  readonly backups: Readable<StoredBackup>;
  readonly restores: Readable<StoredRestore>;
  readonly events: Readable<StoredEvent>;
}

/** Lines of events at most: the latest ones. */
const MOST_EVENTS = 6;

function headLines({ metadata, spec, status = {} }: StoredDatabase): string[] {
  const { engine } = spec;
  const title = ENGINES[engine].title;
  const version = status.version ?? String(spec.version);
  const leaving = metadata.deletionTimestamp === undefined ? '' : ', is being deleted';
  const ready = status.ready === undefined ? '' : `, ${status.ready} ready`;
  const head = `Database ${metadata.namespace}/${metadata.name}: ${status.phase ?? 'not seen yet'}${ready}, ${title} ${version}${leaving}`;
  const rows = [
    [
      'primary',
      status.phase === undefined
        ? ''
        : [status.primary ?? 'none', status.endpoints?.primary].filter(Boolean).join(' at '),
    ],
    ['read only', status.endpoints?.readOnly ?? ''],
  ].filter(([, text]) => text !== '');
  return [printableLine(head), ...columns(rows)];
}

/** What the Database waits for: a person, an operation, or the next step. */
function waitLines({ status = {} }: StoredDatabase, now: Date): string[] {
  const { operation, conditions = [] } = status;
  const about = (type: string): string | undefined =>
    conditions.find((one) => one.type === type && one.status === 'True')?.message;
  const since = distance(operation?.since, now).replace(' ago', '');
  const step = [operation?.step, since && `for ${since}`].filter(Boolean).join(', ');
  const rows = [
    ['a person', about('Stalled') ?? ''],
    [`the ${operation?.name ?? 'operation'}`, operation ? step || 'it begins' : ''],
    ['the next step', about('Reconciling') ?? ''],
  ].filter(([, text]) => text !== '');
  return part('Waits for', columns(rows));
}

function conditionLines({ status = {} }: StoredDatabase, now: Date): string[] {
  const rows = (status.conditions ?? []).map(({ type, status, reason, message, lastTransitionTime }) => {
    return [type, status, reason, distance(lastTransitionTime, now).replace(' ago', ''), message];
  });
  return part('Conditions', columns(rows));
}

const timeOf = ({ lastTimestamp, eventTime, metadata }: StoredEvent): string =>
  lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '';

function eventLines(events: readonly StoredEvent[], now: Date): string[] {
  const latest = events.toSorted((a, b) => Date.parse(timeOf(b)) - Date.parse(timeOf(a))).slice(0, MOST_EVENTS);
  const rows = latest.map((event) => {
    const { type = '', reason = '', message = '' } = event;
    return [distance(timeOf(event), now), type, reason, message];
  });
  return part('Events', columns(rows));
}

/** The lines of a part, or one that says why it cannot be shown. */
function linesOf<T>(title: string, read: Readable<T>, lines: (objects: readonly T[]) => string[]): string[] {
  if (!('unreadable' in read)) return lines(read);
  return part(title, [`  cannot be read: ${printableLine(read.unreadable)}`]);
}

/** The state of a Database as one screen of text. Pure: the same objects and time give the same text. */
export function statusScreen({ database, pods, backups, restores, events }: Shown, now: Date): string {
  const lines = [
    ...headLines(database),
    ...waitLines(database, now),
    ...conditionLines(database, now),
    ...linesOf('Members', pods, (all) => memberLines(all, now)),
    ...linesOf('Backups', backups, (all) => backupLines(database, all, now)),
    ...linesOf('Restores in place', restores, (all) => restoreLines(all, now)),
    ...linesOf('Events', events, (all) => eventLines(all, now)),
  ];
  return `${lines.join('\n')}\n`;
}
