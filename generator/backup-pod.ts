import { quantityOf } from '../database/resolve.ts';
import { compareQuantities } from '../database/values/quantity.ts';
import type { Json } from './emit.ts';
import type { Model } from './model.ts';
import { names } from './names.ts';
import { PLACES } from './places.ts';
import { configVolume, emptyVolume, secretVolume } from './pod.ts';

const CPU = '100m';

function lesser(one: string, other: string): string {
  const [a, b] = [quantityOf(one), quantityOf(other)];
  return a && b && compareQuantities(b, a) < 0 ? other : one;
}

/**
 * What a container that reads or writes a backup repository asks for. Where members have a limit of processor time it
 * has the same: a quota on such limits takes no pod without one.
 */
export function backupResources({ limits: { cpu } }: Pick<Model, 'limits'>): Json {
  return {
    limits: { ...(cpu !== undefined && { cpu }), memory: '512Mi' },
    requests: { cpu: cpu === undefined ? CPU : lesser(CPU, cpu), memory: '128Mi' },
  };
}

/** The volumes of a pod that works on a backup repository. */
export function backupVolumes({ name, backup }: Model): Json[] {
  const claim: Json = { name: 'repository', persistentVolumeClaim: { claimName: names.backup(name) } };
  return [
    configVolume('settings', names.settings(name)),
    secretVolume('tls', names.tlsSecret(name)),
    emptyVolume('temporary'),
    emptyVolume('spool'),
    ...(backup?.destination.type === 'pvc' ? [claim] : []),
  ];
}

/** Where the container of such a pod finds them. */
export function backupMounts({ backup }: Model): Json[] {
  return [
    { mountPath: PLACES.settings, name: 'settings', readOnly: true },
    { mountPath: PLACES.tls, name: 'tls', readOnly: true },
    { mountPath: PLACES.temporary, name: 'temporary' },
    { mountPath: PLACES.data, name: 'spool' },
    ...(backup?.destination.type === 'pvc' ? [{ mountPath: PLACES.repository, name: 'repository' }] : []),
  ];
}
