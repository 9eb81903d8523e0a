import type { Json } from '../database/json.ts';
import type { Model } from './model.ts';
import { withoutEmpty } from './pod.ts';

/** Where a pod of a Database may run, and how important it is: the same for members and for what works on their backups. */
export function placement({ spec }: Pick<Model, 'spec'>): { readonly [name: string]: Json | undefined } {
  const { nodeSelector, priorityClassName } = spec;
  // The API server leaves out a key and a value that are empty.
  const tolerations = spec.tolerations?.map((one) =>
    Object.fromEntries(Object.entries(one).filter(([, value]) => value !== '')),
  );
  return {
    ...withoutEmpty({ nodeSelector, tolerations }),
    ...(priorityClassName !== undefined && { priorityClassName }),
  };
}
