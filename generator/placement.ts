import type { Json } from '../database/json.ts';
import type { Model } from './model.ts';
import { withoutEmpty } from './pod.ts';

/** Scheduling of a Database's pods: the same for members and for pods that work on their backups. */
export function placement({ spec }: Pick<Model, 'spec'>): { readonly [name: string]: Json | undefined } {
  const { nodeSelector, priorityClassName } = spec;
  // The API server omits an empty key or value.
  const tolerations = spec.tolerations?.map((one) =>
    Object.fromEntries(Object.entries(one).filter(([, value]) => value !== '')),
  );
  return {
    ...withoutEmpty({ nodeSelector, tolerations }),
    ...(priorityClassName !== undefined && { priorityClassName }),
  };
}
