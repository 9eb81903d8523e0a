import { sortedJson } from '../../database/sorted-json.ts';
import type { Database } from '../../database/object.ts';
import { identify } from '../../database/object.ts';
import type { Effect } from './effect.ts';
import type { Transition } from './one-way.ts';

/** Whether a new Database looks like the one that the same change removes. */
function isLike(made: Database, removed: Database): boolean {
  if (made.spec.engine !== removed.spec.engine) return false;
  return made.metadata.name === removed.metadata.name || sortedJson(made.spec) === sortedJson(removed.spec);
}

const isFilled = ({ spec: { bootstrap } }: Database): boolean =>
  bootstrap?.restore !== undefined || bootstrap?.adopt === true;

/** Reports a Database with another name or namespace: its data stay behind. */
export function renameEffects(all: readonly Transition[]): (transition: Transition) => Effect[] {
  const removed = all.flatMap(({ old, now }) => (old?.kind === 'Database' && !now ? [old] : []));
  return ({ old, now }) => {
    if (old || now?.kind !== 'Database' || isFilled(now)) return [];
    const before = removed.find((one) => isLike(now, one));
    if (!before) return [];
    const { namespace, name } = identify(before);
    const data = before.spec.deletionPolicy === 'Delete' ? 'are deleted' : 'stay in its volumes';
    const text = `it is made empty: a new name takes no data along, and those of ${namespace}/${name} ${data}`;
    return [{ level: 'downtime', text }];
  };
}
