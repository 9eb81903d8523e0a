import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { CannotRun } from '../../lab/cluster/needs.ts';
import { attempt, run } from '../../lab/processes/command.ts';
import { makeOwnFolder } from '../../lab/processes/own-folder.ts';
import { ROOT } from '../cli/run.ts';

/** A checkout of an earlier commit of this repository, with the packages of this one. */
export interface EarlierCheckout {
  readonly root: string;
  readonly remove: () => void;
}

/** Checks a commit out into a folder of its own; throws CannotRun where this clone does not have it. */
export async function checkOut(commit: string): Promise<EarlierCheckout> {
  if (!(await attempt(['git', '-C', ROOT, 'cat-file', '-e', `${commit}^{commit}`]))) {
    throw new CannotRun(`this clone has no commit ${commit}; git fetch --unshallow brings it`);
  }
  const folder = makeOwnFolder('earlier');
  const [root, archive] = [join(folder, 'checkout'), join(folder, 'checkout.tar')];
  mkdirSync(root);
  await run(['git', '-C', ROOT, 'archive', `--output=${archive}`, commit]);
  await run(['tar', '--extract', `--file=${archive}`, `--directory=${root}`]);
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return {
    root,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

interface Definition {
  readonly spec: {
    readonly versions: readonly {
      readonly schema: { readonly openAPIV3Schema: { readonly properties: { readonly status: Properties } } };
    }[];
  };
}

interface Properties {
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The fields of a Database's status in the CRD of a checkout. */
export function statusFields(root: string): string[] {
  const { spec } = load(readFileSync(join(root, 'crds/databases.yaml'), 'utf8')) as Definition;
  return spec.versions.flatMap(({ schema }) => Object.keys(schema.openAPIV3Schema.properties.status.properties));
}
