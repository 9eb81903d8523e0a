import { dimensionOf, unitNames } from './numbers.ts';

const NUMBER = /^[+-]?(?:[0-9]*[.])?[0-9]+/;

/** Units in everyday spelling, and PostgreSQL's spelling. */
const MEMORY: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{
      b: 'B',
      byte: 'B',
      bytes: 'B',
      k: 'kB',
      kb: 'kB',
      ki: 'kB',
      kib: 'kB',
      m: 'MB',
      mb: 'MB',
      mi: 'MB',
      mib: 'MB',
    },
    ...{ g: 'GB', gb: 'GB', gi: 'GB', gib: 'GB', t: 'TB', tb: 'TB', ti: 'TB', tib: 'TB' },
  }),
);

const TIME: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ microsecond: 'us', microseconds: 'us', us: 'us', ms: 'ms', msec: 'ms', millisecond: 'ms', milliseconds: 'ms' },
    ...{ s: 's', sec: 's', secs: 's', second: 's', seconds: 's', m: 'min', min: 'min', mins: 'min', minute: 'min' },
    ...{ minutes: 'min', h: 'h', hr: 'h', hrs: 'h', hour: 'h', hours: 'h', d: 'd', day: 'd', days: 'd' },
  }),
);

/** A comma before three digits separates thousands; any other comma is a decimal point. */
function withoutCommas(text: string): string {
  const [, ...groups] = text.split(',');
  const areThousands = groups.length > 0 && groups.every((group) => /^[0-9]{3}(?![0-9])/.test(group));
  return areThousands ? text.replaceAll(',', '') : text.replace(',', '.');
}

/** The correction of a text that is not a number with a unit of the setting: `64MB` for `64Mi`. */
export function unitRemedy(text: string, base: string | undefined): string {
  const plain = withoutCommas(text.trim());
  const [number] = NUMBER.exec(plain) ?? [];
  const dimension = dimensionOf(base);
  const rest = plain.slice(number?.length ?? 0).trim();
  if (number !== undefined && rest === '' && plain !== text.trim()) return `write ${plain}`;
  if (number !== undefined && rest === '%') return `write ${Number(number) / 100}, which is ${number}%`;
  if (dimension === undefined) return 'write a number without a unit';
  const unit = (dimension === 'memory' ? MEMORY : TIME).get(rest.toLowerCase());
  if (number !== undefined && unit !== undefined) return `write ${number}${unit}`;
  return `write a number with one of the units ${unitNames(dimension).toReversed().join(', ')}`;
}
