import type { EngineFacts } from '../../database/engines/index.ts';
import { names } from '../../generator/names.ts';
import type { Control } from '../databases/observation.ts';

/** The smallest control: one member, which leads as soon as it is ready. */
export function singleMember(facts: EngineFacts): Control {
  return {
    facts,
    report: () => undefined,
    leaderOf: ({ own }) => names.member(own.database.metadata.name ?? '', 0),
    isInitialized: ({ own, pods }) => own.status?.handled?.primary !== undefined || pods.some(({ ready }) => ready),
    isInPlace: () => true,
    takesWrites: () => true,
    dataIdentifier: () => undefined,
  };
}
