import { expect } from 'chai';
import { NO_SETTINGS } from '../../database/settings.ts';
import { backupNames } from '../../generator/backup-names.ts';
import type { Manifest } from '../../generator/metadata.ts';
import type { RequestedBackup } from '../../generator/objects/backup.ts';
import { familyOf } from '../../database/family.ts';
import { isIdentityOf } from '../../generator/identities.ts';
import { names } from '../../generator/names.ts';
import { repositoryOf } from '../../generator/repository.ts';
import { render, renderBackup, renderSchedule } from '../../generator/render.ts';
import { filledDatabase } from '../../lab/filled-database.ts';
import { nameValid } from '../../policies/rules/name-valid.ts';

type Pod = { readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] } };
type Spec = { readonly template: Pod; readonly [field: string]: unknown };

const database = (backup?: object, name = 'orders'): ReturnType<typeof filledDatabase> =>
  filledDatabase({ name, namespace: 'shop' }, { version: '17', storage: { size: '1Gi' }, ...(backup && { backup }) });
const BACKUP = { enabled: true, schedule: '0 2 * * *', timeZone: 'Etc/UTC', destination: 's3://acme/orders' };
const jobOf = (request: Partial<RequestedBackup> = {}): Manifest | undefined =>
  renderBackup(database(BACKUP), NO_SETTINGS, {
    name: 'before-migration',
    type: 'auto',
    keepForever: false,
    ...request,
  });
const argumentsIn = (spec: unknown): readonly string[] => (spec as Spec).template.spec.containers[0]?.args ?? [];
const wordsOf = (request: Partial<RequestedBackup>): readonly string[] => argumentsIn(jobOf(request)?.['spec']);

/** The specification of the Jobs of the schedule. */
const scheduled = (): Spec => {
  const cron = render(familyOf(database(BACKUP)), NO_SETTINGS).find(({ kind }) => kind === 'CronJob');
  return (cron?.['spec'] as { jobTemplate: { spec: Spec } }).jobTemplate.spec;
};

describe('The Job of a requested backup', () => {
  it('has a name after its DatabaseBackup, the labels of the Database, and an end', () => {
    const job = jobOf();
    expect(job).nested.property('metadata.name', 'before-migration-run');
    expect(job?.['metadata']).deep.nested.property('labels', {
      ...(job?.['metadata'] as { labels: object }).labels,
      'db.example.com/database': 'orders',
      'app.kubernetes.io/managed-by': 'ballast',
      'app.kubernetes.io/component': 'backup',
    });
    expect(job?.['spec']).include({ backoffLimit: 3, ttlSecondsAfterFinished: 604_800 });
  });

  it('is of the same template as those of the schedule, but for its arguments', () => {
    const { ttlSecondsAfterFinished, ...spec } = jobOf()?.['spec'] as Spec;
    expect(ttlSecondsAfterFinished).not.equal(undefined);
    const own = ['--backup=before-migration'];
    expect(argumentsIn(spec)).eql([...argumentsIn(scheduled()), ...own]);
    expect(JSON.parse(JSON.stringify(spec).replace(`,"${own[0]}"`, ''))).eql(JSON.parse(JSON.stringify(scheduled())));
  });

  it('says the type and whether it stays for ever only when it must', () => {
    expect(wordsOf({}).filter((word) => /^--(?:type|keep)=/.test(word))).eql([]);
    expect(wordsOf({ type: 'full' })).include('--type=full');
    expect(wordsOf({ type: 'incremental', keepForever: true })).include.members([
      '--type=incremental',
      '--keep=forever',
    ]);
  });

  it('is none while backups are off', () => {
    const off = [database(), database({ ...BACKUP, enabled: false })];
    const request: RequestedBackup = { name: 'x', type: 'auto', keepForever: false };
    expect(off.map((one) => renderBackup(one, NO_SETTINGS, request))).eql([undefined, undefined]);
    expect(off.map((one) => repositoryOf(one))).eql([undefined, undefined]);
  });
});

describe('The CronJob of a DatabaseBackup with a schedule', () => {
  const asked = { name: 'weekly', type: 'full', keepForever: true, schedule: '0 4 * * 0', suspend: false } as const;
  const cronJobOf = (changes: object = {}, zone = 'Etc/UTC'): Manifest | undefined =>
    renderSchedule(database({ ...BACKUP, timeZone: zone }), NO_SETTINGS, { ...asked, ...changes });
  const specOf = (cronJob: Manifest | undefined): { readonly jobTemplate: { readonly spec: Spec } } =>
    cronJob?.['spec'] as { jobTemplate: { spec: Spec } };

  it('has a name after it that fits, and the labels of the Database', () => {
    expect(cronJobOf()).nested.property('metadata.name', 'weekly-schedule');
    expect((cronJobOf()?.['metadata'] as { labels: object }).labels).include({
      'db.example.com/database': 'orders',
      'app.kubernetes.io/component': 'backup',
    });
    expect(names.backupSchedule('a'.repeat(40)).length).most(52);
  });

  it('is of the same template as that of the Database, but for its arguments', () => {
    const { spec } = specOf(cronJobOf()).jobTemplate;
    const own = ['--schedule=weekly', '--type=full', '--keep=forever'];
    expect(argumentsIn(spec)).eql([...argumentsIn(scheduled()), ...own]);
    const text = JSON.stringify(spec).replace(own.map((word) => `,"${word}"`).join(''), '');
    expect(JSON.parse(text)).eql(JSON.parse(JSON.stringify(scheduled())));
  });

  it('has its own schedule, the time zone of the Database unless it names one, and stands still when that is asked for', () => {
    expect(specOf(cronJobOf({}, 'Europe/Berlin'))).include({
      ...{ schedule: '0 4 * * 0', timeZone: 'Europe/Berlin', suspend: false, concurrencyPolicy: 'Forbid' },
    });
    expect(specOf(cronJobOf({ timeZone: 'Asia/Tokyo', suspend: true }))).include({
      timeZone: 'Asia/Tokyo',
      suspend: true,
    });
  });

  it('is none while backups are off', () => {
    expect(renderSchedule(database({ ...BACKUP, enabled: false }), NO_SETTINGS, asked)).equal(undefined);
  });

  it('is never called as an object of a Database, nor as the Job of a DatabaseBackup', () => {
    const hostile = ['orders', 'orders-backup', 'orders-verify', 'orders-run', 'a-schedule', 'a'];
    for (const name of hostile) {
      const made = names.backupSchedule(name);
      expect(
        hostile.some((other) => isIdentityOf(other, { kind: 'CronJob', name: made })),
        made,
      ).equal(false);
      // Jobs of a CronJob end with digits.
      expect(`${made}-29389123`.endsWith(names.backupRun(''))).equal(false);
    }
  });
});

describe('The fingerprint of a repository', () => {
  const of = (destination: unknown, name?: string): string | undefined =>
    repositoryOf(database({ ...BACKUP, destination }, name));

  it('has sixteen hex digits, and is that of the place alone', () => {
    expect(of('s3://acme/orders')).match(/^[0-9a-f]{16}$/);
    const long = { s3: { bucket: 'acme', prefix: '/orders/', region: 'eu-west-1', credentialsSecret: 'keys' } };
    expect(of(long)).equal(of('s3://acme/orders'));
  });

  it('is another for another bucket, path, service, or kind of place', () => {
    const places = ['s3://acme/orders', 's3://acme2/orders', 's3://acme/orders2', 's3://acme', 'pvc://'];
    const all = [...places, { s3: { bucket: 'acme', prefix: 'orders', endpoint: 'minio:9000' } }].map((one) => of(one));
    expect(new Set(all)).property('size', all.length);
    expect(of('s3://acme')).not.equal(of('s3://acme', 'billing'));
  });
});

describe('The names of DatabaseBackups that the controller makes', () => {
  const LONG = 'a-very-long-name-of-a-database-with-40-c';
  const label = '20261128-020000F_20261129-020000I';

  it('say the Database and the reason', () => {
    expect(backupNames.recorded('orders', label)).equal('orders-20261129-020000i');
    expect(backupNames.first('orders', '1f0c22aa33445566')).equal('orders-first-1f0c22');
    expect(backupNames.requested('orders', 'monday')).match(/^orders-request-[0-9a-f]{6}$/);
  });

  it('are names that the rules allow, and differ, for every Database and label', () => {
    const labels = [label, '20261128-020000F', 'Set_9.1/x', '', 'x'.repeat(300), '-'];
    const made = [LONG, `${LONG.slice(0, -1)}d`, 'orders', 'a'].flatMap((name) => [
      backupNames.first(name, '1f0c22aa33445566'),
      backupNames.requested(name, 'monday'),
      backupNames.requested(name, 'tuesday'),
      ...labels.map((one) => backupNames.recorded(name, one)),
    ]);
    for (const name of made) {
      const object = { kind: 'DatabaseBackup', metadata: { name, namespace: 'shop' } };
      expect(
        nameValid.check(object as Parameters<typeof nameValid.check>[0], undefined, { now: new Date(0) }),
        name,
      ).eql([]);
    }
    expect(new Set(made)).property('size', made.length);
  });
});
