import { quoteValue } from '../../database/finding.ts';
import { suggest } from '../../database/suggest.ts';
import type { ValueProblem } from './lists.ts';

type Form = 'number' | 'boolean' | 'text' | readonly string[];

/**
 * Options of mongod.conf that a user may set, with the form of their values, from the manual (Configuration File Options, 6.0 to 8.0).
 * The list is incomplete: an unknown name in an existing section is accepted.
 */
const OPTIONS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['net.compression.compressors', 'text'],
  ['net.ipv6', 'boolean'],
  ['net.listenBacklog', 'number'],
  ['net.maxIncomingConnections', 'number'],
  ['net.wireObjectCheck', 'boolean'],
  ['operationProfiling.filter', 'text'],
  ['operationProfiling.mode', ['off', 'slowOp', 'all']],
  ['operationProfiling.slowOpSampleRate', 'number'],
  ['operationProfiling.slowOpThresholdMs', 'number'],
  ['storage.directoryPerDB', 'boolean'],
  ['storage.engine', ['wiredTiger', 'inMemory']],
  ['storage.journal.commitIntervalMs', 'number'],
  ['storage.oplogMinRetentionHours', 'number'],
  ['storage.syncPeriodSecs', 'number'],
  ['storage.wiredTiger.collectionConfig.blockCompressor', ['none', 'snappy', 'zlib', 'zstd']],
  ['storage.wiredTiger.engineConfig.cacheSizeGB', 'number'],
  ['storage.wiredTiger.engineConfig.directoryForIndexes', 'boolean'],
  ['storage.wiredTiger.engineConfig.journalCompressor', ['none', 'snappy', 'zlib', 'zstd']],
  ['storage.wiredTiger.engineConfig.zstdCompressionLevel', 'number'],
  ['storage.wiredTiger.indexConfig.prefixCompression', 'boolean'],
]);

const NAMES = [...OPTIONS.keys()];
/** The top-level sections of mongod.conf that are not Ballast's alone. */
const SECTIONS = ['auditLog', 'cloud', 'net', 'operationProfiling', 'setParameter', 'storage'];
const GROUPS: ReadonlySet<string> = new Set([...SECTIONS, ...NAMES.flatMap(groupsOf)]);

/** The sections that contain an option: `storage` and `storage.wiredTiger`, and so on. */
function groupsOf(name: string): string[] {
  const parts = name.split('.');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('.'));
}

/** A problem of an option's name, given the other options; undefined when none is known. */
export function mongodbNameProblem(
  name: string,
  all: readonly string[],
  isMeantSought: boolean,
): ValueProblem | undefined {
  const below = all.find((other) => other.startsWith(`${name}.`));
  if (below !== undefined || GROUPS.has(name)) {
    const example =
      below ?? (name === 'setParameter' ? 'setParameter.NAME' : NAMES.find((known) => known.startsWith(`${name}.`)));
    const remedy = `write what is in it one by one${example === undefined ? '' : `, such as ${example}`}`;
    return { problem: 'must not have a value of its own: it is a section', remedy };
  }
  if (OPTIONS.has(name) || name.startsWith('setParameter.')) return undefined;
  const meant = suggest(name, isMeantSought ? NAMES : []);
  if (meant !== undefined)
    return { problem: 'must be an option of mongod.conf', remedy: `did you mean ${quoteValue(meant)}?` };
  const top = name.split('.')[0] ?? '';
  if (SECTIONS.includes(top) && name.includes('.')) return undefined;
  const remedy = `write it as in mongod.conf, below one of ${SECTIONS.join(', ')}; server parameters are setParameter.NAME`;
  return { problem: 'must be in a section of mongod.conf: mongod would not start', remedy };
}

const NUMBER = /^[0-9]{1,15}(?:\.[0-9]{1,6})?$/;

/** A problem of an option's value; undefined when none is known. */
export function mongodbValueProblem(name: string, value: string): ValueProblem | undefined {
  const form = OPTIONS.get(name);
  if (form === 'number')
    return NUMBER.test(value) ? undefined : { problem: 'must be a number', remedy: 'write a number without a unit' };
  if (form === 'boolean') {
    const right = value === 'true' || value === 'false';
    return right ? undefined : { problem: 'must be true or false', remedy: 'write "true" or "false"' };
  }
  if (form === undefined || form === 'text' || form.includes(value)) return undefined;
  const meant = suggest(value, form);
  const remedy = meant ? `did you mean ${quoteValue(meant)}?` : `choose one of ${form.join(', ')}`;
  return { problem: `must be one of ${form.join(', ')}`, remedy };
}
