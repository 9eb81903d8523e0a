import { printableLine } from '../../../database/printable-line.ts';
import { isRecord } from '../../../database/record.ts';
import { SWITCHOVER } from '../../../database/vocabulary.ts';
import { Refused } from '../../errors.ts';
import { readDatabase } from '../database.ts';
import type { Kubectl } from '../kubectl.ts';
import type { StoredDatabase } from '../objects.ts';
import { resourceOf } from '../objects.ts';
import { FIELD_MANAGER } from '../field-manager.ts';
import { waitUntil } from '../wait.ts';

/** Options of `kubectl ballast switchover`. */
export interface SwitchoverOptions {
  readonly timeout: number;
}

/** Those who annotate by hand. Anyone else who wrote the annotation writes it again. */
const BY_HAND: readonly string[] = [FIELD_MANAGER, 'kubectl-annotate', 'kubectl-edit', 'kubectl-patch'];

function ownsAnnotation(fields: unknown): boolean {
  const metadata = isRecord(fields) ? fields['f:metadata'] : undefined;
  const annotations = isRecord(metadata) ? metadata['f:annotations'] : undefined;
  return isRecord(annotations) && `f:${SWITCHOVER}` in annotations;
}

/** The program that keeps the annotation as Git has it; undefined when nobody does. */
function keeperOf({ metadata }: StoredDatabase): string | undefined {
  const owners = (metadata.managedFields ?? []).filter(({ fieldsV1 }) => ownsAnnotation(fieldsV1));
  return owners.map(({ manager = 'another program' }) => manager).find((manager) => !BY_HAND.includes(manager));
}

/** What the status says about a request; undefined while it is not done. */
function resultOf({ status }: StoredDatabase, request: string): string | undefined {
  const noted = status?.handled?.switchover;
  return noted?.request === request && noted.from === undefined ? (noted.result ?? 'done') : undefined;
}

/** Whether the request was followed: the asked member leads now, or did before. */
const isDone = (result: string): boolean => / took over from | was the primary already$/.test(result);

/** Asks for a planned switchover to a pod, or to any standby, and waits for what becomes of it. */
export async function switchover(
  kubectl: Kubectl,
  name: string,
  pod: string | undefined,
  { timeout }: SwitchoverOptions,
): Promise<number> {
  const before = await readDatabase(kubectl, name, ['--show-managed-fields']);
  const keeper = keeperOf(before);
  if (keeper !== undefined) {
    throw new Refused([
      `${printableLine(keeper)} writes the annotation ${SWITCHOVER} of ${name}, and would put its own value back, which asks for one more switchover; change it in Git, or take it out there first`,
    ]);
  }
  const request = `${pod ?? 'any'}@${new Date().toISOString()}`;
  const annotate = ['annotate', resourceOf('Database'), name, `${SWITCHOVER}=${request}`, '--overwrite'];
  await kubectl.change([...annotate, `--field-manager=${FIELD_MANAGER}`]);
  process.stderr.write(
    `asked for a switchover to ${pod ?? 'any standby'}; the primary is ${before.status?.primary ?? 'unknown'}\n`,
  );
  const look = (): Promise<StoredDatabase> => readDatabase(kubectl, name);
  const isOver = (seen: StoredDatabase): boolean => resultOf(seen, request) !== undefined;
  const after = await waitUntil({ look, isOver, seconds: timeout });
  const result = after && resultOf(after, request);
  if (result === undefined) {
    throw new Refused([
      `not done after ${timeout} seconds; it stays asked for: kubectl ballast status ${name} says what it waits for`,
    ]);
  }
  process.stdout.write(`${printableLine(result)}\n`);
  return isDone(result) ? 0 : 1;
}
