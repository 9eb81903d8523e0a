import { parse } from 'yaml';
import { familyOf } from '../../database/family.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import { PATHS } from '../../generator/postgresql/paths-and-ports.ts';
import { render } from '../../generator/render.ts';
import type { Running } from '../../lab/processes/process.ts';
import { until } from '../../lab/processes/until.ts';
import { admit } from '../generator/databases.ts';
import { nameOf } from '../generator/manifests.ts';
import type { Member } from './member.ts';

/** The major version that these tests run. */
export const MAJOR = '15';
const START_MS = 60_000;

/** The rendered settings of a Database with this spec beside what it must have. */
export function settingsOf(name: string, spec: object): Record<string, string> {
  const object = { apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata: { name, namespace: 'shop' } };
  const database = admit({ ...object, spec: { version: MAJOR, storage: { size: '10Gi' }, ...spec } }, new Date());
  const manifests = render(familyOf(database), NO_SETTINGS);
  const found = manifests.find((each) => each.kind === 'ConfigMap' && nameOf(each) === `${name}-settings`);
  return found?.['data'] as Record<string, string>;
}

/** The command that Patroni makes the data of a Database with when it starts from a backup. */
export function restoreCommand(settings: Readonly<Record<string, string>>): string {
  const { bootstrap } = parse(settings['patroni.yaml'] ?? '') as {
    readonly bootstrap: { readonly restore: { readonly command: string } };
  };
  return bootstrap.restore.command;
}

/** Makes an empty data directory. */
export const INIT = `initdb --pgdata ${PATHS.pgdata} --encoding UTF8 --locale C.UTF-8 --auth-local peer --auth-host reject`;

/** Starts PostgreSQL and waits until it takes writes; throws with its log when it ends. */
export async function started(member: Member, settings: Readonly<Record<string, string>>): Promise<Running> {
  const server = member.start(settings);
  const isUp = async (): Promise<boolean> => {
    const failure = server.failure();
    if (failure !== undefined) throw new Error(failure);
    return (await member.run(`psql -Atc 'select pg_is_in_recovery()'`)).output === 'f';
  };
  await until(isUp, START_MS, 'PostgreSQL does not take writes');
  return server;
}
