import { ENGINES } from '../../database/engines/index.ts';
import { isHibernating } from '../../database/resolve.ts';
import { START_ANNOTATION } from '../../database/vocabulary.ts';
import type { Json } from '../../database/json.ts';
import { sortedJson } from '../../database/sorted-json.ts';
import type { Engine } from '../engine.ts';
import { fingerprint } from '../fingerprint.ts';
import { memberAccountOf } from '../accounts.ts';
import type { Manifest } from '../metadata.ts';
import { MAKE_ONCE, labelsOf, metadata, selectorLabels } from '../metadata.ts';
import type { Model } from '../model.ts';
import { CLAIM_TEMPLATE, names } from '../names.ts';
import { placement } from '../placement.ts';
import { POD_DEFAULTS } from '../pod.ts';

function claimSpec(size: string, storageClassName: string | undefined): Json {
  return {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: size } },
    ...(storageClassName !== undefined && { storageClassName }),
    volumeMode: 'Filesystem',
  };
}

/**
 * One claim per member, as objects of their own: a volumeClaimTemplate can never change, a claim can grow. Without owner and without
 * pruning: the data outlive all other objects.
 */
export function claims(model: Model): Manifest[] {
  const { name, replicas, storage } = model;
  return Array.from({ length: replicas }, (_, ordinal) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadata(model, names.claim(name, ordinal), { wave: 'workload', keep: true, annotations: MAKE_ONCE }),
    spec: claimSpec(storage.size, storage.storageClassName),
  }));
}

/** Only names the claims; its size is a constant because a template can never change. */
function claimTemplate({ storage }: Model): Json {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: CLAIM_TEMPLATE },
    spec: claimSpec('1Gi', storage.storageClassName),
  };
}

function affinity(model: Model): Json {
  const term: Json = {
    labelSelector: { matchLabels: { ...selectorLabels(model) } },
    topologyKey: 'kubernetes.io/hostname',
  };
  const podAntiAffinity: Json =
    model.spec.podAntiAffinity === 'required'
      ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
      : { preferredDuringSchedulingIgnoredDuringExecution: [{ podAffinityTerm: term, weight: 100 }] };
  return { podAntiAffinity };
}

/** What a cloud gives pods by their account it gives them when they are made: a change must recreate them. */
function identityText({ spec }: Model): string {
  const { annotations = {} } = spec.serviceAccount ?? {};
  return Object.keys(annotations).length === 0 ? '' : sortedJson(annotations);
}

function podTemplate(model: Model, engine: Engine): Json {
  return {
    metadata: {
      labels: { ...labelsOf(model) },
      annotations: { [START_ANNOTATION]: fingerprint(engine.startConfiguration(model) + identityText(model)) },
    },
    spec: {
      ...POD_DEFAULTS,
      affinity: affinity(model),
      // The container that needs the token mounts it; the others have no use for it.
      ...(memberAccountOf(model) !== 'earlier' && { automountServiceAccountToken: false }),
      containers: engine.containers(model),
      ...placement(model),
      serviceAccount: model.accounts.pods,
      serviceAccountName: model.accounts.pods,
      terminationGracePeriodSeconds: 60,
      volumes: engine.volumes(model),
    },
  };
}

/** The StatefulSet with the members. */
export function statefulSet(model: Model, engine: Engine): Manifest[] {
  const { name } = model;
  const replicas = isHibernating(model.database.metadata) ? 0 : model.replicas;
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: metadata(model, names.workload(name), { wave: 'workload', keep: true }),
      spec: {
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        podManagementPolicy: 'Parallel',
        replicas,
        revisionHistoryLimit: 10,
        selector: { matchLabels: { ...selectorLabels(model) } },
        serviceName: names.podsService(name),
        template: podTemplate(model, engine),
        // The controller rolls standbys first and then switches over; the StatefulSet controller does not know the primary.
        updateStrategy: ENGINES[model.engine].can.replicates
          ? { type: 'OnDelete' }
          : { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        volumeClaimTemplates: [claimTemplate(model)],
      },
    },
  ];
}
