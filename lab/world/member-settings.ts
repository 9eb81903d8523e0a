import type { Plain } from './objects.ts';
import { part } from './objects.ts';

/** Values of the settings that take a restart in the simulated world, by name. */
export type SettingValues = Readonly<Record<string, number>>;

/** PostgreSQL's own. */
const DEFAULTS: SettingValues = { max_connections: 100, max_files_per_process: 1000 };
/** A standby that has less of it than its primary does not start (PostgreSQL, "Administrator's Overview" of hot standby). */
const FOLLOWED = 'max_connections';

/** The values that a configuration of Patroni asks for. */
export function valuesIn(config: Plain): SettingValues {
  const parameters = part(config, 'postgresql', 'parameters');
  return Object.fromEntries(Object.entries(DEFAULTS).map(([name, value]) => [name, Number(parameters[name] ?? value)]));
}

/** The values that a server starts with: a standby with no less than its primary runs with, in what it follows. */
export function valuesAtStart(taken: SettingValues, primary?: SettingValues): SettingValues {
  return { ...taken, [FOLLOWED]: Math.max(taken[FOLLOWED] ?? 0, primary?.[FOLLOWED] ?? 0) };
}

/** Settings that wait for a restart, as Patroni reports them in `pending_restart_reason`. */
export function waitingSettings(runs: SettingValues, taken: SettingValues): Plain {
  const waiting = Object.entries(taken).filter(([name, value]) => runs[name] !== value);
  return Object.fromEntries(
    waiting.map(([name, value]) => [name, { old_value: String(runs[name]), new_value: String(value) }]),
  );
}
