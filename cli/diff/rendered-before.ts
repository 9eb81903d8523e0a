import { readYaml } from '../../database/read/yaml.ts';
import { isRecord } from '../../database/record.ts';
import type { BallastObject } from '../../database/object.ts';
import { identify } from '../../database/object.ts';
import type { Manifest } from '../../generator/metadata.ts';
import { outputFile } from '../../policies/output-file.ts';
import { itemsOf } from '../../review/items.ts';
import { UsageError } from '../errors.ts';
import { filesAt } from '../git/files-at.ts';
import { textIn } from '../sources/read.ts';

/** Gives the manifests that were rendered of an object before; undefined where there are none. */
export type RenderedBefore = (object: BallastObject) => Manifest[] | undefined;

const isManifest = (value: unknown): value is Manifest => isRecord(value) && typeof value['kind'] === 'string';

function manifestsIn(file: string, bytes: Uint8Array): Manifest[] {
  const cannot = (why: string): UsageError =>
    new UsageError(`--rendered ${file}: ${why}; name the folder into which ballast generate --out renders`);
  const { text, findings } = textIn(file, bytes);
  if (text === undefined) throw cannot(findings[0]?.problem ?? 'is no text');
  const yaml = readYaml(text);
  if (!yaml.ok) throw cannot(`${yaml.problem.line}:${yaml.problem.column}: ${yaml.problem.problem}`);
  return yaml.values
    .flatMap((value, document) => itemsOf(value, document).map((item) => item.value))
    .filter(isManifest);
}

/**
 * What an output folder held at a revision. After an upgrade of Ballast, the difference from what is rendered now is what applying it does to
 * the Databases; both sides rendered by one version would show none.
 */
export function renderedAt(revision: string, folder: string): RenderedBefore {
  const { files } = filesAt(revision, folder, []);
  const byName = new Map(
    files.map(({ file, bytes }) => [file.name.replace(/\.(?:yaml|json)$/, ''), { ...file, bytes }]),
  );
  return (object) => {
    const found = byName.get(outputFile(identify(object)));
    return found && manifestsIn(found.file, found.bytes);
  };
}
