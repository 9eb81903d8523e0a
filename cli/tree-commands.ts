import type { Command } from 'commander';
import { Option } from 'commander';
import type { DiffOptions } from './commands/diff.ts';
import type { GenerateOptions } from './commands/generate.ts';
import { DIFF_FORMATS } from './diff/formats.ts';
import { LEVELS } from '../generator/effects/effect.ts';
import { REPORT_FORMATS, type ReportFormat } from './report/report.ts';
import { collect, namespaceName, oneFolder, pathsOf } from './options.ts';

/** Adds the commands that read a tree of files. */
export function addTreeCommands(program: Command): void {
  addValidate(program);
  addGenerate(program);
  addDiff(program);
}

/** Makes a command that reads files and folders. */
export function treeCommand(program: Command, name: string, paths: '<path...>' | '[path...]' = '<path...>'): Command {
  return program
    .command(name)
    .argument(paths, 'files and folders to read; - is the standard input')
    .option('-n, --namespace <name>', 'namespace of objects that name none', namespaceName, 'default')
    .option('--require-namespace', 'refuse objects that name none', false)
    .option('--exclude <pattern>', 'leave out files or folders, as a glob below the path; may be repeated', collect, [])
    .option(
      '--settings <file>',
      'settings of the installation (when absent: ballast.yaml, looked for from the paths up to the root of the repository)',
    );
}

const against = (): Option =>
  new Option('--against <revision>', 'compare with this git revision: a branch, a tag, HEAD or a whole hash');

/** The option that says how a change is shown. */
export const diffFormat = (): Option =>
  new Option('--format <format>', 'how the change is shown').choices(DIFF_FORMATS).default('text');

/** The option that makes a change fail by what it does. */
export const failOn = (): Option =>
  new Option(
    '--fail-on <level>',
    'exit with 1 when a running database comes to this level or worse, of which the first is the worst',
  ).choices(LEVELS);

/** Makes a command that reads files and folders, or the build of a kustomization. */
const sourceCommand = (program: Command, name: string): Command =>
  treeCommand(program, name, '[path...]').option(
    '--kustomize <folder>',
    'read what `kustomize build` makes of this folder, instead of paths',
    oneFolder,
  );

const previous = (): Option =>
  new Option(
    '--previous <file>',
    'compare with the objects in this file, as `helm template` or `kustomize build` wrote it before the change',
  ).conflicts('against');

const facts = (): Option =>
  new Option(
    '--facts <file>',
    'what the cluster says of its Databases, as `ballast facts` prints it, for --against; - is the standard input',
  );

interface TreeFlags {
  readonly namespace: string;
  readonly requireNamespace: boolean;
  readonly exclude: string[];
  readonly settings?: string;
  readonly against?: string;
  readonly previous?: string;
  readonly kustomize?: string;
  readonly facts?: string;
}

function addValidate(program: Command): void {
  sourceCommand(program, 'validate')
    .description('check every Ballast object under the paths; other kinds are skipped')
    .addOption(against())
    .addOption(previous())
    .addOption(facts())
    .addOption(new Option('--format <format>', 'how findings are told').choices(REPORT_FORMATS).default('text'))
    .addHelpText(
      'after',
      `
Examples:
  ballast validate databases/
  ballast validate databases/ --against main          also what a change may not do: shrink, skip, delete
  ballast validate databases/ --against main --facts facts.yaml      and what only the cluster knows
  ballast validate --kustomize overlays/prod --against main
  helm template shop chart/ | ballast validate - --previous before.yaml
  ballast validate . --exclude 'charts/**' --format github`,
    )
    .action(async (paths: string[], flags: TreeFlags & { format: ReportFormat }) => {
      const { validate } = await import('./commands/validate.ts');
      process.exitCode = await validate(pathsOf(paths, flags), flags);
    });
}

function addGenerate(program: Command): void {
  sourceCommand(program, 'generate')
    .description('render all Databases under the paths, all or nothing')
    .option('-o, --out <folder>', 'write one file a Database into this folder instead of printing')
    .addOption(new Option('--format <format>', 'form of the manifests').choices(['yaml', 'json']).default('yaml'))
    .addOption(against())
    .addOption(previous())
    .addOption(facts())
    .option('--include-others', 'pass objects of other kinds through unchanged', false)
    .option(
      '--check',
      'write nothing; name what differs in the folder of --out, and exit with 1 when something does',
      false,
    )
    .option('--allow-removal', 'let a run remove more files than it keeps', false)
    .option('--no-cache', 'do all again, also for files that have not changed since the last run')
    .addHelpText(
      'after',
      `
Examples:
  ballast generate databases/ --out rendered/
  ballast generate databases/ --out rendered/ --check      for CI: are the rendered files up to date?
  ballast generate --kustomize overlays/prod --out rendered/prod/
  cat orders.yaml | ballast generate - | kubectl apply -f -`,
    )
    .action(async (paths: string[], flags: TreeFlags & GenerateOptions) => {
      const { generate } = await import('./commands/generate.ts');
      process.exitCode = generate(pathsOf(paths, flags), flags);
    });
}

function addDiff(program: Command): void {
  sourceCommand(program, 'diff')
    .description('show what a change does to running databases, and to their manifests')
    .addOption(against())
    .addOption(previous())
    .addOption(facts())
    .option(
      '--rendered <folder>',
      'compare with what this folder of generate --out held at the revision, which another version of Ballast may have rendered',
    )
    .addOption(diffFormat())
    .addOption(failOn())
    .addHelpText(
      'after',
      `
Examples:
  ballast diff databases/ --against main
  ballast diff databases/ --against origin/main --format markdown > comment.md
  ballast diff databases/ --against main --rendered rendered/    for an upgrade of Ballast: what applying it does
  ballast diff databases/ --against main --fail-on downtime`,
    )
    .action(async (paths: string[], flags: TreeFlags & DiffOptions) => {
      const { diff } = await import('./commands/diff.ts');
      process.exitCode = diff(pathsOf(paths, flags), flags);
    });
}
