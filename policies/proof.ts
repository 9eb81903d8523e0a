import type { Database } from '../database/object.ts';
import { readDays } from '../database/resolve.ts';
import type { DatabaseStatus } from '../database/types.ts';
import type { Context, Found } from './rule.ts';
import { statusOf } from './status.ts';

/** What asks for a proof that the backups can be restored. */
type Gate = NonNullable<NonNullable<NonNullable<Database['spec']['backup']>['verify']>['gate']>;
/** What a gate can stand before. */
type Guarded = Gate['before'][number];

const DAY_MS = 86_400_000;
/** The clocks of the nodes may differ by this much: what ended later than that is no proof. */
const SKEW_MS = 300_000;

/** The gate of a Database before an act; undefined when there is none. */
function gateBefore(act: Guarded, { spec }: Database): Gate | undefined {
  const gate = spec.backup?.verify?.gate;
  return gate?.before.includes(act) ? gate : undefined;
}

/** Why a verification does not open a gate, as a clause; undefined when it does. */
function whyShut({ maxAge }: Gate, verified: DatabaseStatus['lastVerified'], { now }: Context): string | undefined {
  if (!verified) return 'no verification of them is known';
  const { name = 'the newest backup', time, result } = verified;
  if (result !== 'Succeeded') return `the verification of ${name} failed at ${time ?? 'an unknown time'}`;
  const age = now.getTime() - Date.parse(time ?? '');
  if (age >= -SKEW_MS && age <= readDays(maxAge) * DAY_MS) return undefined;
  const days = Math.floor(age / DAY_MS);
  const ago = days >= 1 ? `, ${days} ${days === 1 ? 'day' : 'days'} ago` : '';
  return `the verification of ${name} ended at ${time ?? 'an unknown time'}${ago}`;
}

/** What opens the gate of a Database, and the way around it. */
function remedyFor({ metadata: { name = 'NAME', namespace = 'NAMESPACE' } }: Database): string {
  const job = `kubectl -n ${namespace} create job --from=cronjob/${name}-verify ${name}-verify-now`;
  return `verify them (${job}) until status.lastVerified is Succeeded, or remove spec.backup.verify.gate first, in a change of its own`;
}

/** Whether the controller has not looked at the stored spec yet: its status may be about other backups. */
function isBehind(database: Database): boolean {
  const { generation } = database.metadata as { readonly generation?: unknown };
  const { observedGeneration = 0 } = statusOf(database);
  return typeof generation === 'number' && observedGeneration < generation;
}

/**
 * What a stored Database says against an act before which its gate stands: an error when it is shut, a warning when the status is not
 * known, which a file in Git does not have; nothing when it is open, or there is none. `problem` begins the sentence, up to the verification.
 */
export function unproven(
  guarded: Guarded,
  problem: string,
  { stored, now }: Context & { readonly stored: Database },
): Found[] {
  const gate = gateBefore(guarded, stored);
  if (!gate) return [];
  const days = readDays(gate.maxAge);
  const asked = `${problem} in the last ${days === 1 ? 'day' : `${days} days`}`;
  const remedy = remedyFor(stored);
  if (!stored.status) {
    const unknown = 'the API server refuses it otherwise, and no file says whether they were';
    return [{ severity: 'warning', problem: `${asked}: ${unknown}`, remedy }];
  }
  const reason = isBehind(stored)
    ? 'the controller has not looked at the present spec yet'
    : whyShut(gate, statusOf(stored).lastVerified, { now });
  return reason === undefined ? [] : [{ problem: `${asked}: ${reason}`, remedy }];
}
