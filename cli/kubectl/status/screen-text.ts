import { printableLine } from '../../../database/printable-line.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time in its two largest units, such as 3m, 2h5m or 4d. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 2 * MINUTE) return `${seconds}s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}m`;
  if (seconds >= 2 * DAY) return `${Math.floor(seconds / DAY)}d`;
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  return `${Math.floor(seconds / HOUR)}h${minutes === 0 ? '' : `${minutes}m`}`;
}

/** How long ago a moment was, or how far it is; empty when it is no moment. */
export function distance(moment: string | null | undefined, now: Date): string {
  const at = Date.parse(moment ?? '');
  if (Number.isNaN(at)) return '';
  return at > now.getTime() ? `in ${span(at - now.getTime())}` : `${span(now.getTime() - at)} ago`;
}

/** Rows in columns, indented. The last column is as long as it is. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map(printableLine));
  const widths = (shown[0] ?? []).map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  return shown.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

/** A part of the screen under its title; nothing without rows. */
export function part(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}
