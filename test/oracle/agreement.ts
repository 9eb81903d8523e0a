import { canFire, nextFire } from '../../database/values/fires.ts';
import { parseSchedule } from '../../database/values/cron.ts';
import { canonicalQuantity, parseQuantity } from '../../database/values/quantity.ts';
import type { CronVerdict, QuantityVerdict } from './verdicts.ts';

function verdictDiffers(text: string, ours: { ok: boolean; problem?: string }, theirs: boolean): string | undefined {
  if (ours.ok === theirs) return undefined;
  return `${JSON.stringify(text)}: Kubernetes ${theirs ? 'takes' : 'refuses'} it, we say ${ours.problem ?? 'it is good'}`;
}

function fires(schedule: Parameters<typeof nextFire>[0], after: string, count: number): string[] {
  const found: string[] = [];
  for (let moment = nextFire(schedule, new Date(after)); moment && found.length < count;) {
    found.push(moment.toISOString().replace('.000Z', 'Z'));
    moment = nextFire(schedule, moment);
  }
  return found;
}

/** How our reading of a schedule differs from Kubernetes', in a sentence; undefined when it does not. */
export function scheduleDifference([text, after, next = []]: CronVerdict): string | undefined {
  const result = parseSchedule(text);
  if (!result.ok || after === undefined) return verdictDiffers(text, result, after !== undefined);
  const ours = fires(result.schedule, after, 3).join(' ');
  if (ours !== next.join(' '))
    return `${JSON.stringify(text)} after ${after}: Kubernetes fires ${next.join(' ')}, we ${ours}`;
  const never = next.length > 0 && !canFire(result.schedule);
  return never ? `${JSON.stringify(text)} can fire, we say never` : undefined;
}

function inNano(decimal: string): bigint {
  const [, sign, whole = '', fraction = ''] = /^(-?)([0-9]*)\.?([0-9]*)$/.exec(decimal) ?? [];
  const nano = BigInt(whole + fraction.slice(0, 9).padEnd(9, '0'));
  return sign === '-' ? -nano : nano;
}

/** How our reading of a quantity differs from Kubernetes', in a sentence; undefined when it does not. */
export function quantityDifference([text, canonical, exact = '']: QuantityVerdict): string | undefined {
  const result = parseQuantity(text);
  if (!result.ok || canonical === undefined) return verdictDiffers(text, result, canonical !== undefined);
  const ours = canonicalQuantity(result.quantity);
  if (ours !== canonical) return `${JSON.stringify(text)}: Kubernetes writes ${canonical}, we ${ours}`;
  const same = result.quantity.nano === inNano(exact);
  return same ? undefined : `${JSON.stringify(text)}: Kubernetes' value is ${exact}, ours ${result.quantity.nano}e-9`;
}
