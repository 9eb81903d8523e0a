import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../lab/processes/command.ts';

/** What happened while nothing should have. */
export interface Standstill {
  readonly seconds: number;
  /** How often the Application was seen with another word than Synced and Healthy. */
  readonly flips: readonly string[];
  /** Rendered objects that somebody wrote to, as `kind/name: manager`. */
  readonly written: readonly string[];
}

const POLL_MS = 250;
const KINDS = 'db,sts,svc,cm,sa,role,rolebinding,pdb,networkpolicy,cronjob,deployment,pvc';

interface Listed {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly managedFields?: readonly {
      readonly manager: string;
      readonly time?: string;
      readonly subresource?: string;
    }[];
  };
}

/** The last write of each manager to each rendered object of a Database, except those to a status. */
async function writesTo(kubectl: string, namespace: string): Promise<Map<string, string>> {
  const args = ['get', KINDS, `--namespace=${namespace}`, '--selector=app.kubernetes.io/managed-by=ballast'] as const;
  const text = await run([kubectl, ...args, '--output=json', '--show-managed-fields']);
  const { items } = JSON.parse(text) as { items: Listed[] };
  const writes = items.flatMap(({ kind, metadata: { name, managedFields = [] } }) =>
    managedFields
      // Patroni's own ConfigMaps bear the label, too, and are not rendered.
      .filter(({ manager, subresource }) => manager !== 'Patroni' && subresource !== 'status')
      .map(({ manager, time = '' }) => [`${kind}/${name}: ${manager}`, time] as const),
  );
  return new Map(writes);
}

/** Watches an Application and the rendered objects of a namespace for a while in which nothing should happen. */
export async function standstill(
  { kubectl, namespace }: { readonly kubectl: string; readonly namespace: string },
  word: () => Promise<string>,
  lastsMs: number,
): Promise<Standstill> {
  const before = await writesTo(kubectl, namespace);
  const flips: string[] = [];
  const began = performance.now();
  let last = await word();
  while (performance.now() - began < lastsMs) {
    await sleep(POLL_MS);
    const now = await word();
    if (now !== last) flips.push(`${last} → ${now}`);
    last = now;
  }
  const after = await writesTo(kubectl, namespace);
  const written = [...after].filter(([what, time]) => before.get(what) !== time).map(([what]) => what);
  return { seconds: Math.round((performance.now() - began) / 1000), flips, written };
}
