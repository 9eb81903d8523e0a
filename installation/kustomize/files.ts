import { CONTROLLER_OVERLAYS, controller } from './controller.ts';
import { filesOf } from './folder.ts';
import { WEBHOOK_OVERLAYS, base } from './webhook.ts';

/** Every file below `kustomize/`, as path and text, for this tag of the image. */
export function kustomizeFiles(tag: string): [string, string][] {
  return [base(tag), ...WEBHOOK_OVERLAYS, controller(tag), ...CONTROLLER_OVERLAYS].flatMap(filesOf);
}
