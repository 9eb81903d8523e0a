import { destinationOf } from '../database/destination.ts';
import type { DatabaseSpec } from '../database/object.ts';
import { quantityOf } from '../database/resolve.ts';
import type { Quantity } from '../database/values/quantity.ts';

/** The volume of a Database's backups, as its claim requests it. */
export interface BackupVolume {
  /** Undefined when the text is not a quantity. */
  readonly size: Quantity | undefined;
  /** The size as written; undefined when it follows from the storage. */
  readonly written: string | number | undefined;
  /** Undefined for the default class of the settings or the cluster. */
  readonly className: string | undefined;
  /** Whether the class is that of the storage because backups name none. */
  readonly isOfStorage: boolean;
}

function twice(quantity: Quantity | undefined): Quantity | undefined {
  return quantity && { ...quantity, nano: quantity.nano * 2n };
}

/**
 * The volume of a Database's backups. It stays while backups are off, so that it is returned then too; undefined when backups go
 * elsewhere.
 */
export function backupVolumeOf({ backup, storage }: DatabaseSpec): BackupVolume | undefined {
  const destination = destinationOf(backup?.destination);
  if (destination?.type !== 'pvc') return undefined;
  const { size, storageClassName } = destination;
  return {
    size: size === undefined ? twice(quantityOf(storage.size)) : quantityOf(size),
    written: size,
    className: storageClassName ?? storage.storageClassName,
    isOfStorage: storageClassName === undefined,
  };
}
