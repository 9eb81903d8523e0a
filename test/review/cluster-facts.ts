import { emitYaml } from '../../generator/emit.ts';
import type { Facts } from '../../review/facts.ts';
import { reviewFacts } from '../../review/facts.ts';
import { collectFacts } from '../../review/facts-of-cluster.ts';
import { OPTIONS, sourceOf } from './sources.ts';

/** The text that `ballast facts` prints of these objects of a cluster. */
export function factsText(objects: readonly object[], observedAt = OPTIONS.now): string {
  const collected = collectFacts({ apiVersion: 'v1', kind: 'List', items: objects }, observedAt);
  if (!collected.ok) throw new Error(collected.problem);
  return emitYaml(collected.facts as never);
}

/** The facts of these objects of a cluster, by way of the text that `ballast facts` prints. */
export function factsOf(objects: readonly object[], observedAt = OPTIONS.now): Facts {
  const source = sourceOf('facts.yaml', factsText(objects, observedAt)).read();
  const { facts, findings } = reviewFacts('facts.yaml', source ?? { findings: [] }, OPTIONS.now);
  if (!facts) throw new Error(JSON.stringify(findings));
  return facts;
}
