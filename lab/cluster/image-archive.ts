import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeOwnFolder } from '../processes/own-folder.ts';
import { run } from '../processes/command.ts';

/** An image with a single program in it, which needs nothing else. */
export interface ProgramImage {
  /** Name with a tag, as pods call it. */
  readonly name: string;
  /** The program's file; it must be linked statically. */
  readonly program: string;
  /** Where the program is in the image, without the leading slash. */
  readonly path: string;
}

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };
const OWNER = ['--owner=0', '--group=0', '--numeric-owner', '--mode=755'] as const;

async function pack(folder: string, archive: string, names: readonly string[]): Promise<void> {
  await run(['tar', '--create', '--file', join(folder, archive), ...OWNER, '--directory', folder, ...names]);
}

/** Packs the image as an archive that `ctr images import` takes, and hands that to `use`; it is removed afterwards. */
export async function withImageArchive(image: ProgramImage, use: (archive: string) => Promise<void>): Promise<void> {
  const folder = makeOwnFolder('image');
  try {
    copyFileSync(image.program, join(folder, image.path));
    await pack(folder, 'layer.tar', [image.path]);
    const layer = createHash('sha256')
      .update(readFileSync(join(folder, 'layer.tar')))
      .digest('hex');
    const config = {
      architecture: ARCHITECTURES[process.arch] ?? process.arch,
      os: 'linux',
      config: { Entrypoint: [`/${image.path}`] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${layer}`] },
    };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const manifest = [{ Config: 'config.json', RepoTags: [image.name], Layers: ['layer.tar'] }];
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    await pack(folder, 'image.tar', ['manifest.json', 'config.json', 'layer.tar']);
    await use(join(folder, 'image.tar'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
