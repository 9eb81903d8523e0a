import type { MemberPod } from '../../lab/failover/pods.ts';
import { until } from '../cluster/controller.ts';
import type { DatabaseUser } from './person.ts';

const REPLACED_MS = 300_000;

/** Whether a pod was made after others were looked at. */
export function isNewSince(before: readonly MemberPod[]): (pod: MemberPod) => boolean {
  return ({ uid }) => !before.some((one) => one.uid === uid);
}

/** Waits until a Database has so many members' pods, ready or not. */
export async function untilMembers(user: DatabaseUser, count: number, limitMs?: number): Promise<void> {
  await until(
    () => user.pods(),
    (pods) => pods.length === count,
    limitMs,
  );
}

/** Waits until there are so many members' pods, every one of them recreated. */
export async function untilReplaced(user: DatabaseUser, before: readonly MemberPod[], count: number): Promise<void> {
  await until(
    () => user.pods(),
    (pods) => pods.length === count && pods.every(isNewSince(before)),
    REPLACED_MS,
  );
}

/** The images that the members run. */
export async function memberImages(user: DatabaseUser): Promise<Set<string>> {
  const selector = `--selector=db.example.com/database=${user.name},app.kubernetes.io/component=database`;
  const path = '--output=jsonpath={range .items[*]}{.spec.containers[?(@.name=="postgresql")].image}{"\\n"}{end}';
  return new Set(await user.lines('get', 'pods', selector, path));
}
