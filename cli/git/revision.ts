import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import type { Checkout } from './checkout.ts';
import { commonDirOf } from './checkout.ts';
import type { Answer, Source } from './run.ts';
import { git } from './run.ts';

/** A commit, with the object store to read it from. */
export interface Commit {
  /** The top of its work tree. */
  readonly top: string;
  readonly objects: string;
  readonly id: string;
  /** The user's name for it in messages. */
  readonly revision: string;
}

const HASH = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Revision syntaxes whose result the change under review could steer: by the text of a commit message, by an abbreviated id that a
 * crafted commit can match, or by the history of this clone.
 */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/^-/, 'is no git revision'],
  [/\.\./, 'is a range; name one commit, such as main'],
  [/:/, 'must not hold a colon: it must name a commit, not a file or a text'],
  [/@\{/, 'must not ask this clone what it did before, or follows; name the branch, such as origin/main'],
  [/\^\{/, 'must not search; name a branch, a tag, or a commit by its full hash'],
  [
    /^([0-9a-f]{4,39}|[0-9a-f]{41,63})([~^]|$)/,
    'could be a part of a hash, which another commit or branch can be made to have; write the whole hash, or a branch or tag in full (refs/tags/…)',
  ],
];

const REVISION = /^(?<name>[^\s~^?*[\\\p{Cc}]+)(?<steps>([~^]\d*)*)$/u;

function nameAndSteps(revision: string): { name: string; steps: string } {
  const { name, steps = '' } = REVISION.exec(revision)?.groups ?? {};
  const why = REFUSED.find(([pattern]) => pattern.test(revision))?.[1];
  if (name !== undefined && why === undefined) return { name: name === '@' ? 'HEAD' : name, steps };
  const otherwise = 'must name a branch, a tag, HEAD, or a commit by its full hash';
  throw new UsageError(`--against ${revision}: ${why ?? otherwise}`);
}

/** The single commit of the last fetch. */
function fetchHead({ gitDir }: Checkout): string | undefined {
  const file = join(gitDir, 'FETCH_HEAD');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const fetched = lines.filter((line) => line !== '' && !line.includes('\tnot-for-merge\t'));
  if (fetched.length < 2) return fetched[0]?.split('\t')[0];
  throw new UsageError('--against FETCH_HEAD: is ambiguous, more than one branch was fetched; name the branch');
}

/** The refs that a short name can mean, in git's order of precedence. */
function refsNamed(name: string): string[] {
  if (name.startsWith('refs/')) return [name];
  return [
    `refs/${name}`,
    `refs/tags/${name}`,
    `refs/heads/${name}`,
    `refs/remotes/${name}`,
    `refs/remotes/${name}/HEAD`,
  ];
}

function must(answer: Answer): string {
  if (answer.ok) return answer.stdout.toString();
  throw new UsageError(`git: ${answer.reason || 'failed'}`);
}

/** The object ids that a name stands for. A name shared by several refs is refused: a branch under review may be called origin/main. */
function idsOf(checkout: Checkout, name: string): Map<string, string> {
  if (HASH.test(name)) return new Map([[name, name]]);
  if (name === 'FETCH_HEAD') return new Map([fetchHead(checkout)].flatMap((id) => (id ? [[name, id]] : [])));
  if (name === 'HEAD') {
    const answer = git(checkout, ['rev-parse', '--verify', '--quiet', 'HEAD']);
    return new Map(answer.ok || answer.reason !== '' ? [[name, must(answer).trim()]] : []);
  }
  const refs = refsNamed(name);
  const rows = must(git(checkout, ['for-each-ref', '--format=%(objectname) %(refname)', ...refs])).split('\n');
  const all = new Map(rows.map((row) => [row.slice(row.indexOf(' ') + 1), row.slice(0, row.indexOf(' '))]));
  return new Map(refs.flatMap((ref) => (all.has(ref) ? [[ref, all.get(ref) ?? '']] : [])));
}

/** The source of objects for an id of this kind. */
export function sourceOf({ top, objects, id }: Pick<Commit, 'top' | 'objects' | 'id'>): Source {
  return { top, objects, hash: id.length > 40 ? 'sha256' : 'sha1' };
}

/** The commit that an object is, or leads to through parents or a tag; undefined when the store lacks it. */
export function commitIn(checkout: Checkout, id: string, revision: string, steps = ''): Commit | undefined {
  const found = { top: checkout.top, objects: join(commonDirOf(checkout), 'objects'), id, revision };
  const answer = git(sourceOf(found), ['rev-parse', '--verify', '--quiet', `${id}${steps}^{commit}`]);
  return answer.ok ? { ...found, id: answer.stdout.toString().trim() } : undefined;
}

/** The commit that a user named; undefined when the repository has no such name. */
export function findCommit(checkout: Checkout, revision: string): Commit | undefined {
  const { name, steps } = nameAndSteps(revision);
  const ids = idsOf(checkout, name);
  const commits = [...ids.values()].map((id) => commitIn(checkout, id, revision, steps));
  if (new Set(commits.map((commit) => commit?.id)).size < 2) return commits[0];
  const names = [...ids.keys()].join(' and ');
  throw new UsageError(
    `--against ${revision}: is ambiguous: ${names} are different commits; write one of them in full`,
  );
}

/** An error that the repository lacks a commit, with the way to fetch it. */
export function noCommit(checkout: Checkout, revision: string): UsageError {
  const shallow = existsSync(join(commonDirOf(checkout), 'shallow'));
  const how = shallow ? 'this clone is shallow: fetch the branch, with its history (fetch-depth: 0)' : 'fetch it first';
  return new UsageError(`--against ${revision}: there is no such git revision in ${checkout.top}; ${how}`);
}
