import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeOwnFolder } from '../processes/own-folder.ts';
import type { Command } from '../processes/command.ts';
import { run } from '../processes/command.ts';
import type { ProgramImage } from './image-archive.ts';
import { withImageArchive } from './image-archive.ts';
import { INDEX, storeRoot, withStore } from './image-store.ts';
import type { ClusterNode } from './layout.ts';
import { inMachine } from './machine.ts';
import { requirePackages } from './needs.ts';

interface Image {
  readonly name: string;
  /** Identifies the content. */
  readonly id: string;
}

/** The folder of a node's images, as seen from outside of the node. */
export function imagesOf({ folder }: ClusterNode): string {
  return join(folder, 'lib/containerd');
}

function readIndex(root: string): Readonly<Record<string, string>> {
  const file = join(root, INDEX);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
}

function has(root: string, { name, id }: Image): boolean {
  return readIndex(root)[name] === id;
}

function isEverywhere(image: Image, nodes: readonly ClusterNode[]): boolean {
  return [storeRoot(), ...nodes.map(imagesOf)].every((root) => has(root, image));
}

async function unpack(ctr: Command, root: string, { name, id }: Image, archive: string): Promise<void> {
  await run([...ctr, '--namespace', 'k8s.io', 'images', 'import', archive]);
  writeFileSync(join(root, INDEX), JSON.stringify({ ...readIndex(root), [name]: id }));
}

/** Imports an archive into the store, and into the running nodes. */
async function distribute(image: Image, archive: string, nodes: readonly ClusterNode[]): Promise<void> {
  const lacking = nodes.filter((node) => !has(imagesOf(node), image));
  await Promise.all([
    ...lacking.map((node) => unpack(inMachine(node, ['ctr']), imagesOf(node), image, archive)),
    has(storeRoot(), image) || withStore((ctr) => unpack(ctr, storeRoot(), image, archive)),
  ]);
}

async function find(name: string): Promise<Image> {
  requirePackages({ buildah: 'buildah' });
  const id = await run(['buildah', 'inspect', '--type', 'image', '--format', '{{.FromImageID}}', name]);
  return { name, id: id.trim() };
}

/** Copies images of the local container storage to the store and to running nodes; skips those that are present. */
export async function bringImages(names: readonly string[], nodes: readonly ClusterNode[]): Promise<void> {
  for (const name of names) {
    const image = await find(name);
    if (isEverywhere(image, nodes)) continue;
    const folder = makeOwnFolder('image');
    try {
      const archive = join(folder, 'image.tar');
      await run(['buildah', 'push', '--quiet', image.id, `docker-archive:${archive}:${name}`]);
      await distribute(image, archive, nodes);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** Makes an image of a program, and copies it to the same places; skips it when present. */
export async function bringProgram(made: ProgramImage, nodes: readonly ClusterNode[]): Promise<void> {
  const id = createHash('sha256').update(readFileSync(made.program)).digest('hex');
  const image = { name: made.name, id };
  if (isEverywhere(image, nodes)) return;
  await withImageArchive(made, (archive) => distribute(image, archive, nodes));
}
