import { resource } from '../kubernetes/resources.ts';

const GROUP = 'admissionregistration.k8s.io/v1';

/** The kinds of webhook configurations. */
export const CONFIGURATIONS = {
  ValidatingWebhookConfiguration: resource(
    GROUP,
    'ValidatingWebhookConfiguration',
    'validatingwebhookconfigurations',
    'cluster',
  ),
  MutatingWebhookConfiguration: resource(
    GROUP,
    'MutatingWebhookConfiguration',
    'mutatingwebhookconfigurations',
    'cluster',
  ),
} as const;
