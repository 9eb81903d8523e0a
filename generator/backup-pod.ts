import type { Json } from './emit.ts';
import type { Model } from './model.ts';
import { names } from './names.ts';
import { PLACES } from './places.ts';
import { configVolume, emptyVolume, secretVolume } from './pod.ts';

/** What a container that reads or writes a backup repository asks for. */
export const BACKUP_RESOURCES: Json = { limits: { memory: '512Mi' }, requests: { cpu: '100m', memory: '128Mi' } };

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
