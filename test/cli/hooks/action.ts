import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { ROOT, folderWith, programsFolder } from '../run.ts';

interface Step {
  readonly name: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

/** The action for GitHub. */
export const ACTION = load(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Action;

/** What GitHub knows when the action runs. */
export interface Circumstances {
  readonly inputs: Readonly<Record<string, string>>;
  /** Base of the pull request; empty for other events. */
  readonly baseRef: string;
}

/** The expressions of the action, as GitHub evaluates them. One that is not here fails the test that meets it. */
function evaluate(expression: string, { inputs, baseRef }: Circumstances): string {
  const input = (name: string): string => inputs[name] ?? ACTION.inputs[name]?.default ?? '';
  const isPullRequest = baseRef !== '';
  const values: Readonly<Record<string, string | boolean>> = {
    'github.base_ref': baseRef,
    'inputs.paths': input('paths'),
    'inputs.rendered': input('rendered'),
    'inputs.fail-on': input('fail-on'),
    "inputs.against || (github.base_ref && format('origin/{0}', github.base_ref))":
      input('against') || (isPullRequest ? `origin/${baseRef}` : ''),
    "inputs.against || format('origin/{0}', github.base_ref)": input('against') || `origin/${baseRef}`,
    "inputs.against == '' && github.base_ref != ''": input('against') === '' && isPullRequest,
    "inputs.against != '' || github.base_ref != ''": input('against') !== '' || isPullRequest,
    "inputs.rendered != ''": input('rendered') !== '',
  };
  const value = values[expression];
  if (value === undefined) throw new Error(`no value for the expression ${expression}`);
  return String(value);
}

const EXPRESSION = /\$\{\{ (.*?) \}\}/g;

function environmentOf({ env = {} }: Step, seen: Circumstances): Record<string, string> {
  const filled = (text: string): string => text.replace(EXPRESSION, (_, one: string) => evaluate(one, seen));
  return Object.fromEntries(Object.entries(env).map(([name, text]) => [name, filled(text)]));
}

/** A checkout of the action whose program runs the sources. */
function actionPath(): string {
  const folder = folderWith();
  symlinkSync(programsFolder(), join(folder, 'scripts'));
  return folder;
}

/** A step that ran. */
export interface RanStep {
  readonly name: string;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the steps of the action in a checkout, as GitHub does: the first one that fails is the last. */
export function runAction(checkout: string, summary: string, seen: Circumstances): RanStep[] {
  const ran: RanStep[] = [];
  const action = actionPath();
  for (const step of ACTION.runs.steps) {
    if (step.if !== undefined && evaluate(step.if, seen) !== 'true') continue;
    const github = { GITHUB_ACTION_PATH: action, GITHUB_STEP_SUMMARY: summary, GITHUB_ACTIONS: 'true' };
    const env = { PATH: process.env['PATH'] ?? '', HOME: checkout, ...github, ...environmentOf(step, seen) };
    const shell = ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', step.run];
    const { status, stdout, stderr } = spawnSync('bash', shell, { cwd: checkout, env, encoding: 'utf8' });
    ran.push({ name: step.name, code: status, stdout, stderr });
    if (status !== 0) break;
  }
  return ran;
}
