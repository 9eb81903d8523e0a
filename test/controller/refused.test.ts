import { expect } from 'chai';
import { keyOf } from '../../kubernetes/objects.ts';
import type { RecordedRequest } from '../../lab/world/fake-api/faults.ts';
import type { Plain } from '../../lab/world/objects.ts';
import { part } from '../../lab/world/objects.ts';
import { Argo } from '../../lab/world/argo.ts';
import { inEachScenario } from './scenarios/each-scenario.ts';
import type { Rehearsed, WriteTarget } from './scenarios/rehearsal.ts';
import { rehearse, targetsOf } from './scenarios/rehearsal.ts';
import { isComplete } from '../complete.ts';
import { sampleOf } from './scenarios/sample.ts';
import { SCENARIOS } from './scenarios/scenarios.ts';
import { conditionOf, leaderOf } from '../../lab/world/stage.ts';
import { Scene } from '../../lab/world/scene.ts';

const METHODS = { create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE', evict: 'POST' } as const;

function isAbout({ verb, kind, key, subresource }: WriteTarget, request: RecordedRequest): boolean {
  // A new object has its name in the body.
  const { metadata } = (request.body ?? {}) as { readonly metadata?: { readonly name?: string } };
  const name = request.name ?? metadata?.name ?? '';
  const isSame = request.kind === kind && request.subresource === subresource;
  return isSame && request.method === METHODS[verb] && keyOf({ namespace: request.namespace, name }) === key;
}

const named = ({ verb, kind, key, subresource }: WriteTarget): string =>
  `${verb} ${kind} ${key}${subresource === undefined ? '' : ` ${subresource}`}`;

/** Writes that build on others, and why; nothing else may be kept from being done. */
interface Dependence {
  readonly refused: RegExp;
  readonly held: RegExp;
  readonly why: string;
}

const STATUS = /^patch Database \S+ status$/;
const ANY_STATUS = /^patch \S+ \S+ status$/;
const BACKUP = /^create (?:DatabaseBackup|Job) |^patch DatabaseBackup /;
const SWITCHOVER = /^create ConfigMap \S+-failover$/;
const ROLLOUT = /^(?:evict|delete) Pod |^create ConfigMap \S+-failover$/;
/** Writes of a restore in place, of the backups around it, and what its DatabaseRestore says of it. */
const RESTORE =
  /^\w+ ConfigMap \S+-(?:restore|leader|sync|failover)$|^delete Pod |^create (?:DatabaseBackup|Job) |^patch Database(?:Backup|Restore)? /;
const FINALIZER = /^patch Database \S+$/;

const DEPENDENCES: readonly Dependence[] = [
  { refused: STATUS, held: SWITCHOVER, why: 'a request is noted before it is acted upon, so that it is done once' },
  {
    refused: STATUS,
    held: /^evict Pod |^patch PersistentVolumeClaim /,
    why: 'Argo CD syncs the rest when the status of the Database says that it may',
  },
  {
    refused: SWITCHOVER,
    held: /^(?:evict|delete) Pod |^patch StatefulSet \S+$/,
    why: 'a primary is neither recreated nor removed while it leads others',
  },
  { refused: /^create Secret \S+-ca$/, held: /^create Secret \S+-tls$/, why: 'the authority signs the certificate' },
  {
    refused: /^patch StatefulSet \S+$/,
    held: /^evict Pod |^create ConfigMap|^patch (?:ConfigMap \S+-config|PersistentVolumeClaim )/,
    why: 'members are made from its template',
  },
  {
    refused: /^patch ConfigMap \S+-config$/,
    held: ROLLOUT,
    why: 'members restart with the configuration that is there',
  },
  { refused: /^evict Pod /, held: ROLLOUT, why: 'members are rolled one at a time, the primary last' },
  {
    refused: /^patch Secret \S+-superuser$/,
    held: /^patch Secret \S+-replication$|^(?:evict|delete) Pod |^create ConfigMap \S+-failover$/,
    why: 'members restart when both passwords of the system are new',
  },
  {
    refused: /^(?:patch StatefulSet \S+ scale|delete StatefulSet \S+)$/,
    held: /^delete |^patch Database \S+$/,
    why: 'nothing is taken from members that run',
  },
  {
    refused: /^delete (?:PersistentVolumeClaim|Secret) /,
    held: /^delete |^patch Database \S+$/,
    why: 'the right to read the Secrets is kept until data and credentials are gone',
  },
  {
    refused: /^(?:create Secret|patch (?:StatefulSet|ConfigMap)|create ConfigMap \S+-failover|evict Pod ) ?/,
    held: BACKUP,
    why: 'nothing is backed up before the primary takes writes and has its settings',
  },
  { refused: STATUS, held: BACKUP, why: 'the status says whether the Database takes writes' },
  {
    refused: /^create (?:DatabaseBackup |Job \S+-first-)/,
    held: BACKUP,
    why: 'a Job is made for an object, and the first one brings the list of what the repository holds already',
  },
  {
    refused: /^create Job /,
    held: STATUS,
    why: 'the status of the Database says how the last run went, and there was none',
  },
  {
    refused: /^create (?:DatabaseBackup|Job) \S+-before(?:-run)?$|^patch DatabaseBackup \S+-(?:before|after) status$/,
    held: RESTORE,
    why: 'nothing is stopped before the present data are backed up, and no other restore begins before the restored ones are',
  },
  {
    refused: /^(?:create|patch|delete) ConfigMap \S+-(?:restore|leader|sync)$|^delete Pod |^patch DatabaseRestore /,
    held: RESTORE,
    why: 'each step of a restore in place builds on the one before, and another restore or backup waits for its end',
  },
  {
    refused: STATUS,
    held: RESTORE,
    why: 'the status says whether the Database takes writes, which a backup waits for',
  },
  {
    refused: /^(?:patch CronJob \S+-schedule|create Job \S+-run)$/,
    held: /^delete (?:CronJob \S+-schedule|Job \S+-run)$/,
    why: 'what makes backups for a DatabaseBackup is taken away where it was made',
  },
  {
    refused: /^delete (?:Job|Deployment) /,
    held: /^delete |^patch Database \S+$/,
    why: 'the pods of a backup, and of what serves its volume, hold that volume',
  },
  { refused: /^delete /, held: FINALIZER, why: 'the finalizer stays until all is gone' },
];

interface Outcome {
  readonly written: readonly string[];
  /** Why the Database was Stalled, at any time. */
  readonly reasons: Set<unknown>;
}

/** Long enough for everything that waits to come round. */
const PLAYED_MS = 900_000;
const LOOK_MS = 10_000;

/** Why DatabaseBackups are Stalled. */
function stalledBackups({ fake }: Scene): unknown[] {
  return fake.all('DatabaseBackup').flatMap((backup) => {
    const { conditions = [] } = part(backup, 'status') as { conditions?: Plain[] };
    return conditions.filter(({ type }) => type === 'Stalled').map(({ reason }) => reason);
  });
}

/** Why DatabaseRestores have failed. */
function failedRestores({ fake }: Scene): unknown[] {
  const statuses = fake.all('DatabaseRestore').map((restore) => part(restore, 'status'));
  return statuses.filter(({ phase }) => phase === 'Failed').map(({ message }) => message);
}

/** Plays a scenario in which the API server refuses a write each time. */
async function refuse({ scenario, mode, state }: Rehearsed, refused: WriteTarget): Promise<Outcome> {
  const scene = await Scene.open({ state });
  const stage = { scene, mode, argo: new Argo(scene.fake) };
  try {
    scene.start();
    await scene.settle();
    scene.api.weather = {
      ...scene.api.weather,
      call: (request) => (isAbout(refused, request) ? { status: 403, reason: 'Forbidden' } : undefined),
    };
    const before = scene.api.writes.length;
    scenario.change(stage);
    const reasons = new Set<unknown>();
    for (let played = 0; played < PLAYED_MS; played += LOOK_MS) {
      await scene.clock.advance(LOOK_MS);
      reasons.add(conditionOf(scene, 'Stalled')?.['reason']);
      for (const reason of [...stalledBackups(scene), ...failedRestores(scene)]) reasons.add(reason);
    }
    return { written: targetsOf(scene.api.writes.slice(before)).map(named), reasons };
  } finally {
    stage.argo.stop();
    scene.close();
  }
}

/**
 * Whether a member that could not be deleted while it was not ready was evicted as soon as it was, or another backup of restored data
 * was made in place of one.
 */
function isReplaced(refused: string, { written }: Outcome): boolean {
  if (/^create DatabaseBackup \S+-after$/.test(refused))
    return written.some((one) => /^create DatabaseBackup \S+-after$/.test(one));
  const [, pod] = /^delete Pod (\S+)$/.exec(refused) ?? [];
  return pod !== undefined && written.includes(`evict Pod ${pod} eviction`);
}

/** Writes of a scenario of which each is refused; all of them when COMPLETE is set. */
const SAMPLE = 6;

const isOfSecret = ({ kind }: RecordedRequest): boolean => kind === 'Secret';

describe('A controller that starts without the right to read the Secrets', () => {
  it('does what needs none of them: a switchover that is asked for', async function () {
    this.timeout(60_000);
    const scenario = SCENARIOS.find(({ name }) => name === 'a switchover is asked for')!;
    const { state } = await rehearse(scenario, 'gitops');
    const scene = await Scene.open({ state });
    try {
      const forbidden = { status: 403, reason: 'Forbidden' } as const;
      scene.start({ call: (request) => (isOfSecret(request) ? forbidden : undefined), event: () => undefined });
      await scene.settle();
      scenario.change({ scene, mode: 'gitops', argo: new Argo(scene.fake) });
      await scene.until(
        () => leaderOf(scene) === 'orders-2',
        () => 'it was never done',
      );
      await scene.clock.advance(PLAYED_MS);
      const { status, reason, message } = conditionOf(scene, 'Stalled') ?? {};
      expect({ status, reason }).to.deep.equal({ status: 'True', reason: 'StepRefused' });
      expect(message).to.match(/^read-credentials waits since \S+Z: the Role orders-controller, which allows to read/);
    } finally {
      scene.close();
    }
  });
});

describe('A write that is refused for ever', function () {
  this.timeout(600_000);

  const tally = { runs: 0, used: new Set<Dependence>(), seed: 0 };

  after(() => {
    console.log(`    ${tally.runs} writes were refused for ever, one in each run`);
    if (isComplete) expect(DEPENDENCES.filter((row) => !tally.used.has(row))).to.deep.equal([]);
  });

  inEachScenario((rehearsed) => {
    it('prevents no independent write, and is reported', async () => {
      const { written, scenario, mode } = rehearsed();
      tally.seed += 1;
      for (const refused of sampleOf(written, SAMPLE, tally.seed)) {
        const name = named(refused);
        const outcome = await refuse(rehearsed(), refused);
        const missing = written.map(named).filter((one) => one !== name && !outcome.written.includes(one));
        const unexplained = missing.filter((one) => {
          const row = DEPENDENCES.find((dependence) => dependence.refused.test(name) && dependence.held.test(one));
          if (row) tally.used.add(row);
          return !row;
        });
        expect(unexplained, `${scenario.name} (${mode}), refused: ${name}`).to.deep.equal([]);
        // Another problem that a user must resolve first is reported instead.
        outcome.reasons.delete('Free');
        const isCalledOff = scenario.calledOff?.test(name) === true;
        if (!ANY_STATUS.test(name) && !isReplaced(name, outcome) && !isCalledOff)
          expect([...outcome.reasons], `${scenario.name} (${mode}): ${name}`).to.not.deep.equal([]);
        tally.runs += 1;
      }
    });
  });
});
