import { readYaml } from '../../database/read/yaml.ts';
import { isRecord } from '../../database/record.ts';
import { fileFinding } from '../../review/located-finding.ts';
import type { Source } from '../../review/source.ts';
import { mayHoldOurs } from '../../review/source.ts';
import { UsageError } from '../errors.ts';
import { listFiles } from './list.ts';
import { readSource } from './read.ts';
import type { PreviousSources } from './revision.ts';
import { standardInput } from './standard-input.ts';

const cannot = (file: string, why: string): UsageError =>
  new UsageError(`--previous ${file}: cannot be compared with: ${why}; write it anew, with the same program`);

/**
 * Whether a source holds any object. Throws when it cannot be read: each of its objects would count as new, and each change of them as
 * allowed.
 */
function holdsObjects({ file, isNamed, read }: Source): boolean {
  const found = read();
  if (!found) return false;
  const [wrong] = found.findings.filter(({ severity }) => severity === 'error');
  if (wrong) throw cannot(file, wrong.problem);
  const { text = '' } = found;
  const yaml = readYaml(text);
  if (yaml.ok) return yaml.values.some((value) => isRecord(value) && typeof value['kind'] === 'string');
  if (!isNamed && !mayHoldOurs(text)) return false;
  const { line, column, problem } = yaml.problem;
  throw cannot(file, `${line}:${column}: ${problem}`);
}

function sourcesIn(path: string): readonly Source[] {
  if (path === '-') return [standardInput()];
  const { files } = listFiles([path], { exclude: [] });
  return files.map((file) => ({ ...file, read: () => readSource(file) }));
}

/**
 * The objects as they were, from a file or a folder that a program wrote before the change. Both sides are compared as they are, for
 * nobody else's change lies between them.
 */
export function previousFiles(path: string, paths: readonly string[]): PreviousSources {
  if (path === '-' && paths.includes('-')) {
    throw new UsageError('the standard input can be one side only; write the other one into a file');
  }
  const theirs = sourcesIn(path);
  // Each is read, so that each that cannot be read is refused.
  const isEmpty = theirs.filter(holdsObjects).length === 0;
  const finding = {
    rule: 'file-not-compared',
    severity: 'warning' as const,
    problem: 'holds no object, so that everything counts as new',
    remedy: 'look whether the program that wrote it failed; it is right only when there was nothing before',
  };
  return { revision: path, theirs, findings: isEmpty ? [fileFinding(path, finding)] : [], hasOtherFiles: true };
}
