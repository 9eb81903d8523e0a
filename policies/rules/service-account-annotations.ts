import type { Found } from '../rule.ts';
import { objectRule } from '../rule.ts';

/** Annotations that change nothing but the identity of the account's pods in a cloud. */
const KEY = /^(eks[.]amazonaws[.]com|iam[.]gke[.]io)\/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const VALUE = /^[!-~]+$/;

const at = (annotations: object): object => ({ spec: { serviceAccount: { annotations } } });

function inCel(pattern: RegExp): string {
  return `'${pattern.source.replaceAll('\\/', '/')}'`;
}

/** Allows annotations of the members' service account by which Amazon and Google know its pods. */
export const serviceAccountAnnotations = objectRule({
  id: 'service-account-annotations',
  kinds: ['Database'],
  path: 'spec.serviceAccount.annotations',
  severity: 'error',
  on: 'write',
  why: 'Annotations of an account are read by clouds, by Kubernetes and by the tools that apply it. Only those of Amazon (eks.amazonaws.com/) and Google (iam.gke.io/) say nothing but who the pods are. Azure is not among them: pgBackRest asks there for the identity of the node, and knows none of the pod.',
  remedy:
    'use eks.amazonaws.com/role-arn or iam.gke.io/gcp-service-account; with Azure name a Secret in credentialsSecret',
  cel: `!has(self.serviceAccount) || !has(self.serviceAccount.annotations) || self.serviceAccount.annotations.all(key, key.matches(${inCel(KEY)}) && self.serviceAccount.annotations[key].matches(${inCel(VALUE)}))`,
  allowed: [
    {},
    at({}),
    at({ 'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/backups' }),
    at({ 'iam.gke.io/gcp-service-account': 'backups@acme.iam.gserviceaccount.com' }),
  ],
  denied: [
    at({ 'azure.workload.identity/client-id': '00000000-0000-0000-0000-000000000000' }),
    at({ 'argocd.argoproj.io/sync-options': 'Prune=true' }),
    at({ 'eks.amazonaws.com/role-arn': '' }),
    at({ 'eks.amazonaws.com/role-arn': 'arn:aws:iam\n' }),
  ],
  check: ({ spec: { serviceAccount } }) =>
    Object.entries(serviceAccount?.annotations ?? {}).flatMap(([key, value]): Found[] => {
      const path = ['spec', 'serviceAccount', 'annotations', key];
      if (!KEY.test(key)) return [{ path, problem: 'must not be set: it is none by which a cloud knows the pods' }];
      const problem = 'must be printable characters without a space';
      return VALUE.test(value) ? [] : [{ path, value, problem, remedy: 'write what the cloud shows as its name' }];
    }),
});
