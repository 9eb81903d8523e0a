import { NAMESPACE } from './names.ts';

/** Requests and limits of a container. */
export interface Resources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly memory: string };
}

/** Replicas and resources of a program. */
interface ProgramSize {
  readonly replicas: number;
  readonly resources: Resources;
}

/** The maker of the webhook's certificate: the webhook itself, or cert-manager. */
export type CertificateSource = 'self-signed' | 'cert-manager';

/** Options of the webhook. */
export interface WebhookOptions extends ProgramSize {
  /** Absent where another layer brings the certificate, as an overlay of kustomize does. */
  readonly certificate?: CertificateSource;
}

/** Whether Argo CD or another tool applies the manifests, or the controller does for Databases that ask for it. */
export type ControllerMode = 'gitops' | 'direct';

/** Options of the controller. */
export interface ControllerOptions extends ProgramSize {
  readonly mode: ControllerMode;
  /** Namespaces to watch; all when empty. */
  readonly namespaces: readonly string[];
}

/** Options that all parts of an installation share. */
export interface SharedOptions {
  /** A namespace for Ballast alone: its NetworkPolicies cut all other pods in it off. */
  readonly namespace: string;
  /** The image of both programs; kustomize adds its tag. */
  readonly image: string;
}

/** Options of an installation. */
export interface InstallationOptions extends SharedOptions {
  /** Absent for an installation without the webhook. */
  readonly webhook?: WebhookOptions;
  /** Absent for an installation without the controller. */
  readonly controller?: ControllerOptions;
}

/** The default namespace and image. */
export const DEFAULT_OPTIONS: SharedOptions = { namespace: NAMESPACE, image: 'ballast' };

/** The size of the webhook. */
export const WEBHOOK_SIZE: ProgramSize = {
  replicas: 2,
  // The memory covers connections, bodies and the thread's own heap together: docs/decisions/0020-webhook-limits.md.
  resources: { requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '512Mi' } },
};

/** The size of the controller. */
export const CONTROLLER_SIZE: ProgramSize = {
  // One replica acts; the other holds the same objects and takes over.
  replicas: 2,
  resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
};
