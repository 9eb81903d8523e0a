import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { CannotRun, requireCluster } from '../cluster/needs.ts';
import { run as runCommand } from '../processes/command.ts';
import { bringImages } from '../cluster/images.ts';
import { down } from '../cluster/down.ts';
import type { Cluster } from '../cluster/layout.ts';
import { clusterNamed } from '../cluster/layout.ts';
import { findClusterPrograms } from '../programs/cluster-programs.ts';
import { isUp, up } from '../cluster/up.ts';
import { FAULTS } from './faults.ts';
import type { FaultName } from './faults.ts';
import type { Subject } from './render.ts';
import { writeReport } from './report.ts';
import { Results } from './results.ts';
import { estimate, measureAll, mend } from './session.ts';
import { writeTimeline } from './timeline.ts';
import type { VariantName } from './variants.ts';
import { VARIANTS } from './variants.ts';

const FOLDER = ['--folder <path>', 'where results are collected', '.failover'] as const;
const OUTPUT = [
  '--document <path>',
  'where the report goes',
  join(import.meta.dirname, '../../docs/failover.md'),
] as const;

/** The variants without the controller, in which Patroni alone fails over. */
const USUAL = (Object.keys(VARIANTS) as VariantName[]).filter((name) => !VARIANTS[name].controller);

interface Flags {
  readonly fault: FaultName[];
  readonly variant: VariantName[];
  readonly runs: number;
  readonly calm: number;
  readonly postgresql: string;
  readonly image?: string;
  readonly folder: string;
  readonly document: string;
}

function say(text: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${text}\n`);
}

/** Runs work in the cluster; starts the cluster, and removes it afterwards, unless it was running before. */
async function inCluster(image: string, work: (cluster: Cluster) => Promise<void>): Promise<void> {
  requireCluster();
  // A cluster of its own, so that faults hit no other program.
  const cluster = clusterNamed(process.env['BALLAST_CLUSTER'] || 'failover');
  const ours = join(cluster.folder, 'started-by-the-failover-test');
  const found = isUp(cluster);
  await bringImages([image], found ? cluster.nodes : []);
  if (!found) {
    await up(cluster, await findClusterPrograms(), say);
    writeFileSync(ours, '');
  }
  try {
    await work(cluster);
  } finally {
    // Removes also the cluster of a killed session.
    if (existsSync(ours)) await down(cluster);
  }
}

/** Aborts on a signal; a second signal ends the program at once. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      say('putting everything right again; once more to end at once');
      controller.abort(new Error('interrupted'));
    });
  }
  return controller.signal;
}

function report(results: Results, document: string): void {
  writeFileSync(
    document,
    writeReport(results.read(), (id) => results.timeline(id)),
  );
  say(`wrote ${document}`);
}

async function subjectOf(version: string, image: string): Promise<Subject> {
  const inspect = ['buildah', 'inspect', '--type', 'image', '--format', '{{.FromImageID}}', image] as const;
  return { version, image, imageId: (await runCommand(inspect)).trim() };
}

async function run({
  fault: faults,
  variant: variants,
  runs,
  calm,
  postgresql,
  image,
  folder,
  document,
}: Flags): Promise<void> {
  const subject = await subjectOf(postgresql, image ?? `localhost/ballast/postgresql:${postgresql}`);
  const signal = interruption();
  await inCluster(subject.image, async (cluster) => {
    await mend(cluster, variants);
    const minutes = Math.ceil(estimate({ faults, variants, runs }) / 60);
    say(`about ${minutes} minutes, less what was measured before`);
    const results = new Results(folder);
    await measureAll({ cluster, subject, results, faults, variants, runs, calm, signal, say });
    report(results, document);
  }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    process.exitCode = 130;
  });
}

const program = new Command('failover').description('Measure failover on a real cluster; see docs/failover.md');
program
  .command('run', { isDefault: true })
  .description('measure what is not measured yet')
  .addOption(new Option('--fault <name...>', 'which of them').choices(Object.keys(FAULTS)).default(Object.keys(FAULTS)))
  .addOption(new Option('--variant <name...>', 'in which ways').choices(Object.keys(VARIANTS)).default(USUAL))
  .addOption(new Option('--runs <number>', 'how often each').default(5).argParser(Number))
  .addOption(
    new Option('--calm <load>', 'wait before each run until the load average is below')
      .default(Infinity)
      .argParser(Number),
  )
  .option('--postgresql <major>', 'version', '15')
  .option('--image <name>', 'image of the local container storage (localhost/ballast/postgresql:<major> when absent)')
  .option(...FOLDER)
  .option(...OUTPUT)
  .action(run);
program
  .command('report')
  .description('write docs/failover.md from all results')
  .option(...FOLDER)
  .option(...OUTPUT)
  .action(({ folder, document }: Pick<Flags, 'folder' | 'document'>) => {
    report(new Results(folder), document);
  });
program
  .command('timeline <id>')
  .description('print the course of one run, by its id in the results')
  .option(...FOLDER)
  .action((id: string, { folder }: { folder: string }) => {
    const timeline = new Results(folder).timeline(id);
    if (timeline) process.stdout.write(`${writeTimeline(timeline)}\n`);
    else program.error(`nothing is kept of a run ${id}`);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CannotRun)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
