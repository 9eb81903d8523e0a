import type { Setting } from '../../policies/parameters/postgresql-settings.ts';
import { BOOL, MEMORY, NUMBERS, OF_NAME, TEXTS, TIME, WORDS } from './sample-values.ts';

/** Every third value of a list, with an offset that depends on the name, so that all settings together cover the list. */
function third(list: readonly string[], name: string): string[] {
  const start = Array.from(name).reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % 3;
  return list.filter((_, index) => index % 3 === start);
}

function ofNumber({ name, type, unit, least, most }: Setting): string[] {
  const step = type === 'integer' ? 1 : 0.5;
  const limits = least === undefined || most === undefined ? [] : [least, most, least - step, most + step];
  const units = unit === undefined ? ['5MB', '5s'] : unit.endsWith('B') ? MEMORY : TIME;
  return [...limits.map(String), ...third(NUMBERS, name), ...third(units, name)];
}

function ofType(setting: Setting): readonly string[] {
  const { type, name, values = [] } = setting;
  if (type === 'bool') return BOOL;
  if (type === 'enum')
    return [...values, ...values.slice(0, 1).map((value) => value.toUpperCase()), ...WORDS, `${values[0] ?? ''}x`];
  return type === 'string' ? third(TEXTS, name) : ofNumber(setting);
}

/** Valid and invalid values of a setting to ask about. */
export function samplesOf(setting: Setting): string[] {
  const own = OF_NAME[setting.name.toLowerCase()] ?? [];
  const checked = setting.type === 'string' && own.length > 0 ? TEXTS : [];
  return [...new Set([...ofType(setting), ...own, ...checked])];
}
