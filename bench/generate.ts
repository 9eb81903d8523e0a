import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './spread.ts';
import { writeTree } from './tree.ts';

/** One run of the program. */
interface Run {
  /** CPU time, user and system, in milliseconds. */
  readonly cpu: number;
  /** From start to end, in milliseconds. */
  readonly wall: number;
  /** Largest resident memory, in MiB. */
  readonly memory: number;
  /** Last line of its standard error. */
  readonly told: string;
}

const PROGRAM = join(import.meta.dirname, '../dist/ballast.mjs');
const TIMES = 5;
/** Longer than the time in which a changed file may still change again. */
const SETTLE_MS = 2500;
const REPORT = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  require('node:fs').writeSync(3, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1e3, memory: maxRSS / 1024 }));
});`;

const folder = mkdtempSync(join(tmpdir(), 'ballast-bench-'));
const hook = join(folder, 'report.cjs');
writeFileSync(hook, REPORT);

/** Runs the built program and measures it by its own resource usage. */
function run(...args: string[]): Run {
  const start = performance.now();
  const { stderr, output, status } = spawnSync(process.execPath, ['--require', hook, PROGRAM, ...args], {
    encoding: 'utf8',
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(`ballast ${args.join(' ')}: exit ${String(status)}\n${stderr}`);
  const usage = JSON.parse(output[3] ?? '') as { cpu: number; memory: number };
  return { ...usage, wall, told: stderr.trim().split('\n').at(-1) ?? '' };
}

/** The median of several runs, field by field. */
function middle(make: () => Run): Run {
  const runs = Array.from({ length: TIMES }, make);
  const of = (field: 'cpu' | 'wall' | 'memory'): number => median(runs.map((one) => one[field]));
  return { cpu: of('cpu'), wall: of('wall'), memory: of('memory'), told: runs.at(-1)?.told ?? '' };
}

function cold(tree: string): Run {
  const out = join(folder, 'out');
  rmSync(out, { recursive: true, force: true });
  rmSync(join(folder, 'cache'), { recursive: true, force: true });
  return run('generate', tree, '--out', out);
}

const ms = (value: number): string => `${value.toFixed(0)} ms`;
const times = (value: number): string => `${value.toFixed(2)} ×`;

function row(what: string, measured: string, goal: string, met: boolean): string {
  return `| ${what} | ${measured} | ${goal} | ${met ? 'yes' : 'NO'} |\n`;
}

function changeOne(file: string, index: number): void {
  appendFileSync(file, `  priorityClassName: class-${index}\n`);
}

function report(): string {
  const trees = { small: join(folder, '1000'), large: join(folder, '10000'), one: join(folder, 'one') };
  writeTree(trees.small, 1000);
  const one = writeTree(trees.large, 10_000);
  writeFileSync(`${trees.one}.yaml`, readFileSync(one));
  const start = middle(() => run('--version'));
  const small = middle(() => cold(trees.small));
  const large = middle(() => cold(trees.large));
  // Once more, now that the files have settled, so that the cache contains all of them.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLE_MS);
  run('generate', trees.large, '--out', join(folder, 'out'));
  const original = readFileSync(one);
  let changes = 0;
  const changed = middle(() => {
    writeFileSync(one, original);
    changeOne(one, (changes += 1));
    return run('generate', trees.large, '--out', join(folder, 'out'));
  });
  const validate = middle(() => run('validate', `${trees.one}.yaml`));
  const beyond = small.cpu - start.cpu;
  const growth = (large.cpu - start.cpu) / beyond;
  const rewritten = changed.told.split(' written')[0] ?? '';
  const share = changed.cpu / large.cpu;
  return [
    '| what | measured | goal | met |\n| --- | --- | --- | --- |\n',
    row('1,000 Databases, cold, CPU beyond process start', ms(beyond), 'under 1000 ms', beyond < 1000),
    row('10,000 against 1,000, CPU beyond process start', times(growth), 'at most 11 ×', growth <= 11),
    row('10,000, resident memory', `${large.memory.toFixed(0)} MiB`, 'under 300 MB', large.memory * 1.048576 < 300),
    row('one of 10,000 changed, against cold, CPU', times(share), 'at most 0.25 ×', share <= 0.25),
    row('files rewritten then', rewritten, '1 file', rewritten === '1 file'),
    row('validate one file, process start to verdict', ms(validate.wall), 'under 150 ms', validate.wall < 150),
    `\nAlone: process start ${ms(start.wall)}; 1,000: ${ms(small.wall)}; 10,000: ${ms(large.wall)}; one changed: ${ms(changed.wall)}. Medians of ${TIMES}.\n`,
  ].join('');
}

try {
  process.stdout.write(report());
} finally {
  rmSync(folder, { recursive: true, force: true });
}
