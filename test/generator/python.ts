import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, 'readers.py');

/** A text, and how it is to be read; readers.py lists the ways. */
export interface Text {
  readonly as: 'yaml' | 'yaml-in-python' | 'ini' | 'options' | 'words';
  readonly text: string;
}

/** Why Python cannot read YAML here; undefined when it can. */
export function pythonMissing(): string | undefined {
  try {
    execFileSync('python3', ['-c', 'import yaml'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'no python3 with PyYAML (pip install PyYAML)';
  }
}

/** What Python's parsers read from the texts, in one run of it; a text that one refuses is an error. */
export function readInPython(texts: readonly Text[]): unknown[] {
  const input = texts.map((text) => `${JSON.stringify(text)}\n`).join('');
  const { stdout, stderr } = spawnSync('python3', [SCRIPT], { input, encoding: 'utf8', maxBuffer: 1 << 30 });
  const answers = stdout.split('\n').filter((line) => line !== '');
  if (answers.length !== texts.length)
    throw new Error(`python3 answered ${answers.length} of ${texts.length}: ${stderr}`);
  return answers.map((line, index) => {
    const { value, error } = JSON.parse(line) as { value?: unknown; error?: string };
    if (error !== undefined) throw new Error(`${error} in ${JSON.stringify(texts[index])}`);
    return value;
  });
}
