import type { Path } from '../database/finding.ts';
import type { Found } from './rule.ts';

/** RFC 3339 with seconds and a zone. */
const FORM = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;
const WITHOUT_ZONE = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;

function isRealDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = (FORM.exec(text) ?? []).slice(1, 4).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return (
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && !Number.isNaN(Date.parse(text.replace(' ', 'T')))
  );
}

/** The problems of a point in time to restore to: its form, its zone, or that it lies in the future. */
export function targetTimeProblems(value: string, path: Path, now: Date): Found[] {
  if (WITHOUT_ZONE.test(value)) {
    const remedy = `add the zone, for example ${value.replace(' ', 'T')}Z for UTC`;
    return [{ path, value, problem: 'must say its time zone', remedy }];
  }
  if (!FORM.test(value) || !isRealDate(value))
    return [{ path, value, problem: 'must be a time in the form of RFC 3339' }];
  return Date.parse(value.replace(' ', 'T')) > now.getTime()
    ? [{ path, value, problem: 'must not be in the future', remedy: 'choose a moment that has passed' }]
    : [];
}
