import { STANDARD_RESOURCES } from '../kubernetes/resources.ts';
import { CONFIGURATIONS } from '../webhook/resources.ts';
import { NAMES } from './names.ts';
import type { CertificateSource, SharedOptions } from './options.ts';
import type { Part } from './part.ts';
import type { Right, RoleName } from './rbac.ts';
import { binding, role } from './rbac.ts';

const NAME = NAMES.webhook;
const CERT_MANAGER = 'cert-manager.io/v1';

const TO_ITS_SECRET: readonly Right[] = [
  { resource: STANDARD_RESOURCES.Secret, names: [NAMES.certificateSecret], verbs: ['get', 'patch'] },
];
const TO_ITS_CONFIGURATIONS: readonly Right[] = Object.values(CONFIGURATIONS).map((resource) => ({
  ...{ resource, names: [NAMES.configuration], verbs: ['get', 'patch'] },
}));

function selfSigned({ namespace }: SharedOptions): Part[] {
  const account = { name: NAME, namespace };
  const ofNamespace: RoleName = { kind: 'Role', ...account };
  const ofCluster: RoleName = { kind: 'ClusterRole', name: NAME };
  const secret = {
    ...{ apiVersion: 'v1', kind: 'Secret' },
    metadata: {
      ...{ name: NAMES.certificateSecret, namespace },
      annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false' },
    },
    type: 'Opaque',
  };
  return [
    { about: 'Empty: the webhook fills it, so that it need not have the right to make Secrets.', manifests: [secret] },
    {
      manifests: [
        role(ofNamespace, TO_ITS_SECRET),
        binding(ofNamespace, account, namespace),
        role(ofCluster, TO_ITS_CONFIGURATIONS),
        binding(ofCluster, account),
      ],
    },
  ];
}

function certManager({ namespace }: SharedOptions): Part[] {
  const metadata = { name: NAME, namespace };
  const host = `${NAME}.${namespace}.svc`;
  return [
    {
      manifests: [
        { apiVersion: CERT_MANAGER, kind: 'Issuer', metadata, spec: { selfSigned: {} } },
        {
          ...{ apiVersion: CERT_MANAGER, kind: 'Certificate', metadata },
          spec: {
            secretName: NAMES.tlsSecret,
            // Ninety days, renewed thirty days before they end.
            ...{ duration: '2160h', renewBefore: '720h' },
            dnsNames: [host, `${host}.cluster.local`],
            issuerRef: { kind: 'Issuer', name: NAME },
            privateKey: { rotationPolicy: 'Always' },
          },
        },
      ],
    },
  ];
}

/** The additional manifests for a source of the webhook's certificate. */
export function certificate(source: CertificateSource, options: SharedOptions): Part[] {
  return source === 'self-signed' ? selfSigned(options) : certManager(options);
}
