import type { Plain } from './objects.ts';
import { part } from './objects.ts';

/** Values of the simulated settings that need a restart, by name. */
export type SettingValues = Readonly<Record<string, number>>;

/** PostgreSQL's defaults. */
const DEFAULTS: SettingValues = { max_connections: 100, max_files_per_process: 1000 };
/** A standby with a lower value than its primary does not start (PostgreSQL, "Administrator's Overview" of hot standby). */
const FOLLOWED = 'max_connections';

/** The values in a configuration of Patroni. */
export function valuesIn(config: Plain): SettingValues {
  const parameters = part(config, 'postgresql', 'parameters');
  return Object.fromEntries(Object.entries(DEFAULTS).map(([name, value]) => [name, Number(parameters[name] ?? value)]));
}

/** The values at a server's start: a standby uses at least its primary's running value of a followed setting. */
export function valuesAtStart(taken: SettingValues, primary?: SettingValues): SettingValues {
  return { ...taken, [FOLLOWED]: Math.max(taken[FOLLOWED] ?? 0, primary?.[FOLLOWED] ?? 0) };
}

/** Settings with a pending restart, as Patroni reports them in `pending_restart_reason`. */
export function waitingSettings(runs: SettingValues, taken: SettingValues): Plain {
  const waiting = Object.entries(taken).filter(([name, value]) => runs[name] !== value);
  return Object.fromEntries(
    waiting.map(([name, value]) => [name, { old_value: String(runs[name]), new_value: String(value) }]),
  );
}
