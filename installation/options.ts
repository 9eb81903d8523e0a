import { NAMESPACE } from './names.ts';

/** What a container asks for, and what it may take. */
export interface Resources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly memory: string };
}

/** What both programs are installed with. */
interface ProgramSize {
  readonly replicas: number;
  readonly resources: Resources;
}

/** Who makes the certificate of the webhook: the webhook itself, or cert-manager. */
export type CertificateSource = 'self-signed' | 'cert-manager';

/** How the webhook is installed. */
export interface WebhookOptions extends ProgramSize {
  /** Absent where something else brings the certificate, as an overlay of kustomize does. */
  readonly certificate?: CertificateSource;
}

/** Whether Argo CD or another tool applies what is rendered, or the controller does for Databases that ask for it. */
export type ControllerMode = 'gitops' | 'direct';

/** How the controller is installed. */
export interface ControllerOptions extends ProgramSize {
  readonly mode: ControllerMode;
  /** Namespaces that it looks after; all when empty. */
  readonly namespaces: readonly string[];
}

/** What all parts of an installation share. */
export interface SharedOptions {
  /** A namespace of Ballast's own: its NetworkPolicies let nothing else in it talk with anybody. */
  readonly namespace: string;
  /** The image of both programs; kustomize gives it its tag. */
  readonly image: string;
}

/** How Ballast is installed. */
export interface InstallationOptions extends SharedOptions {
  /** Absent where no webhook is wanted. */
  readonly webhook?: WebhookOptions;
  /** Absent where no controller is wanted. */
  readonly controller?: ControllerOptions;
}

/** Where Ballast is installed unless somebody says otherwise. */
export const DEFAULT_OPTIONS: SharedOptions = { namespace: NAMESPACE, image: 'ballast' };

/** The size of the webhook. */
export const WEBHOOK_SIZE: ProgramSize = {
  replicas: 2,
  // Connections, bodies and the thread's own heap fit into this together: docs/decisions/0020-webhook-limits.md.
  resources: { requests: { cpu: '50m', memory: '96Mi' }, limits: { memory: '512Mi' } },
};

/** The size of the controller. */
export const CONTROLLER_SIZE: ProgramSize = {
  // One acts, the other has seen all that the first has, and takes over.
  replicas: 2,
  resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
};
