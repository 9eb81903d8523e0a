/** Kinds of Prometheus' operator; here any content is taken, theirs is checked in test/generator. */
const FOREIGN = { ServiceMonitor: 'servicemonitors', PrometheusRule: 'prometheusrules' };

function foreignKind([kind, plural]: [string, string]): object {
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.monitoring.coreos.com` },
    spec: {
      group: 'monitoring.coreos.com',
      scope: 'Namespaced',
      names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}

/** The kinds of Prometheus' operator, as objects to apply. */
export const FOREIGN_KINDS: readonly object[] = Object.entries(FOREIGN).map(foreignKind);

/** Their names, as kubectl waits for them. */
export const FOREIGN_NAMES = Object.values(FOREIGN).map((plural) => `crd/${plural}.monitoring.coreos.com`);
