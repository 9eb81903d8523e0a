import { DATABASE_LABEL } from '../../../database/vocabulary.ts';
import type { DatabaseStatus } from '../../../database/types.ts';
import { names } from '../../../generator/names.ts';
import { nameOf, namespaceOf } from '../state/database.ts';
import type { Observation } from '../observation.ts';

/** The addresses for clients. The hosts omit the cluster's domain, as in the application's Secret. */
export function endpointsOf(seen: Observation): NonNullable<DatabaseStatus['endpoints']> {
  const { port } = seen.control.facts;
  const [name, namespace] = [nameOf(seen), namespaceOf(seen)];
  return {
    primary: `${names.primaryService(name)}.${namespace}.svc:${port}`,
    readOnly: `${names.replicaService(name)}.${namespace}.svc:${port}`,
  };
}

/** The selector of the members for autoscalers and `kubectl scale`. */
export function selectorOf(seen: Observation): string {
  return `app.kubernetes.io/component=database,${DATABASE_LABEL}=${nameOf(seen)}`;
}
