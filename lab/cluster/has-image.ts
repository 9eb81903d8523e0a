import { spawnSync } from 'node:child_process';

/** Whether the local container storage, which buildah and podman share, has an image; false without buildah. */
export function hasImage(name: string): boolean {
  return spawnSync('buildah', ['inspect', '--type', 'image', name], { stdio: 'ignore' }).status === 0;
}
