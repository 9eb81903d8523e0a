import { printableLine } from '../../database/printable-line.ts';
import { Refused } from '../errors.ts';
import { FIELD_MANAGER } from './field-manager.ts';
import type { Kubectl } from './kubectl.ts';
import { resourceOf } from './objects.ts';
import { waitUntil } from './wait.ts';

interface Progress {
  readonly status?: { readonly phase?: string; readonly message?: string };
}

/** An object that runs once, to be made in the cluster. */
export interface Running {
  readonly object: { readonly kind: string; readonly metadata: { readonly name: string } };
  readonly seconds: number;
}

/**
 * Makes an object that runs once, and tells its phases until it ends. Returns 0 when it succeeded, 1 when it failed; throws `Refused` when it
 * may not be made, or takes too long.
 */
export async function runObject(kubectl: Kubectl, { object, seconds }: Running): Promise<number> {
  const { kind, metadata } = object;
  await kubectl.change(['create', '--filename=-', `--field-manager=${FIELD_MANAGER}`], JSON.stringify(object));
  process.stderr.write(`${kind} ${metadata.name} is made\n`);
  let told = '';
  const isOver = ({ status }: Progress): boolean => {
    const phase = status?.phase ?? 'Pending';
    const line = printableLine(status?.message ? `${phase}: ${status.message}` : phase);
    if (line !== told) process.stderr.write(`${line}\n`);
    told = line;
    return phase === 'Succeeded' || phase === 'Failed';
  };
  const look = (): Promise<Progress> => kubectl.read([resourceOf(kind), metadata.name]);
  const ended = await waitUntil({ look, isOver, seconds });
  if (ended) return ended.status?.phase === 'Succeeded' ? 0 : 1;
  throw new Refused([
    `not done after ${seconds} seconds; it goes on: kubectl get ${resourceOf(kind)} ${metadata.name}`,
  ]);
}
