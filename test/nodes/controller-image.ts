import { join } from 'node:path';
import { ROOT } from '../cli/run.ts';
import { run } from '../../lab/processes/command.ts';

/** What `npm run images -- 15` makes on its way: Debian 12, as the Dockerfile begins its last stage with. */
export const BASE = 'localhost/ballast/debian:bookworm';
const IMAGE = 'localhost/ballast/ballast:test';
const ENTRYPOINT = ['/usr/local/bin/node', '/ballast/ballast.mjs'];

/** Builds the image as the Dockerfile's last stage does, from this checkout's build; returns its name. */
export async function makeControllerImage(): Promise<string> {
  const container = (await run(['buildah', 'from', BASE])).trim();
  try {
    await run(['buildah', 'copy', '--quiet', container, process.execPath, ENTRYPOINT[0]!]);
    await run(['buildah', 'copy', '--quiet', container, join(ROOT, 'dist'), '/ballast']);
    const entrypoint = ['--entrypoint', JSON.stringify(ENTRYPOINT), '--cmd', ''];
    await run(['buildah', 'config', '--user', '65532:65532', '--workingdir', '/work', ...entrypoint, container]);
    await run(['buildah', 'commit', '--quiet', container, IMAGE]);
  } finally {
    await run(['buildah', 'rm', container]);
  }
  return IMAGE;
}
