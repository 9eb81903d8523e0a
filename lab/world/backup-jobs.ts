import { DATABASE_LABEL, BACKUPS_ANNOTATION, VERIFIED_ANNOTATION } from '../../database/vocabulary.ts';
import type { Database } from '../../database/object.ts';
import { MANAGED_BY_LABEL } from '../../generator/metadata.ts';
import { names } from '../../generator/names.ts';
import { repositoryOf } from '../../generator/repository.ts';
import type { Clock } from '../../kubernetes/clock.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import type { ObjectsByHand } from './fake-api/objects-by-hand.ts';
import type { Plain } from './objects.ts';
import { annotate, part, setStatus } from './objects.ts';

/** How long a backup takes. */
const RUN_MS = 4000;

/** One backup as the list has it. */
export type ListedBackup = Readonly<Record<string, unknown>> & { readonly label: string };

const seconds = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');

function wordOf(job: KubernetesObject, name: string): string | undefined {
  const [container] = part(job, 'spec', 'template', 'spec')['containers'] as { readonly args: readonly string[] }[];
  return container?.args.find((one) => one.startsWith(`--${name}=`))?.slice(name.length + 3);
}

/** The Jobs of backups: what the Job controller, the pods and the program in them do. */
export class BackupJobs {
  /** How the run of a Job goes. */
  runOf: (job: string) => 'succeeds' | 'fails' | 'hangs' = () => 'succeeds';
  readonly #objects: ObjectsByHand;
  readonly #clock: Clock;

  constructor(objects: ObjectsByHand, clock: Clock) {
    this.#objects = objects;
    this.#clock = clock;
  }

  /** Starts new Jobs, and ends those whose time has come. */
  round(): void {
    for (const job of this.#objects.all('Job')) {
      const { startTime, conditions } = part(job, 'status') as { startTime?: string; conditions?: unknown };
      if (conditions !== undefined) continue;
      const key = keyOf(job.metadata);
      if (startTime === undefined)
        setStatus(this.#objects, 'Job', key, { startTime: this.#clock.date().toISOString() });
      else if (this.#clock.date().getTime() - Date.parse(startTime) >= RUN_MS) this.#end(job, new Date(startTime));
    }
  }

  /** The backups in the list of a Database. */
  listed(namespace: string, database: string): readonly ListedBackup[] {
    return (this.#list(namespace, database)['backups'] ?? []) as ListedBackup[];
  }

  /** Writes the list of a Database's backups, as a run does. */
  write(namespace: string, database: string, backups: readonly ListedBackup[], lastRun?: Plain): void {
    const name = names.backups(database);
    const key = keyOf({ namespace, name });
    const labels = { [MANAGED_BY_LABEL]: 'ballast', [DATABASE_LABEL]: database };
    const repository = this.#repository(namespace, database);
    if (!this.#objects.get('ConfigMap', key)) {
      this.#objects.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels } });
    }
    const at = seconds(this.#clock.date());
    const run = { at, succeeded: true, ...lastRun };
    const list = JSON.stringify({ at, repository, backups, left: 0, lastRun: run });
    annotate(this.#objects, 'ConfigMap', key, { annotations: { [BACKUPS_ANNOTATION]: list } });
  }

  /** Writes that the newest backup of a Database was just verified, as its job does. */
  verify(namespace: string, database: string): void {
    const [newest] = this.listed(namespace, database);
    const [at, repository] = [seconds(this.#clock.date()), this.#repository(namespace, database)];
    const report = JSON.stringify({ at, repository, succeeded: true, label: newest?.label });
    const key = keyOf({ namespace, name: names.backups(database) });
    annotate(this.#objects, 'ConfigMap', key, { annotations: { [VERIFIED_ANNOTATION]: report } });
  }

  /** A backup that has just ended. */
  made(start: Date, request?: string): ListedBackup {
    const now = this.#clock.date();
    return {
      label: `${seconds(now).replace(/[-:Z]/g, '').replace('T', '-')}F`,
      ...{
        type: 'full',
        start: seconds(start),
        stop: seconds(now),
        repositoryBytes: 1_048_576,
        databaseBytes: 8_388_608,
      },
      ...{ walStart: '000000010000000000000003', walStop: '000000010000000000000003' },
      ...(request !== undefined && { backup: request }),
    };
  }

  #repository(namespace: string, database: string): string | undefined {
    const stored = this.#objects.get('Database', keyOf({ namespace, name: database }));
    const { metadata, spec } = (stored ?? {}) as unknown as Database;
    return stored ? repositoryOf({ metadata, spec } as Database) : undefined;
  }

  #list(namespace: string, database: string): Plain {
    const map = this.#objects.get('ConfigMap', keyOf({ namespace, name: names.backups(database) }));
    return JSON.parse(map?.metadata.annotations?.[BACKUPS_ANNOTATION] ?? '{}') as Plain;
  }

  #end(job: KubernetesObject, start: Date): void {
    const { namespace = '', name, labels } = job.metadata;
    const how = this.runOf(name);
    if (how === 'hangs') return;
    const database = labels?.[DATABASE_LABEL] ?? '';
    const before = this.listed(namespace, database);
    const now = seconds(this.#clock.date());
    if (how === 'succeeds') {
      const made = this.made(start, wordOf(job, 'backup'));
      // A run that began beside another waits for its turn, and ends in a later second.
      if (before.some(({ label }) => label === made.label)) return;
      this.write(namespace, database, [made, ...before], { label: made.label, job: name });
      setStatus(this.#objects, 'Job', keyOf(job.metadata), {
        completionTime: now,
        conditions: [{ type: 'Complete', status: 'True', lastTransitionTime: now }],
      });
      return;
    }
    this.write(namespace, database, before, { succeeded: false, job: name, reason: 'check ended with 82' });
    const why = { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
    setStatus(this.#objects, 'Job', keyOf(job.metadata), {
      conditions: [{ type: 'Failed', status: 'True', lastTransitionTime: now, ...why }],
    });
  }
}
