import { KINDS } from '../../database/schema/kinds.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { manifestsToYaml } from '../../generator/render.ts';
import { customResourceDefinition } from '../../policies/crd.ts';

/** Prints the CustomResourceDefinitions, for `kubectl apply -f -`. */
export function crds(): number {
  process.stdout.write(manifestsToYaml(KINDS.map((kind) => customResourceDefinition(kind) as unknown as Manifest)));
  return 0;
}
