import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError, errorCode, ioReason } from '../errors.ts';
import { DATABASES, RENDERED, initFiles } from '../init/files.ts';
import { forgeOf } from '../init/forge.ts';
import type { Forge } from '../init/workflows.ts';

/** Options of `ballast init`. */
export interface InitOptions {
  readonly forge?: Forge;
  /** The image of the command line that the workflow runs. */
  readonly image: string;
}

/** Writes a file that is not there yet; false when it is. */
function writeNew(path: string, text: string): boolean {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && existsSync(path)) return false;
    if (errorCode(error) === '') throw error;
    throw new UsageError(`${path}: ${ioReason(error)}`, { cause: error });
  }
}

function nextSteps(folder: string, forge: Forge | undefined, image: string): string {
  const enter = folder === '.' ? '' : `  cd ${folder}\n`;
  const workflow = forge
    ? `The workflow runs the image ${image}: build it (docker build --target cli), and push it where your runners find it.\n`
    : 'No workflow was written: name the forge with --forge github or --forge gitlab.\n';
  return `${workflow}\nNext:\n${enter}  ballast generate ${DATABASES}/ --out ${RENDERED}/\n  git add --all && git commit -m "Databases with Ballast"\n`;
}

/** Writes the files of a new repository into a folder. A file that is there stays as it is, and so does a folder of Databases. */
export function init(folder: string, options: InitOptions): number {
  const forge = options.forge ?? forgeOf(folder);
  const { image } = options;
  const hasDatabases = existsSync(join(folder, DATABASES));
  const lines: string[] = [];
  for (const [path, text] of initFiles({ image, ...(forge && { forge }) })) {
    const isFirstDatabase = path.startsWith(`${DATABASES}/`);
    if (isFirstDatabase && hasDatabases) lines.push(`left out: ${path}, since there is a folder ${DATABASES}`);
    else lines.push(`${writeNew(join(folder, path), text) ? 'written' : 'kept'}: ${path}`);
  }
  process.stdout.write(`${lines.join('\n')}\n${nextSteps(folder, forge, image)}`);
  return 0;
}
