import { emitYaml } from '../../generator/emit.ts';
import type { Json } from '../../database/json.ts';
import { listed } from '../../database/finding.ts';
import { printableLine } from '../../database/printable-line.ts';
import { collectFacts } from '../../review/facts-of-cluster.ts';
import { UsageError } from '../errors.ts';
import { namedInput } from '../named-file.ts';
import { plural } from '../report/text.ts';

/** Maximum size of what a cluster gives: 50,000 Databases with long statuses. */
const MAX_BYTES = 512 * 2 ** 20;
const ASK = 'give it what `kubectl get databases --all-namespaces --output json` prints';
const HEADER =
  '# What a cluster says of its Databases, by `ballast facts`; for --facts of validate, generate and diff.\n';

function parsed(name: string, bytes: Uint8Array): unknown {
  if (bytes.length > MAX_BYTES) throw new UsageError(`${name}: is larger than ${MAX_BYTES / 2 ** 20} MiB; ${ASK}`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new UsageError(`${name}: is no JSON, or not all of it; ${ASK}`, { cause: error });
  }
}

/** Prints the facts of the Databases that a cluster gave. Returns the exit code. */
export function facts(file: string): number {
  const { name, bytes } = namedInput(file);
  const collected = collectFacts(parsed(name, bytes), new Date());
  if (!collected.ok) throw new UsageError(`${name}: ${collected.problem}; ${ASK}`);
  process.stdout.write(`${HEADER}${emitYaml(collected.facts as unknown as Readonly<Record<string, Json>>)}`);
  const { leftOut } = collected;
  const others =
    leftOut.length === 0 ? '' : `; nothing is said of ${printableLine(listed(leftOut))}, which cannot be read`;
  process.stderr.write(`facts of ${plural(collected.facts.databases.length, 'Database')}${others}\n`);
  return 0;
}
