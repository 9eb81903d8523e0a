import { applyDefaults } from './defaults.ts';
import { settingsSchema } from './schema/settings.ts';
import type { Settings } from './types.ts';

/** Settings of an installation with their defaults; `written` has passed the schema. */
export function filledSettings(written: object = {}): Settings {
  return applyDefaults(settingsSchema, written) as Settings;
}

/** The settings of an installation without a settings file. */
export const NO_SETTINGS: Settings = filledSettings();
