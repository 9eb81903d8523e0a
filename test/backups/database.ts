import { parse } from 'yaml';
import { expect } from 'chai';
import { familyOf } from '../../database/family.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import { PATHS } from '../../generator/postgresql/paths-and-ports.ts';
import { render } from '../../generator/render.ts';
import { hasImage } from '../../lab/cluster/has-image.ts';
import type { Running } from '../../lab/processes/process.ts';
import { until } from '../../lab/processes/until.ts';
import { admit } from '../generator/databases.ts';
import { nameOf } from '../generator/manifests.ts';
import type { Member } from './member.ts';

/** The version of the image that the tests of backups run. */
export const MAJOR = '15';
export const IMAGE = `localhost/ballast/postgresql:${MAJOR}`;
const START_MS = 60_000;
/** The rules refuse a restore to the future; a test may ask for it. */
const HOUR_MS = 3_600_000;

/** Skips the suite of a `before` hook on a machine without the image, and says so. */
export function imageOrSkip(hook: Mocha.Context): void {
  if (process.getuid?.() === 0 && hasImage(IMAGE)) return;
  process.stderr.write(`SKIPPED, ${hook.test?.parent?.title ?? ''}: needs root and ${IMAGE} (images/README.md)\n`);
  hook.skip();
}

/** Runs a script in a member, and gives what it prints; fails when it fails. */
export async function runs(member: Member, script: string): Promise<string> {
  const { code, output } = await member.run(script);
  expect(code, output).to.equal(0);
  return output;
}

/** The rendered settings of a Database with this spec beside what it must have. */
export function settingsOf(name: string, spec: object): Record<string, string> {
  const object = { apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata: { name, namespace: 'shop' } };
  const database = admit(
    { ...object, spec: { version: MAJOR, storage: { size: '10Gi' }, ...spec } },
    new Date(Date.now() + HOUR_MS),
  );
  const manifests = render(familyOf(database), NO_SETTINGS);
  const found = manifests.find((each) => each.kind === 'ConfigMap' && nameOf(each) === `${name}-settings`);
  return found?.['data'] as Record<string, string>;
}

/** The command with which a Database with these settings begins. */
export function restoreCommand(settings: Readonly<Record<string, string>>): string {
  const { bootstrap } = parse(settings['patroni.yaml'] ?? '') as {
    readonly bootstrap: { readonly restore: { readonly command: string } };
  };
  return bootstrap.restore.command;
}

/** pgBackRest as a member of orders calls it. */
export const PGBACKREST = `pgbackrest --config=${PATHS.pgbackrest} --stanza=orders`;

/** A server that archives, which the rendered settings keep from doing as long as nobody makes the stanza. */
export const ARCHIVING = {
  listen_addresses: '',
  unix_socket_directories: PATHS.socket,
  fsync: 'off',
  shared_buffers: '16MB',
  archive_mode: 'on',
  archive_command: `${PGBACKREST} archive-push %p`,
};

/** The command that makes the data. */
export const INIT = `initdb --pgdata ${PATHS.pgdata} --encoding UTF8 --locale C.UTF-8 --auth-local peer --auth-host reject`;

/** Starts PostgreSQL, and waits until it takes writes. */
export async function started(member: Member, settings: Readonly<Record<string, string>>): Promise<Running> {
  const server = member.start(settings);
  const isUp = async (): Promise<boolean> => {
    const failure = server.failure();
    if (failure !== undefined) throw new Error(failure);
    return (await member.run(`psql -Atc 'select pg_is_in_recovery()'`)).output === 'f';
  };
  try {
    await until(isUp, START_MS, 'PostgreSQL does not take writes');
  } catch (error) {
    throw new Error(`PostgreSQL does not take writes:\n${member.logged()}`, { cause: error });
  }
  return server;
}
