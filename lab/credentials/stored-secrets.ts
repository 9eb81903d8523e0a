import { NO_SETTINGS } from '../../database/settings.ts';
import { filledDatabase } from '../filled-database.ts';
import type { Json } from '../../database/json.ts';
import type { Manifest } from '../../generator/metadata.ts';
import type { Model } from '../../generator/model.ts';
import { modelOf } from '../../generator/model.ts';
import type { SecretWrite, SecretContents, StoredSecret } from '../../controller/credentials/secret.ts';
import { manifestOf, patchOf, readSecret } from '../../controller/credentials/secret.ts';

/** Engines, each with a version that the catalog knows. */
export const VERSIONS = { postgresql: '17', mysql: '8.4', mongodb: '8.0' } as const;

/** A Database of an engine, with the fields that credentials depend on. */
export function modelFor(name: string, namespace: string, engine: Model['engine'] = 'postgresql'): Model {
  const spec = { engine, version: VERSIONS[engine], storage: { size: '1Gi' } };
  return modelOf(filledDatabase({ name, namespace }, spec), NO_SETTINGS);
}

type Fields = { [field: string]: Json };

/** RFC 7386. */
function merged(target: Json | undefined, patch: Json): Json {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const result: Fields = typeof target === 'object' && !Array.isArray(target) ? { ...(target as Fields | null) } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, key);
    else if (value !== undefined) result[key] = merged(result[key], value);
  }
  return result;
}

/** The Secrets of one Database as an API server stores them: a write applies to the version that was read only. */
export class StoredSecrets {
  readonly objects = new Map<string, Manifest>();
  readonly #model: Model;
  #version = 0;

  constructor(model: Model) {
    this.#model = model;
  }

  get(name: string): SecretContents | undefined {
    const object = this.objects.get(name);
    return object && readSecret(object as unknown as StoredSecret);
  }

  /** Whether the write took effect; false when another writer was faster. */
  write(write: SecretWrite): boolean {
    if (write.verb === 'create') {
      if (this.objects.has(write.secret.name)) return false;
      return this.put(write.secret.name, manifestOf(this.#model, write.secret));
    }
    const { change, resourceVersion } = write;
    const there = this.objects.get(change.name);
    if (!there || this.get(change.name)?.resourceVersion !== resourceVersion) return false;
    return this.put(change.name, merged(there, patchOf(change, resourceVersion)) as Manifest);
  }

  /** Stores an object whatever was there, as a user may. */
  put(name: string, object: Manifest): boolean {
    const resourceVersion = String((this.#version += 1));
    this.objects.set(name, merged(object, { metadata: { resourceVersion } }) as Manifest);
    return true;
  }

  remove(name: string): boolean {
    return this.objects.delete(name);
  }
}
