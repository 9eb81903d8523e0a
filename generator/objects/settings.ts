import { sortedJson } from '../../database/sorted-json.ts';
import { RESTART_SETTINGS } from '../../database/vocabulary.ts';
import type { Engine } from '../engine.ts';
import type { Manifest } from '../metadata.ts';
import { metadata } from '../metadata.ts';
import type { Model } from '../model.ts';
import { names } from '../names.ts';

/** The ConfigMap with the engine's configuration files. */
export function settings(model: Model, engine: Engine): Manifest[] {
  const own = engine.restartSettings?.(model);
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata(model, names.settings(model.name), {
        wave: 'configuration',
        keep: true,
        ...(own && { annotations: { [RESTART_SETTINGS]: sortedJson(own) } }),
      }),
      data: engine.files(model),
    },
  ];
}
