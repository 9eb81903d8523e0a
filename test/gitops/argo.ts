import type { ArgoOptions } from '../../lab/gitops/argocd.ts';
import { startArgo, stopArgo } from '../../lab/gitops/argocd.ts';
import { cluster } from '../nodes/suite.ts';
import { Webhook } from './webhook.ts';

/** Starts the webhook and Argo CD for a story, which ends both after its last case. */
export async function startWithArgo(onEnd: (end: () => Promise<void>) => void, options?: ArgoOptions): Promise<void> {
  const webhook = new Webhook(cluster);
  onEnd(() => webhook.end());
  await webhook.start();
  onEnd(() => stopArgo(cluster));
  await startArgo(cluster, options);
}
