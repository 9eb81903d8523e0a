import { quoteValue } from '../../database/finding.ts';
import { suggest } from '../../database/suggest.ts';
import { majorsWith, modulePrefixes, settingNames, settingOf } from './postgresql-settings.ts';
import type { ValueProblem } from './lists.ts';

/** Settings that no major of the catalog has any more: the major that removed them, and their replacement. */
const GONE = new Map<string, readonly [since: string, instead?: string]>(
  Object.entries({
    checkpoint_segments: ['9.5', 'max_wal_size'],
    default_with_oids: ['12'],
    max_fsm_pages: ['8.4'],
    max_fsm_relations: ['8.4'],
    min_parallel_relation_size: ['10', 'min_parallel_table_scan_size'],
    operator_precedence_warning: ['14'],
    replacement_sort_tuples: ['11'],
    sort_mem: ['8.0', 'work_mem'],
    sql_inheritance: ['10'],
    ssl_renegotiation_limit: ['9.5'],
    vacuum_cleanup_index_scale_factor: ['14'],
    vacuum_mem: ['8.0', 'maintenance_work_mem'],
    wal_keep_segments: ['13', 'wal_keep_size'],
  }),
);

/** The replacements of settings that a major of the catalog removed. */
const INSTEAD: ReadonlyMap<string, string> = new Map([
  ['force_parallel_mode', 'debug_parallel_query'],
  ['ssl_ecdh_curve', 'ssl_groups'],
]);

function removed(since: string, instead: string | undefined): ValueProblem {
  return {
    problem: `must not be set: PostgreSQL ${since} removed it`,
    remedy: instead === undefined ? 'remove it; nothing takes its place' : `write ${instead} instead`,
  };
}

function ofOtherMajor(major: string, name: string): ValueProblem | undefined {
  const having = majorsWith(name);
  const later = having.find((one) => Number(one) > Number(major));
  const earlier = having.findLast((one) => Number(one) < Number(major));
  if (earlier !== undefined) return removed(String(Number(earlier) + 1), INSTEAD.get(name.toLowerCase()));
  if (later === undefined) return undefined;
  return {
    problem: `must not be set: it comes with PostgreSQL ${later}`,
    remedy: `remove it until the database runs PostgreSQL ${later}`,
  };
}

/** A name with a module's prefix belongs to the module: PostgreSQL removes those that the module does not know. */
function ofNoModule(major: string, name: string, isMeantSought: boolean): ValueProblem | undefined {
  const module = name.slice(0, name.indexOf('.')).toLowerCase();
  // A setting of a module that the image lacks: the user who adds the module knows its settings.
  if (!modulePrefixes(major).has(module)) return undefined;
  return unknown(
    `${module} of PostgreSQL ${major}`,
    name,
    isMeantSought ? settingNames(major).filter((known) => known.startsWith(`${module}.`)) : [],
  );
}

function unknown(whose: string, name: string, known: readonly string[]): ValueProblem {
  const meant = suggest(name, known);
  const remedy = meant ? `did you mean ${quoteValue(meant)}?` : 'remove it, or write the name as the manual does';
  return { problem: `must be a setting of ${whose}`, remedy };
}

/**
 * A problem of a setting's name for a major version; undefined when a configuration file may hold it. Looking for the intended name takes
 * a millisecond and is optional.
 */
export function nameProblem(major: string, name: string, isMeantSought: boolean): ValueProblem | undefined {
  const setting = settingOf(major, name);
  if (setting?.context === 'never') {
    return { problem: 'must not be set: the server tells it, and nobody sets it', remedy: 'remove it' };
  }
  if (setting?.context === 'dropped') {
    return { problem: 'must not be set: Patroni does not hand it to the server', remedy: 'remove it' };
  }
  if (setting) return undefined;
  if (name.includes('.')) return ofOtherMajor(major, name) ?? ofNoModule(major, name, isMeantSought);
  const [since, instead] = GONE.get(name.toLowerCase()) ?? [];
  if (since !== undefined) return removed(since, instead);
  return ofOtherMajor(major, name) ?? unknown(`PostgreSQL ${major}`, name, isMeantSought ? settingNames(major) : []);
}
