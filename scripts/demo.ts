import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const SHOWN_LINES = 40;

/** Runs ballast as a user would, and prints the command. Throws when the exit code is not the expected one. */
function ballast(args: readonly string[], expected: number): void {
  process.stdout.write(`\n$ ballast ${args.join(' ')}\n`);
  const { status } = spawnSync(process.execPath, [join(ROOT, 'dist/ballast.mjs'), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  if (status !== expected) throw new Error(`ended with ${String(status)} instead of ${expected}`);
}

function show(file: string): void {
  const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
  process.stdout.write(`\n$ head -n ${SHOWN_LINES} ${file}\n${lines.slice(0, SHOWN_LINES).join('\n')}\n`);
}

ballast(['validate', 'examples/gitops'], 0);
ballast(['generate', 'examples/gitops', '--out', 'rendered'], 0);
show('rendered/shop/orders.yaml');
ballast(['validate', 'examples/wrong/many-problems.yaml'], 1);
ballast(['explain', 'version-supported'], 0);
