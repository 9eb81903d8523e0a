import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../programs/go-program.ts';
import { makeOwnFolder } from '../processes/own-folder.ts';
import type { Running } from '../processes/process.ts';
import { start } from '../processes/process.ts';
import type { Command } from '../processes/command.ts';
import { Failed, attempt, run } from '../processes/command.ts';
import { until } from '../processes/until.ts';

/** A file in the folder of a container runtime that lists the contents of the imported images. */
export const INDEX = 'ballast-images.json';

const START_MS = 120_000;

/** The folder of a container runtime that only unpacks images, for all clusters. */
export function storeRoot(): string {
  return join(cacheFolder(), 'images', 'root');
}

/** Programs that use the store take turns. */
function lockFile(): string {
  mkdirSync(storeRoot(), { recursive: true });
  return join(cacheFolder(), 'images', 'lock');
}

function writeConfiguration(folder: string): string {
  const file = join(folder, 'containerd.toml');
  const lines = [
    'version = 2',
    `root = "${storeRoot()}"`,
    `state = "${join(folder, 'state')}"`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]',
    '[grpc]',
    `address = "${join(folder, 'socket')}"`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

async function untilAnswers(server: Running, ctr: Command): Promise<void> {
  const answers = async (): Promise<boolean> => {
    const failure = server.failure();
    if (failure !== undefined) throw new Failed(failure);
    return attempt([...ctr, 'version']);
  };
  await until(answers, START_MS, 'the image store does not answer; does another process hold it?');
}

/** Runs a container runtime on the store and passes its `ctr` to `use`. The kernel ends it with this process. */
export async function withStore(use: (ctr: Command) => Promise<void>): Promise<void> {
  const folder = makeOwnFolder('image-store');
  const args = ['--no-fork', lockFile(), 'containerd', '--config', writeConfiguration(folder)];
  const server = start('flock', args, join(folder, 'containerd.log'));
  const ctr: Command = ['ctr', '--address', join(folder, 'socket')];
  try {
    await untilAnswers(server, ctr);
    await use(ctr);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Shares the contents of the store, `$1`, with the folders after it. Unpacked files never change, and overlays never write to them: `$0`
 * gets hard links to the same files, and all folders point there. The databases, which do change, are copied.
 */
const SHARE = `
set -e
shared=$0 store=$1; shift
snapshots=io.containerd.snapshotter.v1.overlayfs content=io.containerd.content.v1.content
# Files of another file system cannot have names here.
share() { cp --archive --link "$1" "$2" 2>/dev/null || { rm -rf "$2" && cp --archive "$1" "$2"; }; }
share "$store/$snapshots/snapshots" "$shared"
for root; do
  mkdir -p "$root/$snapshots/snapshots"
  cp "$store/$snapshots/metadata.db" "$root/$snapshots"
  cp --recursive "$store/io.containerd.metadata.v1.bolt" "$root"
  share "$store/$content" "$root/$content"
  cp "$store/${INDEX}" "$root"
  for snapshot in "$shared"/*; do ln --symbolic "$snapshot" "$root/$snapshots/snapshots"; done
done`;

/**
 * Gives the contents of the store to container runtimes that were never started, by their folders, without unpacking again. `shared`
 * holds it, which stays when the store replaces an image.
 */
export async function shareStore(shared: string, roots: readonly string[]): Promise<void> {
  await run(['flock', '--shared', lockFile(), 'sh', '-c', SHARE, shared, storeRoot(), ...roots]);
}
