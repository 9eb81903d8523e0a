import type { Finding } from '../database/finding.ts';
import type { Identity } from '../database/object.ts';
import { identityKey } from '../database/object.ts';
import type { Facts as WrittenFacts } from '../database/types.ts';
import type { LocatedFinding } from './located-finding.ts';
import { reviewDocument } from './single-document.ts';
import type { SourceText } from './source.ts';

/** What a cluster says of one Database. */
export type FactsOfDatabase = WrittenFacts['databases'][number];

/** What a cluster says of its Databases. */
export interface Facts {
  /** When it was read, as written. */
  readonly observedAt: string;
  /** How long ago that was when it is too long to refuse anything, as in `3 days`; absent while it is not. */
  readonly tooOld?: string;
  readonly of: (database: Identity) => FactsOfDatabase | undefined;
}

/** The facts in a file, with their findings. */
export interface FactsReview {
  /** Absent when they are invalid. */
  readonly facts?: Facts;
  readonly findings: readonly LocatedFinding[];
}

const HOUR_MS = 3_600_000;
/** Facts that are older only warn: a job that fails at night is seen within a day. */
const LIMIT_HOURS = 24;
/** The clocks of the cluster and of this machine may differ by this much. */
const SKEW_MS = 300_000;

const keyOf = ({ namespace, name }: Pick<FactsOfDatabase, 'namespace' | 'name'>): string =>
  identityKey({ kind: 'Database', namespace, name });

function repeated({ databases }: WrittenFacts): Finding[] {
  const seen = new Set<string>();
  return databases.flatMap((one, index): Finding[] => {
    const key = keyOf(one);
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const problem = `must not name the Database ${one.namespace}/${one.name} twice`;
    const remedy = 'read the facts again (ballast facts), and give each cluster a file of its own';
    return [{ rule: 'schema-duplicate', severity: 'error', path: ['databases', index], problem, remedy }];
  });
}

/** The time of the facts as a finding: they cannot be of the future, and old ones only warn. */
function ageFindings({ observedAt }: WrittenFacts, now: Date): Finding[] {
  const path = ['observedAt'];
  const remedy = 'read the facts again (ballast facts)';
  if (Date.parse(observedAt) > now.getTime() + SKEW_MS) {
    const problem = 'must not lie in the future: facts could then never grow old';
    return [{ rule: 'facts-time', severity: 'error', path, value: observedAt, problem, remedy }];
  }
  const age = tooOld(observedAt, now);
  if (age === undefined) return [];
  const problem = `is ${age} ago: facts older than ${LIMIT_HOURS} hours refuse nothing, and only warn`;
  return [{ rule: 'facts-time', severity: 'warning', path, value: observedAt, problem, remedy }];
}

/** The age of facts that are too old, in words; undefined while they are not. */
function tooOld(observedAt: string, now: Date): string | undefined {
  const hours = (now.getTime() - Date.parse(observedAt)) / HOUR_MS;
  if (hours <= LIMIT_HOURS) return undefined;
  const days = Math.floor(hours / 24);
  return days === 1 ? `${Math.floor(hours)} hours` : `${days} days`;
}

function factsOf(written: WrittenFacts, now: Date): Facts {
  const known = new Map(written.databases.map((one) => [keyOf(one), one]));
  const age = tooOld(written.observedAt, now);
  return {
    observedAt: written.observedAt,
    ...(age !== undefined && { tooOld: age }),
    of: (database) => known.get(identityKey(database)),
  };
}

/** Parses the text of a file of facts. Pure: the same text and time give the same facts. */
export function reviewFacts(file: string, source: SourceText, now: Date): FactsReview {
  const { value, findings } = reviewDocument(file, source, {
    schema: 'Facts',
    fill: (written) => written as WrittenFacts,
    check: (facts) => [...repeated(facts), ...ageFindings(facts, now)],
    holds: 'facts',
  });
  const isWrong = findings.some(({ severity }) => severity === 'error');
  return { findings, ...(value && !isWrong && { facts: factsOf(value, now) }) };
}
