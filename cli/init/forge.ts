import { existsSync, realpathSync } from 'node:fs';
import { checkoutsAbove } from '../git/checkout.ts';
import { git } from '../git/run.ts';
import type { Forge } from './workflows.ts';
import { FORGES } from './workflows.ts';

/** The forge that a clone comes from, by the host of its remote `origin`; undefined when that says nothing. */
export function forgeOf(folder: string): Forge | undefined {
  const checkout = existsSync(folder) ? checkoutsAbove(realpathSync(folder)).checkouts[0] : undefined;
  if (!checkout) return undefined;
  const { ok, stdout } = git(checkout, ['config', '--get', 'remote.origin.url']);
  const [, host = ''] = /^(?:\w+:\/\/)?(?:[^@/]*@)?([^:/]+)/.exec(ok ? stdout.toString() : '') ?? [];
  return FORGES.find((forge) => host.toLowerCase().includes(forge));
}
