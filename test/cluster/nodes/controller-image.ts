import { join } from 'node:path';
import { ROOT } from '../../cli/run.ts';
import { attempt, run } from './command.ts';
import { CannotRun } from './needs.ts';

/** What `npm run images -- 15` makes on its way: Debian 12, as the Dockerfile begins its last stage with. */
const BASE = 'localhost/ballast/debian:bookworm';
const IMAGE = 'localhost/ballast/ballast:test';
const ENTRYPOINT = ['/usr/local/bin/node', '/ballast/ballast.mjs'];

/** Throws when the image of the controller cannot be made here. */
export async function requireBase(): Promise<void> {
  if (await attempt(['buildah', 'inspect', '--type', 'image', BASE])) return;
  throw new CannotRun(`there is no image ${BASE}; npm run images -- 15 makes it`);
}

/** Makes the image as the Dockerfile's last stage does, of what was built in this checkout; gives its name. */
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
