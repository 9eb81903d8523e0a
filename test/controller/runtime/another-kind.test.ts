import { expect } from 'chai';
import { CallFailure } from '../../../controller/runtime/failures.ts';
import { chooser } from '../../../controller/runtime/concern.ts';
import type { Concern, StepHistory } from '../../../controller/runtime/concern.ts';
import { Loop } from '../../../controller/runtime/loop.ts';
import { Progress } from '../../../controller/runtime/progress.ts';
import type { Look, Reconciler, StoredObject } from '../../../controller/runtime/reconciler.ts';
import { RESOURCES } from '../../../controller/resources.ts';
import type { Occurrence } from '../../../kubernetes/events.ts';
import { SimulatedClock } from '../../../lab/world/simulated-clock.ts';

type Step = { readonly do: 'label' | 'copy' | 'notify' };
interface Seen extends StepHistory {
  readonly done: ReadonlySet<Step['do']>;
}
interface Status {
  readonly phase: string;
  readonly conditions?: readonly object[];
}

class Refusal extends CallFailure {}

const { chooseFrom } = chooser<Seen, Step>(({ do: what }) => what);
const row = (step: Step['do'], whenRefused: 'go on' | 'hold'): Concern<Seen, Step> => ({
  name: `there is no ${step}`,
  why: 'in this order',
  choose: ({ done }) => (done.has(step) ? undefined : { step: { do: step }, because: `there is no ${step}` }),
  whenRefused,
});

/** A kind with three steps and nothing of a Database; each step is refused while it stands in `refused`. */
class Kind {
  readonly clock = new SimulatedClock(1);
  readonly done = new Set<Step['do']>();
  readonly refused = new Set<Step['do']>();
  readonly tries: string[] = [];
  readonly events: Occurrence[] = [];
  readonly patches: unknown[] = [];
  readonly logged: object[] = [];
  status: Status | undefined;
  #version = 1;
  readonly #progress = new Progress(this.clock);
  readonly loop: Loop<Look & { readonly seen: Seen }, Step, Status>;

  constructor(rows: readonly Concern<Seen, Step>[]) {
    this.loop = new Loop(this.#reconciler(rows), {
      api: {
        patch: (_, { name, namespace }, { body }) => {
          this.patches.push(body);
          this.#version += 1;
          const { status } = body as { status: object };
          this.status = { phase: '', ...this.status, ...status };
          const metadata = {
            name,
            ...(namespace !== undefined && { namespace }),
            resourceVersion: String(this.#version),
          };
          return Promise.resolve({ metadata });
        },
      },
      clock: this.clock,
      log: { info: (fields) => this.logged.push(fields), warn: () => undefined, error: () => undefined },
      recorder: { record: (_, occurrence) => this.events.push(occurrence) },
      metrics: { reconciled: () => undefined },
      leads: () => true,
    });
  }

  #stored(): StoredObject {
    const { status } = this;
    const identity = { key: 'shop/nightly', namespace: 'shop', name: 'nightly', uid: 'u1', generation: 1 };
    return { ...identity, resourceVersion: String(this.#version), ...(status && { status }) };
  }

  #reconciler(rows: readonly Concern<Seen, Step>[]): Reconciler<Look & { readonly seen: Seen }, Step, Status> {
    return {
      resource: RESOURCES.DatabaseBackup,
      look: (key) => {
        if (key !== 'shop/nightly') return { is: 'gone' };
        const seen = { done: new Set(this.done), ...this.#progress.history() };
        return { is: 'seen', look: { object: this.#stored(), progress: this.#progress, seen } };
      },
      decide: ({ seen }, now) => {
        const choice = chooseFrom(rows, seen, now);
        const phase = choice ? 'Running' : 'Succeeded';
        return choice?.step
          ? { step: choice.step, because: choice.because, concern: choice.concern, status: { phase } }
          : { status: { phase } };
      },
      act: ({ do: what }) => {
        this.tries.push(what);
        if (this.refused.has(what)) return Promise.reject(new Refusal(`nobody may ${what}`));
        this.done.add(what);
        return Promise.resolve({});
      },
      mannerOf: () => 'writes',
      subjectOf: ({ do: what }) => what,
      eventOfStep: ({ step }) => ({ type: 'Normal', reason: 'Done', action: step.do, note: step.do }),
      eventOfFailure: (step, note) => ({ type: 'Warning', reason: 'ActionFailed', action: step.do, note }),
      eventsOfStatus: (_, { phase }) => [{ type: 'Normal', reason: phase, action: 'Observe', note: phase }],
      versionOf: () => String(this.#version),
      stored: () => this.#stored(),
      forget: (key) => this.tries.push(`forget ${key}`),
    };
  }

  /** Lets the loop work for so many seconds. */
  async during(seconds: number): Promise<void> {
    this.loop.add('shop/nightly');
    this.loop.start();
    for (let second = 0; second < seconds; second += 1) await this.clock.advance(1000);
  }
}

describe('The runtime looks after a kind that is no Database', () => {
  it('one step a pass, in the order of its table, and says so in status, events and log', async () => {
    const kind = new Kind([row('label', 'hold'), row('copy', 'go on'), row('notify', 'go on')]);
    await kind.during(10);
    expect(kind.tries).eql(['label', 'copy', 'notify']);
    expect(kind.status?.phase).equal('Succeeded');
    expect(kind.events.map(({ reason, note }) => `${reason} ${note}`)).eql([
      'Running Running',
      'Done label',
      'Done copy',
      'Done notify',
      'Succeeded Succeeded',
    ]);
    expect(kind.logged[0]).include({ databasebackup: 'shop/nightly', step: 'label', concern: 'there is no label' });
  });

  it('goes on with later rows while a step is refused for ever', async () => {
    const kind = new Kind([row('label', 'go on'), row('copy', 'go on'), row('notify', 'go on')]);
    kind.refused.add('label');
    await kind.during(60);
    expect([...kind.done]).eql(['copy', 'notify']);
    expect(kind.tries.filter((what) => what === 'label').length).greaterThan(3);
  });

  it('holds later rows while a step is refused that they build on', async () => {
    const kind = new Kind([row('label', 'hold'), row('copy', 'go on')]);
    kind.refused.add('label');
    await kind.during(60);
    expect([...kind.done]).eql([]);
    kind.refused.clear();
    await kind.during(120);
    expect([...kind.done]).eql(['label', 'copy']);
  });

  it('forgets what is gone', async () => {
    const kind = new Kind([]);
    kind.loop.add('shop/gone');
    await kind.during(1);
    expect(kind.tries).eql(['forget shop/gone']);
  });

  it('says of a bug, in the words of the kind, that nothing is done', async () => {
    const broken: Concern<Seen, Step> = {
      ...row('label', 'go on'),
      choose: () => {
        throw new TypeError('no property of undefined');
      },
    };
    const kind = new Kind([broken]);
    await kind.during(1);
    expect(kind.status?.conditions?.[0]).include({ type: 'Stalled', reason: 'InternalError' });
    expect(JSON.stringify(kind.status)).include('failed at this DatabaseBackup').and.not.include('TypeError');
  });
});
