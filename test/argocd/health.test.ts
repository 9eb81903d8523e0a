import { expect } from 'chai';
import fc from 'fast-check';
import type { ObjectWithStatus } from '../../database/health.ts';
import { healthOf } from '../../database/health.ts';
import { runLua } from '../../lab/gitops/lua.ts';
import { script } from '../../scripts/argocd/files.ts';
import { CUSTOMIZED_KINDS, HEALTH_CASES } from '../../scripts/argocd/health-cases.ts';
import { rehearse, play } from '../controller/scenarios/rehearsal.ts';
import { sampleOf } from '../controller/scenarios/sample.ts';
import { SCENARIOS } from '../controller/scenarios/scenarios.ts';
import { findArgoLua } from '../../lab/programs/argo-programs.ts';
import { orSkip } from '../or-skip.ts';

const SCRIPTS = Object.fromEntries(CUSTOMIZED_KINDS.map((kind) => [kind, script(kind, 'health.lua')]));
/** Scenarios of a sample, when not all are played. */
const SAMPLE = 12;
const OBJECTS = 5000;

/** Objects of the kinds that have a health, most of them as no controller writes them. */
const objects: fc.Arbitrary<ObjectWithStatus> = fc.record(
  {
    kind: fc.constantFrom(...CUSTOMIZED_KINDS),
    metadata: fc.record(
      {
        generation: fc.integer({ min: 1, max: 2 }),
        deletionTimestamp: fc.constant('2026-11-28T12:00:00Z'),
        annotations: fc.constantFrom({}, { other: 'x' }, { 'argocd.argoproj.io/hook': 'PreSync' }),
      },
      { requiredKeys: [] },
    ),
    status: fc.record(
      {
        observedGeneration: fc.integer({ min: 1, max: 2 }),
        phase: fc.constantFrom('Pending', 'Running', 'Succeeded', 'Failed', 'Scheduled', 'Suspended'),
        conditions: fc.array(
          fc.record(
            {
              type: fc.constantFrom('Ready', 'Stalled', 'WorkloadMayChange', 'BackupHealthy'),
              status: fc.constantFrom('True', 'False', 'Unknown'),
              reason: fc.constantFrom('Free', 'Invalid', 'VolumesOfAnotherDatabase', 'PrimaryLeaves'),
              message: fc.constantFrom('', 'one', 'two “quoted”\nlines'),
            },
            { requiredKeys: ['type', 'status'] },
          ),
          { maxLength: 4 },
        ),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['kind', 'metadata'] },
);

describe('Health in Argo CD', function () {
  this.timeout('2m');
  let program: string;

  before(async function () {
    program = await orSkip(this, findArgoLua);
  });

  /** Demands that Argo CD's engine gives the same word and message for each object, and tells how often each word came. */
  function expectSame(all: readonly ObjectWithStatus[]): Record<string, number> {
    const answers = runLua(
      program,
      all.map((object) => ({ run: 'health', script: SCRIPTS[object.kind] ?? '', object })),
    );
    const words: Record<string, number> = {};
    expect(answers).to.have.length(all.length);
    all.forEach((object, index) => {
      const health = healthOf(object);
      expect(answers[index], JSON.stringify(object).slice(0, 2000)).to.deep.equal({ health });
      const word = `${object.kind} ${health?.status ?? ''}`;
      words[word] = (words[word] ?? 0) + 1;
    });
    return words;
  }

  for (const kind of CUSTOMIZED_KINDS) {
    it(`of a ${kind} is what the controller means, in each named case`, () => {
      const cases = HEALTH_CASES[kind] ?? [];
      const words = expectSame(cases.map(({ object }) => object));
      // Each word that a kind can have is among the cases.
      expect(Object.keys(words)).to.have.members(
        ['Healthy', 'Progressing', 'Degraded'].map((word) => `${kind} ${word}`),
      );
    });
  }

  it('is the same on every object of whatever shape', () => {
    const words = expectSame(fc.sample(objects, { numRuns: OBJECTS, seed: 15 }));
    expect(Object.keys(words)).to.have.length(CUSTOMIZED_KINDS.length * 3);
  });

  it('is the same on every status that the controller writes', async () => {
    const seen = new Map<string, ObjectWithStatus>();
    for (const scenario of sampleOf(SCENARIOS, SAMPLE, 15)) {
      const [mode] = scenario.modes;
      if (mode === undefined) continue;
      await play(await rehearse(scenario, mode), async ({ scene, change }, isOver) => {
        const stop = scene.fake.storage.listen(({ kind, after }) => {
          if (after && CUSTOMIZED_KINDS.includes(kind.kind))
            seen.set(JSON.stringify(after), { ...after, kind: kind.kind });
        });
        change();
        await scene.until(isOver, () => scenario.name);
        stop();
      });
    }
    const words = expectSame([...seen.values()]);
    expect(words['Database Healthy']).to.be.above(SAMPLE);
    expect(words['Database Progressing']).to.be.above(SAMPLE);
  });
});
