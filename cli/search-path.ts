import { delimiter, isAbsolute } from 'node:path';
import { liesIn } from './git/checkout.ts';

/** PATH without folders of the tree under review and without relative folders, which may hold programs that the tree brings. */
export function searchPath(top: string): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.filter((folder) => isAbsolute(folder) && !liesIn(top, folder)).join(delimiter);
}
