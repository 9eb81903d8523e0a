import type { Json } from '../database/json.ts';

type Fields = { readonly [name: string]: Json | undefined };

/** User and group of the images. */
const USER_ID = 999;

/** Security of a container under the restricted pod security standard, with a read-only root file system. */
const CONTAINER_SECURITY: Fields = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
};

/** Security of a pod under the restricted pod security standard. */
const POD_SECURITY: Fields = {
  fsGroup: USER_ID,
  fsGroupChangePolicy: 'OnRootMismatch',
  runAsGroup: USER_ID,
  runAsNonRoot: true,
  runAsUser: USER_ID,
  seccompProfile: { type: 'RuntimeDefault' },
};

/** Only a tag named latest, or none, is pulled each time; this is the API server's own rule. */
function pullPolicy(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}

/** Removes empty lists and maps, which the API server omits. */
export function withoutEmpty(fields: Fields): Fields {
  const isEmpty = (value: Json | undefined): boolean =>
    typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isEmpty(value)));
}

/**
 * A container with the API server's defaults written out, so that a diff against the cluster is empty. It runs as the pod's user unless
 * another is named.
 */
export function container(image: string, fields: Fields, account?: number): Json {
  return {
    ...withoutEmpty(fields),
    image,
    imagePullPolicy: pullPolicy(image),
    securityContext: { ...CONTAINER_SECURITY, ...(account !== undefined && { runAsUser: account }) },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}

/** A port of a container. */
export function port(name: string, containerPort: number): Json {
  return { containerPort, name, protocol: 'TCP' };
}

interface ProbeTiming {
  readonly periodSeconds: number;
  readonly failureThreshold: number;
  readonly timeoutSeconds: number;
}

/** A probe with the API server's defaults written out. */
export function probe(action: Fields, timing: ProbeTiming): Json {
  return { ...action, ...timing, successThreshold: 1 };
}

/** An environment variable whose value is not in the manifest. */
export interface Variable {
  readonly [field: string]: Json;
  readonly name: string;
  readonly valueFrom: Json;
}

/** An environment variable from a key of a Secret. */
export function fromSecret(name: string, secret: string, key: string): Variable {
  return { name, valueFrom: { secretKeyRef: { key, name: secret } } };
}

/** An environment variable from a field of the pod. */
export function fromPod(name: string, fieldPath: string): Json {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}

/** A volume from a Secret, readable by the group of the pod only. */
export function secretVolume(name: string, secretName: string): Json {
  return { name, secret: { defaultMode: 0o440, secretName } };
}

/**
 * A volume with one file of a Secret that the user named. Pods start without it, and get it once it is there: what needs the
 * file fails alone, and says so.
 */
export function optionalSecretFile(name: string, secretName: string, key: string): Json {
  return { name, secret: { defaultMode: 0o440, items: [{ key, path: key }], optional: true, secretName } };
}

/** A volume from a ConfigMap. */
export function configVolume(name: string, configMap: string): Json {
  return { configMap: { defaultMode: 0o444, name: configMap }, name };
}

/** The path of the pod's service account token for client libraries (client-go, rest.InClusterConfig). */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
/** The API server's own lifetime for tokens; the kubelet renews them in time. */
const TOKEN_SECONDS = 3607;

/** A volume with the token of the pod's account and its companions, as the API server would mount it in every container. */
export function accountVolume(name: string): Json {
  const namespace: Json = { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' };
  return {
    name,
    projected: {
      defaultMode: 0o440,
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
        { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
        { downwardAPI: { items: [namespace] } },
      ],
    },
  };
}

/** The mount of such a volume at the standard path. */
export function accountMount(name: string): Json {
  return { mountPath: ACCOUNT, name, readOnly: true };
}

/** An empty volume; one in memory counts against the memory of the pod. */
export function emptyVolume(name: string, options: Fields = {}): Json {
  return { emptyDir: options, name };
}

/** Fields that are equal in all pods, with the API server's defaults written out. */
export const POD_DEFAULTS: Fields = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: POD_SECURITY,
};
