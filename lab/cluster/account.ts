import { run } from '../processes/command.ts';
import type { Cluster } from './layout.ts';

const LIMIT = '--timeout=60s';

/**
 * Waits until a namespace has the `default` service account. The controller manager creates it a moment after the namespace; until then
 * the API server refuses pods without an account.
 */
export async function untilAccount({ kubectl }: Pick<Cluster, 'kubectl'>, namespace: string): Promise<void> {
  await run([kubectl, '--namespace', namespace, 'wait', '--for=create', 'serviceaccount/default', LIMIT]);
}
