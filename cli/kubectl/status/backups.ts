import type { StoredBackup, StoredDatabase, StoredRestore } from '../objects.ts';
import { columns, distance, part } from './screen-text.ts';

/** Lines of a table at most: the newest ones. */
const MOST_ROWS = 5;

const present = (cells: readonly (string | undefined)[]): string => cells.filter((cell) => cell).join(', ');

function summaryRows({ spec, status = {} }: StoredDatabase, now: Date): [string, string][] {
  const { lastBackup, lastVerified, nextBackup, backupCount, restorable } = status;
  const { backup } = spec;
  const schedule = backup ? `${backup.schedule} (${backup.timeZone})` : '';
  const of = (one: { name?: string; result?: string; time?: string } | undefined): string =>
    present([one?.name, one?.result, distance(one?.time, now)]);
  return [
    ['schedule', backup && !backup.enabled ? `${schedule}, switched off` : schedule],
    ['last', present([of(lastBackup), lastBackup?.size])],
    ['next', nextBackup === undefined ? '' : `${nextBackup} (${distance(nextBackup, now)})`],
    ['kept', backupCount === undefined ? '' : String(backupCount)],
    [
      'restorable',
      restorable?.from === undefined ? '' : `from ${restorable.from} to ${restorable.to ?? 'a minute ago'}`,
    ],
    ['verified', of(lastVerified)],
  ];
}

const newest = <T extends StoredBackup | StoredRestore>(all: readonly T[]): T[] =>
  all
    .toSorted((a, b) => (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''))
    .slice(0, MOST_ROWS);

function backupTable(backups: readonly StoredBackup[], now: Date): string[] {
  if (backups.length === 0) return [];
  const rows = newest(backups).map(({ metadata, spec, status = {} }) => {
    const ended = distance(status.completionTime ?? status.nextTime, now);
    return [metadata.name, status.type ?? spec.type, status.phase ?? 'Pending', status.size ?? '-', ended || '-'];
  });
  return columns([['NAME', 'TYPE', 'STATUS', 'SIZE', 'ENDED'], ...rows]);
}

/** The backups of a Database: when, how many, what can be restored, and the newest of them. */
export function backupLines(database: StoredDatabase, backups: readonly StoredBackup[], now: Date): string[] {
  const known = summaryRows(database, now).filter(([, text]) => text !== '');
  if (known.length === 0 && backups.length === 0) return part('Backups', ['  none are asked for']);
  return part('Backups', [
    ...columns(known),
    ...(known.length > 0 && backups.length > 0 ? [''] : []),
    ...backupTable(backups, now),
  ]);
}

/** The restores in place of a Database, the newest first. */
export function restoreLines(restores: readonly StoredRestore[], now: Date): string[] {
  if (restores.length === 0) return [];
  const rows = newest(restores).map(({ metadata, status = {} }) => {
    const began = distance(status.startTime ?? metadata.creationTimestamp, now);
    return [metadata.name, status.phase ?? 'Pending', began || '-', status.message ?? ''];
  });
  return part('Restores in place', columns([['NAME', 'STATUS', 'BEGAN', ''], ...rows]));
}
