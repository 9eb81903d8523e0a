import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import { reviewPaths } from '../../cli/review-paths.ts';
import type { LocatedFinding } from '../../review/located-finding.ts';
import { NO_SETTINGS } from '../../database/settings.ts';
import { ALL_RULES, OBJECT_RULES, TREE_RULES } from '../../policies/rules/index.ts';
import { isRecord } from '../../database/record.ts';
import { change, repositoryWith } from '../cli/git-repository.ts';
import { eachOf, folderWith } from '../cli/run.ts';
import { isComplete } from '../complete.ts';
import { factsText } from '../review/cluster-facts.ts';
import type { Running } from '../webhook/running.ts';
import { startWebhook } from '../webhook/running.ts';
import type { Reply } from './api.ts';
import { Api } from './api.ts';
import { installKinds, makeNamespace, pathOf } from './ballast.ts';
import type { Pair } from './changes.ts';
import { examplePairs, mayBeMade, olderPairs, placed, randomPairs, rarePairs } from './changes.ts';
import type { ControlPlane } from '../../lab/api-server/control-plane.ts';
import { controlPlaneOrSkip } from './control-plane-or-skip.ts';
import { forgetWebhook, registerWebhook, untilAsked } from './webhook.ts';

const NAMESPACE = 'changes';
const SEED = Number(process.env['CHANGES_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const under = (prefix: string, pairs: readonly Pair[]): Pair[] =>
  pairs.map((pair, index) => placed(pair, `${prefix}-${index}`, NAMESPACE));
const OLDER = under('older', olderPairs());
const NEWER = under('newer', [...rarePairs(), ...examplePairs(), ...randomPairs(isComplete ? 2000 : 200, SEED)]);

const RULES_OF_CHANGES = OBJECT_RULES.filter(
  ({ on, kinds }) => (on === 'update' || on === 'delete') && kinds.includes('Database'),
);

type Way = 'applied' | 'updated' | 'deleted';
type Errors = readonly LocatedFinding[];

/** The files of some objects, without statuses. */
function filesOf(objects: readonly Pair['now'][]): Record<string, string> {
  const files = objects.map(({ status: _, ...object }) => [`${object.metadata.name}.yaml`, JSON.stringify(object)]);
  return Object.fromEntries(files) as Record<string, string>;
}

/** What `validate --against HEAD --facts FILE` refuses in a folder, by the name of the object. */
function errorsIn(folder: string, facts: string): ReadonlyMap<string, Errors> {
  const options = { exclude: [], namespace: NAMESPACE, requireNamespace: false, against: 'HEAD', facts };
  const { findings } = reviewPaths([folder], { settings: NO_SETTINGS, findings: [] }, options).review;
  return Map.groupBy(
    findings.filter(({ severity }) => severity === 'error'),
    ({ name }) => name,
  );
}

/** The API server's answers for a pair: the object as stored first, and the answer to each change of it. */
interface Answers extends Record<Way, Reply> {
  readonly pair: Pair;
  readonly stored: Pair['was'];
}

const MANAGER = 'fieldManager=gitops&fieldValidation=Strict';
const pathFor = ({ was }: Pair): string => pathOf('Database', NAMESPACE, was.metadata.name);

function apply(api: Api, pair: Pair, object: object, more = ''): Promise<Reply> {
  const path = `${pathFor(pair)}?${MANAGER}&force=true${more}`;
  return api.send('PATCH', path, object, 'application/apply-patch+yaml');
}

/** Makes the first object of a pair, as a GitOps tool does. */
async function make(api: Api, pair: Pair): Promise<Reply> {
  const { status, ...was } = pair.was;
  const withoutNulls = JSON.stringify(was, (_, value: unknown) => value ?? undefined);
  const made = await apply(api, pair, JSON.parse(withoutNulls) as object);
  const path = `${pathFor(pair)}/status`;
  if (status) await api.send('PATCH', path, { status }, 'application/merge-patch+json');
  return made;
}

/** Tries the change of an object that was made, in both ways, and its deletion. */
async function ask(api: Api, pair: Pair): Promise<Answers> {
  const path = pathFor(pair);
  const { body } = await api.send('GET', path);
  const { resourceVersion } = body['metadata'] as { resourceVersion: string };
  const newest = { ...pair.now, metadata: { ...pair.now.metadata, resourceVersion } };
  return {
    pair,
    stored: body as Pair['was'],
    applied: await apply(api, pair, pair.now, '&dryRun=All'),
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

/** A request to the API server, its answer, and the findings of the command line. */
interface Asked {
  readonly pair: Pair;
  readonly way: Way;
  readonly reply: Reply;
  readonly errors: Errors;
}

const isSameBut = ({ reply, errors }: Asked, rules: ReadonlySet<string>): boolean =>
  isSame(
    reply,
    errors.filter(({ rule }) => !rules.has(rule)),
  );

const OF_TREES: ReadonlySet<string> = new Set(TREE_RULES.map(({ id }) => id));

/** Where the two must differ, and why. */
const DIFFERENCES: readonly { readonly why: string; readonly explains: (asked: Asked) => boolean }[] = [
  {
    why: 'The API server is asked about one object, and does not look at others.',
    explains: (asked) => isSameBut(asked, OF_TREES),
  },
  {
    why: 'Of a Database that older rules let in, the webhook lets labels change; in the file it must be corrected.',
    explains: ({ pair: { was, now }, reply }) =>
      !mayBeMade(was) && isDeepStrictEqual(was['spec'], now['spec']) && reply.code < 300,
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
  let answers: readonly Answers[];
  let facts: string;
  let errors: ReadonlyMap<string, Errors>;
  let removed: ReadonlyMap<string, Errors>;
  const needed = new Set<object>();

  before(async function () {
    plane = await controlPlaneOrSkip(this);
    api = new Api(plane.admin);
    await installKinds(plane);
    webhook = await startWebhook();
    await makeNamespace(api, NAMESPACE);
    const stored = await eachOf(OLDER, async (pair) => ((await make(api, pair)).code === 201 ? [pair] : []));
    const labels = await registerWebhook(plane, webhook);
    await api.send(
      'PATCH',
      `/api/v1/namespaces/${NAMESPACE}`,
      { metadata: { labels } },
      'application/merge-patch+json',
    );
    await untilAsked(api, NAMESPACE);
    const newer = await eachOf(NEWER, (pair) => make(api, pair));
    expect(newer.filter(({ code }) => code !== 201).map(({ message }) => message)).to.deep.equal([]);
    answers = await eachOf([...stored.flat(), ...NEWER], (pair) => ask(api, pair));
    const pairs = answers.map(({ pair }) => pair);
    const text = factsText(
      answers.map(({ stored: object }) => object),
      new Date(),
    );
    facts = join(folderWith({ 'facts.yaml': text }), 'facts.yaml');
    const folder = repositoryWith(filesOf(pairs.map(({ was }) => was)));
    change(folder, filesOf(pairs.map(({ now }) => now)));
    errors = errorsIn(folder, facts);
    change(folder, Object.fromEntries(pairs.map(({ was }) => [`${was.metadata.name}.yaml`, undefined])));
    removed = errorsIn(folder, facts);
  });

  after(async () => {
    if (!plane) return;
    await forgetWebhook(plane);
    const path = pathOf('Database', NAMESPACE);
    // The API server asks the webhook until it has taken up that there is none, and some Databases are protected.
    while ((await api.send('DELETE', path)).code !== 200) await sleep(100);
    await webhook?.end();
    api.close();
  });

  function expectOne(way: Way, found: ReadonlyMap<string, Errors>): void {
    const all = answers.map(({ pair, [way]: reply }) => ({
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
    const other = repositoryWith(filesOf(answers.map(({ stored }) => stored)));
    change(other, filesOf(answers.map(({ pair }) => pair.now)));
    const rulesOf = (found: ReadonlyMap<string, Errors>): string[] =>
      [...found].map(([name, all]) => `${name}: ${all.map(({ rule }) => rule).join()}`);
    expect(rulesOf(errorsIn(other, facts)), `run again with CHANGES_SEED=${SEED}`).to.deep.equal(rulesOf(errors));
  });

  for (const { id } of RULES_OF_CHANGES) {
    it(`was a refusal by ${id}, too`, () => {
      const messages = answers.flatMap(({ updated, deleted }) => [updated.message, deleted.message]);
      expect(messages.some((message) => rulesIn(message).has(id))).to.equal(true);
    });
  }

  for (const difference of DIFFERENCES) {
    it(`differs where it must: ${difference.why}`, () => {
      expect(needed.has(difference)).to.equal(true);
    });
  }
});
