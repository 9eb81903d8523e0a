import type { EngineName } from '../../database/engines/index.ts';
import { ENGINES } from '../../database/engines/index.ts';
import type { ValueProblem } from './lists.ts';
import { mongodbNameProblem, mongodbValueProblem } from './mongodb.ts';
import { mysqlNameProblem, mysqlValueProblem } from './mysql.ts';
import { settingNames, settingOf } from './postgresql-settings.ts';
import { valueProblem } from './postgresql-value.ts';
import { nameProblem } from './unknown-name.ts';

/** A name with all names beside it, and whether to look for the intended one. */
export interface NamedSetting {
  readonly name: string;
  readonly all: readonly string[];
  readonly isMeantSought: boolean;
}

/** When a change of a setting takes effect. */
export type SettingContext = 'restart' | 'reload';

/** The settings of an engine's release series, as far as they are known. */
export interface EngineSettings {
  /** The names of all settings; empty where unknown. */
  readonly names: (series: string) => readonly string[];
  /** Why a name is not a setting of the series; undefined when it is one, or may be. */
  readonly nameProblem: (series: string, named: NamedSetting) => ValueProblem | undefined;
  /** Why the engine would refuse a value; undefined when it would not, or when that is unknown. */
  readonly valueProblem: (series: string, name: string, value: string) => ValueProblem | undefined;
  /** When a change takes effect; undefined where unknown. */
  readonly context: (series: string, name: string) => SettingContext | undefined;
}

const UNKNOWN = { names: () => [], context: () => undefined } as const;

/** The settings of each engine. */
export const SETTINGS: Readonly<Record<EngineName, EngineSettings>> = {
  postgresql: {
    names: settingNames,
    nameProblem: (series, { name, isMeantSought }) => nameProblem(series, name, isMeantSought),
    valueProblem,
    context: (series, name) => {
      const setting = settingOf(series, name);
      if (!setting) return undefined;
      return setting.context === 'postmaster' ? 'restart' : 'reload';
    },
  },
  mysql: {
    ...UNKNOWN,
    nameProblem: (series, { name }) => mysqlNameProblem(series, ENGINES.mysql.parameters.canonical(name)),
    valueProblem: (_, name, value) => mysqlValueProblem(ENGINES.mysql.parameters.canonical(name), value),
  },
  mongodb: {
    ...UNKNOWN,
    nameProblem: (_, { name, all, isMeantSought }) => mongodbNameProblem(name, all, isMeantSought),
    valueProblem: (_, name, value) => mongodbValueProblem(name, value),
  },
};
