import type { Manifest } from '../../generator/metadata.ts';
import { familyOf } from '../../database/family.ts';
import { render } from '../../generator/render.ts';
import { admit } from './databases.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import type { Pod } from './manifests.ts';
import { labelsOf, podsOf } from './manifests.ts';
import type { End } from './network-policies.ts';

/** The namespace that everything in the tables is in unless they say otherwise. */
export const NAMESPACE = 'shop';

/** A Database as the tables write it. */
export interface Written {
  readonly spec: object;
  /** Whose account the members run under: annotation db.example.com/member-account. */
  readonly account?: string;
}

/** The manifests of the Database orders: PostgreSQL with three members, unless the spec says otherwise. */
export function rendered({ spec, account }: Written): Manifest[] {
  const annotations = account === undefined ? {} : { annotations: { 'db.example.com/member-account': account } };
  const metadata = { name: 'orders', namespace: NAMESPACE, ...annotations };
  const whole = { engine: 'postgresql', version: '16', storage: { size: '10Gi' }, replicas: 3, ...spec };
  return render(
    familyOf(admit({ apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata, spec: whole })),
    NO_SETTINGS,
  );
}

const KINDS: Readonly<Record<string, string>> = {
  StatefulSet: 'a member',
  CronJob: 'a backup job',
  Deployment: 'the repository host',
};

/** What kind of pod it is, as the tables name it. */
export function kindOf(pod: Pod): string {
  return KINDS[pod.of] ?? pod.of;
}

/** The Database's own pods, by kind. */
export function ownEnds(manifests: readonly Manifest[]): Record<string, End & { readonly labels: object }> {
  return Object.fromEntries(
    podsOf(manifests).map((pod) => [kindOf(pod), { namespace: NAMESPACE, labels: labelsOf(pod) }]),
  );
}
