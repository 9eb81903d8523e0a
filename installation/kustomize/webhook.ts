import { DATA_POLICIES, MEMBER_POLICIES } from '../admission/policies.ts';
import { admission } from '../admission/policy.ts';
import { certificate } from '../certificate.ts';
import { configurations, injection } from '../configurations.ts';
import { COMMON_LABELS } from '../labels.ts';
import { NAMES } from '../names.ts';
import { ownNamespace } from '../namespace.ts';
import { certificateNetwork, closedNetwork, webhookNetwork } from '../network.ts';
import { DEFAULT_OPTIONS, WEBHOOK_SIZE } from '../options.ts';
import { CERT_MANAGER_CONTAINER, TLS_VOLUME, webhook } from '../webhook.ts';
import { CONFIGURATIONS } from '../../webhook/resources.ts';
import type { Folder, Patch } from './folder.ts';

const { namespace } = DEFAULT_OPTIONS;
const BASE = '../../base';

/** The base of every overlay of the webhook. */
export function base(tag: string): Folder {
  return {
    path: 'base',
    about: 'The four kinds, the webhook without a certificate (an overlay brings that), what members may write, and what no tool may delete.',
    ...{ namespace, labels: COMMON_LABELS, over: ['../../crds'] },
    files: {
      'namespace.yaml': [{ manifests: [ownNamespace(DEFAULT_OPTIONS)] }],
      'webhook.yaml': [{ manifests: webhook(DEFAULT_OPTIONS, WEBHOOK_SIZE) }],
      'configurations.yaml': [{ manifests: configurations(DEFAULT_OPTIONS, {}) }],
      'network.yaml': [closedNetwork(DEFAULT_OPTIONS), webhookNetwork(DEFAULT_OPTIONS)],
      'members.yaml': MEMBER_POLICIES.map(admission),
      'data.yaml': DATA_POLICIES.map(admission),
    },
    image: { name: DEFAULT_OPTIONS.image, tag },
  };
}

function ofPod(spec: NonNullable<Patch['merge']>): Patch {
  const target = { kind: 'Deployment', name: NAMES.webhook };
  const metadata = { name: target.name };
  return {
    ...target,
    merge: { apiVersion: 'apps/v1', kind: target.kind, metadata, spec: { template: { spec } } },
  };
}

const SELF_SIGNED_OVERLAY: Folder = {
  path: 'overlays/self-signed',
  about: 'The webhook makes its own certificate, shares it in a Secret and renews it.',
  ...{ namespace, over: [BASE] },
  files: {
    'certificate.yaml': certificate('self-signed', DEFAULT_OPTIONS),
    'network.yaml': [certificateNetwork(DEFAULT_OPTIONS)],
  },
  patches: [ofPod({ automountServiceAccountToken: true })],
};

const INJECTIONS = Object.values(CONFIGURATIONS).map(({ group, version, kind }): Patch => {
  const metadata = { name: NAMES.configuration, annotations: injection(namespace) };
  return { kind, name: NAMES.configuration, merge: { apiVersion: `${group}/${version}`, kind, metadata } };
});

const CERT_MANAGER_OVERLAY: Folder = {
  path: 'overlays/cert-manager',
  about: 'cert-manager makes and renews the certificate, and puts its authority into the configurations.',
  ...{ namespace, over: [BASE] },
  files: { 'certificate.yaml': certificate('cert-manager', DEFAULT_OPTIONS) },
  patches: [
    ...INJECTIONS,
    ofPod({ containers: [{ name: 'webhook', ...CERT_MANAGER_CONTAINER }], volumes: [TLS_VOLUME] }),
  ],
};

/** The two sources of the webhook's certificate. */
export const WEBHOOK_OVERLAYS: readonly Folder[] = [SELF_SIGNED_OVERLAY, CERT_MANAGER_OVERLAY];
