import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { loadTree } from '../../cli/load.ts';
import type { LocatedFinding } from '../../cli/located.ts';
import { createProgress } from '../../cli/progress.ts';
import { ALL_RULES } from '../../policies/explain.ts';
import { OBJECT_RULES, TREE_RULES } from '../../policies/rules/index.ts';
import { isRecord } from '../../database/record.ts';
import { change, repositoryWith } from '../cli/git-repository.ts';
import { eachOf } from '../cli/run.ts';
import { isComplete } from '../controller/world/sample.ts';
import type { Running } from '../webhook/running.ts';
import { startWebhook } from '../webhook/running.ts';
import type { Reply } from './api.ts';
import { Api } from './api.ts';
import { installKinds, makeNamespace, pathOf } from './ballast.ts';
import type { Pair } from './changes.ts';
import { examplePairs, placed, randomPairs, rarePairs } from './changes.ts';
import type { ControlPlane } from './control-plane.ts';
import { controlPlaneOrSkip } from './control-plane.ts';
import { forgetWebhook, registerWebhook, untilAsked } from './webhook.ts';

const NAMESPACE = 'changes';
const SEED = Number(process.env['CHANGES_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const PAIRS = [...rarePairs(), ...examplePairs(), ...randomPairs(isComplete ? 2000 : 200, SEED)].map((pair, index) =>
  placed(pair, `change-${index}`, NAMESPACE),
);

type Way = 'applied' | 'updated' | 'deleted';
type Errors = readonly LocatedFinding[];

/** The files of some objects; nobody writes a status there. */
function filesOf(objects: readonly Pair['now'][]): Record<string, string> {
  const files = objects.map(({ status: _, ...object }) => [`${object.metadata.name}.yaml`, JSON.stringify(object)]);
  return Object.fromEntries(files) as Record<string, string>;
}

/** What `validate --against HEAD` refuses in a folder, by the name of the object. */
function errorsIn(folder: string): ReadonlyMap<string, Errors> {
  const progress = createProgress('checked', { write: () => undefined }, Date.now);
  const options = { exclude: [], namespace: NAMESPACE, requireNamespace: false, now: new Date(), progress };
  const { findings } = loadTree({ ...options, paths: [folder], against: 'HEAD' });
  return Map.groupBy(
    findings.filter(({ severity }) => severity === 'error'),
    ({ name }) => name,
  );
}

/** What the API server says of a pair: the object as it stored it first, and its answers to each change of that. */
interface Answers {
  readonly stored: Pair['was'];
  readonly applied: Reply;
  readonly updated: Reply;
  readonly deleted: Reply;
}

const MANAGER = 'fieldManager=gitops&fieldValidation=Strict';

/** Makes the first object of a pair as a GitOps tool does; tries the change in both ways, and the deletion. */
async function ask(api: Api, { was: { status, ...was }, now }: Pair): Promise<Answers> {
  const path = pathOf('Database', NAMESPACE, was.metadata.name);
  const apply = (object: object, more = ''): Promise<Reply> =>
    api.send('PATCH', `${path}?${MANAGER}&force=true${more}`, object, 'application/apply-patch+yaml');
  const withoutNulls = JSON.stringify(was, (_, value: unknown) => value ?? undefined);
  const made = await apply(JSON.parse(withoutNulls) as object);
  if (made.code !== 201) throw new Error(`${JSON.stringify(was)}: ${made.message}`);
  if (status) await api.send('PATCH', `${path}/status`, { status }, 'application/merge-patch+json');
  const { resourceVersion } = (await api.send('GET', path)).body['metadata'] as { resourceVersion: string };
  const newest = { ...now, metadata: { ...now.metadata, resourceVersion } };
  return {
    stored: made.body as Pair['was'],
    applied: await apply(now, '&dryRun=All'),
    updated: await api.send('PUT', `${path}?${MANAGER}&dryRun=All`, newest),
    deleted: await api.send('DELETE', `${path}?dryRun=All`),
  };
}

/** Whether server-side apply makes a null of something: of a null itself, or of a block whose last field goes. */
function leavesNull(was: unknown, now: unknown): boolean {
  if (now === null) return true;
  if (!isRecord(now)) return false;
  const before = isRecord(was) ? was : {};
  const fields = Object.entries(now);
  if (fields.length === 0) return Object.keys(before).length > 0;
  return fields.some(([name, value]) => leavesNull(before[name], value));
}

const IDS = new Set(ALL_RULES.map(({ id }) => id));

const rulesIn = (message: string): Set<string> =>
  new Set([...message.matchAll(/\(([a-z-]+)\)/g)].map(([, id]) => id ?? '').filter((id) => IDS.has(id)));

/** Whether both let a change through, or both refuse it for the same rules; schema and CEL name those that they can say. */
function isSame({ code, message }: Reply, errors: Errors): boolean {
  if (code < 300 || errors.length === 0) return code < 300 && errors.length === 0;
  const ours = new Set(errors.map(({ rule }) => rule));
  const theirs = rulesIn(message);
  return message.startsWith('admission webhook')
    ? isDeepStrictEqual(theirs, ours)
    : [...theirs].every((rule) => ours.has(rule));
}

/** What was asked of the API server, its answer, and what the command line has against it. */
interface Asked {
  readonly pair: Pair;
  readonly way: Way;
  readonly reply: Reply;
  readonly errors: Errors;
}

const isSameBut = ({ reply, errors }: Asked, rules: readonly string[]): boolean =>
  isSame(
    reply,
    errors.filter(({ rule }) => !rules.includes(rule)),
  );

/** Where the two must differ, and why. */
const DIFFERENCES: readonly { readonly why: string; readonly explains: (asked: Asked) => boolean }[] = [
  {
    why: 'The API server is asked about one object, and does not look at others.',
    explains: (asked) =>
      isSameBut(
        asked,
        TREE_RULES.map(({ id }) => id),
      ),
  },
  {
    why: 'Where no volume has followed a wish, status.largestVolume says so, which Git does not have.',
    explains: (asked) => asked.pair.was.status !== undefined && isSameBut(asked, ['storage-no-shrink']),
  },
  {
    why: 'Server-side apply keeps a null and makes one of a block that it empties, which the schema refuses; in files and updates that is an absent field and an empty block.',
    explains: ({ pair: { was, now }, way, reply }) => way === 'applied' && reply.code >= 300 && leavesNull(was, now),
  },
];

describe('The verdict on a change of a Database', function () {
  this.timeout(600_000);
  let plane: ControlPlane | undefined;
  let webhook: Running | undefined;
  let api: Api;
  let answers: readonly (readonly [Pair, Answers])[];
  let folder: string;
  let errors: ReadonlyMap<string, Errors>;
  let removed: ReadonlyMap<string, Errors>;
  const needed = new Set<object>();

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    api = new Api(plane.admin);
    await installKinds(plane);
    webhook = await startWebhook();
    await makeNamespace(api, NAMESPACE, await registerWebhook(plane, webhook));
    await untilAsked(api, NAMESPACE);
    answers = await eachOf(PAIRS, async (pair) => [pair, await ask(api, pair)] as const);
    folder = repositoryWith(filesOf(PAIRS.map(({ was }) => was)));
    change(folder, filesOf(PAIRS.map(({ now }) => now)));
    errors = errorsIn(folder);
    change(folder, Object.fromEntries(PAIRS.map(({ was }) => [`${was.metadata.name}.yaml`, undefined])));
    removed = errorsIn(folder);
  });

  after(async () => {
    if (!plane) return;
    await forgetWebhook(plane);
    await webhook?.end();
    await api.send('DELETE', pathOf('Database', NAMESPACE));
    api.close();
  });

  function expectOne(way: Way, found: ReadonlyMap<string, Errors>): void {
    const all = answers.map(([pair, { [way]: reply }]) => ({
      ...{ pair, way, reply },
      errors: found.get(pair.was.metadata.name) ?? [],
    }));
    const wrong = all.filter((asked) => {
      if (isSame(asked.reply, asked.errors)) return false;
      const difference = DIFFERENCES.find(({ explains }) => explains(asked));
      if (difference) needed.add(difference);
      return difference === undefined;
    });
    const sentences = wrong.map(({ pair, reply, errors: ours }) => {
      const rules = ours.map(({ path, rule }) => `${path} (${rule})`).join() || 'let';
      return `${JSON.stringify(pair)}: ${rules} but ${reply.code} ${reply.message}`;
    });
    expect(sentences, `run again with CHANGES_SEED=${SEED}`).to.deep.equal([]);
    const refused = all.filter(({ reply }) => reply.code >= 300).length;
    process.stdout.write(`      ${all.length} ${way}: ${all.length - refused} let, ${refused} refused\n`);
    expect(refused).to.be.within(1, all.length - 1);
  }

  it('is the same in the pull request and when it is applied', () => {
    expectOne('applied', errors);
  });

  it('is the same in the pull request and in an update', () => {
    expectOne('updated', errors);
  });

  it('is the same of a file that is removed and of a deletion', () => {
    expectOne('deleted', removed);
  });

  it('is the same whether the Database before is compared as written or as it was stored, with all defaults', () => {
    const other = repositoryWith(filesOf(answers.map(([, { stored }]) => stored)));
    change(other, filesOf(PAIRS.map(({ now }) => now)));
    const rulesOf = (found: ReadonlyMap<string, Errors>): string[] =>
      [...found].map(([name, all]) => `${name}: ${all.map(({ rule }) => rule).join()}`);
    expect(rulesOf(errorsIn(other)), `run again with CHANGES_SEED=${SEED}`).to.deep.equal(rulesOf(errors));
  });

  for (const { id } of OBJECT_RULES.filter(({ on }) => on === 'update' || on === 'delete')) {
    it(`was a refusal by ${id}, too`, () => {
      const messages = answers.flatMap(([, { updated, deleted }]) => [updated.message, deleted.message]);
      expect(messages.some((message) => rulesIn(message).has(id))).to.equal(true);
    });
  }

  for (const difference of DIFFERENCES) {
    it(`differs where it must: ${difference.why}`, () => {
      expect(needed.has(difference)).to.equal(true);
    });
  }
});
