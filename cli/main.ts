#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import type { DiffOptions } from './commands/diff.ts';
import type { GenerateOptions } from './commands/generate.ts';
import { DIFF_FORMATS } from './diff/formats.ts';
import { isUsageError } from './errors.ts';
import { LEVELS } from '../generator/effects/effect.ts';
import { printableLine } from '../database/printable-line.ts';
import { REPORT_FORMATS, type ReportFormat } from './report/report.ts';
import { collect, namespaceName } from './options.ts';
import { addServers } from './servers.ts';
import { VERSION } from './version.ts';

function treeCommand(program: Command, name: string): Command {
  return program
    .command(name)
    .argument('<path...>', 'files and folders to read; - is the standard input')
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

interface TreeFlags {
  readonly namespace: string;
  readonly requireNamespace: boolean;
  readonly exclude: string[];
  readonly settings?: string;
  readonly against?: string;
}

function addValidate(program: Command): void {
  treeCommand(program, 'validate')
    .description('check every Ballast object under the paths; other kinds are skipped')
    .addOption(against())
    .addOption(new Option('--format <format>', 'how findings are told').choices(REPORT_FORMATS).default('text'))
    .addHelpText(
      'after',
      `
Examples:
  ballast validate databases/
  ballast validate databases/ --against main          also what a change may not do: shrink, skip, delete
  ballast validate . --exclude 'charts/**' --format github`,
    )
    .action(async (paths: string[], flags: TreeFlags & { format: ReportFormat }) => {
      const { validate } = await import('./commands/validate.ts');
      process.exitCode = await validate(paths, flags);
    });
}

function addGenerate(program: Command): void {
  treeCommand(program, 'generate')
    .description('render all Databases under the paths, all or nothing')
    .option('-o, --out <folder>', 'write one file a Database into this folder instead of printing')
    .addOption(new Option('--format <format>', 'form of the manifests').choices(['yaml', 'json']).default('yaml'))
    .addOption(against())
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
  cat orders.yaml | ballast generate - | kubectl apply -f -`,
    )
    .action(async (paths: string[], flags: TreeFlags & GenerateOptions) => {
      const { generate } = await import('./commands/generate.ts');
      process.exitCode = generate(paths, flags);
    });
}

function addDiff(program: Command): void {
  treeCommand(program, 'diff')
    .description('show what a change does to running databases, and to their manifests')
    .addOption(against().makeOptionMandatory())
    .addOption(new Option('--format <format>', 'how the change is shown').choices(DIFF_FORMATS).default('text'))
    .addOption(
      new Option(
        '--fail-on <level>',
        'exit with 1 when a running database comes to this level or worse, of which the first is the worst',
      ).choices(LEVELS),
    )
    .addHelpText(
      'after',
      `
Examples:
  ballast diff databases/ --against main
  ballast diff databases/ --against origin/main --format markdown > comment.md
  ballast diff databases/ --against main --fail-on downtime`,
    )
    .action(async (paths: string[], flags: TreeFlags & DiffOptions) => {
      const { diff } = await import('./commands/diff.ts');
      process.exitCode = diff(paths, flags);
    });
}

function tellWrongUsage(text: string, write: (line: string) => void): void {
  const line = text
    .replace(/^error: /, '')
    .trimEnd()
    .replaceAll('\n', ' ');
  write(`ballast: ${printableLine(line)}\n`);
}

function createProgram(): Command {
  const program = new Command('ballast')
    .description('Databases under GitOps: checked before the merge, rendered the same every time.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: tellWrongUsage })
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', '\nExit codes: 0 fine, 1 something is refused, 2 wrong usage or a failure of a file.');
  addValidate(program);
  addGenerate(program);
  addDiff(program);
  addServers(program);
  program
    .command('explain')
    .argument('[rule]', 'id of the rule, as findings name it')
    .description('print the page of a rule, or the list of all rules')
    .addHelpText('after', '\nExample:\n  ballast explain storage-no-shrink')
    .action(async (rule: string | undefined) => {
      const { explain } = await import('./commands/explain.ts');
      process.exitCode = explain(rule);
    });
  program
    .command('argocd-plugin')
    .description('render an Application; Argo CD runs it as a plugin (docs/gitops.md)')
    .action(async () => {
      const { argocdPlugin } = await import('./commands/argocd-plugin.ts');
      process.exitCode = argocdPlugin(process.env);
    });
  program
    .command('crds')
    .description('print the CustomResourceDefinitions')
    .addHelpText('after', '\nExample:\n  ballast crds | kubectl apply -f -')
    .action(async () => {
      const { crds } = await import('./commands/crds.ts');
      process.exitCode = crds();
    });
  return program;
}

/** Reports a failure in one line. Any error other than wrong usage is reported as a bug of Ballast. */
function tellFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (isUsageError(error)) {
    process.stderr.write(`ballast: ${printableLine(error.message)}\n`);
    return 2;
  }
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`ballast: this is a bug in Ballast, please report it: ${printableLine(reason)}\n`);
  if (process.env['BALLAST_DEBUG']) process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
  return 2;
}

// A reader such as head may close the pipe early; that is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = tellFailure(error);
}
