import type { Command } from 'commander';
import { Argument, InvalidArgumentError, Option } from 'commander';
import { IMAGE } from '../database/schema/settings.ts';
import type { InitOptions } from './commands/init.ts';
import type { Shell } from './completion/shells.ts';
import { SHELLS } from './completion/shells.ts';
import { FORGES } from './init/workflows.ts';
import { VERSION } from './version.ts';

/** Adds the commands that read no tree: what a field or a rule is, what is installed, and what editors, shells and Argo CD need. */
export function addToolCommands(program: Command): void {
  addFacts(program);
  addExplain(program);
  addInit(program);
  addSchema(program);
  addCompletion(program);
  addCrds(program);
  addArgocdPlugin(program);
}

function addExplain(program: Command): void {
  program
    .command('explain')
    .argument('[subject]', 'id of a rule, path of a field, or an annotation')
    .description('print the page of a rule, a field or an annotation, or the list of all rules')
    .addHelpText(
      'after',
      `
Examples:
  ballast explain storage-no-shrink                   why a rule is there, and what it allows
  ballast explain spec.backup                         a field of a Database, and the rules about it
  ballast explain databasebackup.spec.type            a field of another kind
  ballast explain settings.images                     a field of ballast.yaml
  ballast explain db.example.com/switchover           an annotation`,
    )
    .action(async (subject: string | undefined) => {
      const { explain } = await import('./commands/explain.ts');
      process.exitCode = explain(subject);
    });
}

/** Parses the name of an image. */
function imageName(value: string): string {
  if (IMAGE.test(value)) return value;
  throw new InvalidArgumentError('It must be the name of an image, such as registry.example.com/ballast-cli:1.');
}

function addInit(program: Command): void {
  program
    .command('init')
    .argument('[folder]', 'folder of the repository', '.')
    .description('write the files of a new repository; what is there stays as it is')
    .addOption(
      new Option('--forge <forge>', 'whose workflow to write (when absent: that of the remote origin)').choices(FORGES),
    )
    .option('--image <image>', 'image of the command line that the workflow runs', imageName, `ballast-cli:${VERSION}`)
    .addHelpText('after', '\nExample:\n  ballast init databases-of-acme --forge github')
    .action(async (folder: string, flags: InitOptions) => {
      const { init } = await import('./commands/init.ts');
      process.exitCode = init(folder, flags);
    });
}

function addSchema(program: Command): void {
  program
    .command('schema')
    .argument('[name]', 'a kind, ballast for all kinds together, or settings for ballast.yaml', 'ballast')
    .description('print the JSON Schema for editors')
    .addHelpText('after', '\nExample:\n  ballast schema ballast > .ballast/ballast.schema.json')
    .action(async (name: string) => {
      const { schema } = await import('./commands/schema.ts');
      process.exitCode = schema(name);
    });
}

function addCompletion(program: Command): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .description('print the completion script for a shell')
    .addHelpText('after', '\nExample:\n  source <(ballast completion bash)')
    .action(async (shell: Shell) => {
      const { completion } = await import('./commands/completion.ts');
      process.exitCode = completion(program, shell);
    });
}

function addCrds(program: Command): void {
  program
    .command('crds')
    .description('print the CustomResourceDefinitions')
    .addHelpText('after', '\nExample:\n  ballast crds | kubectl apply -f -')
    .action(async () => {
      const { crds } = await import('./commands/crds.ts');
      process.exitCode = crds();
    });
}

function addFacts(program: Command): void {
  program
    .command('facts')
    .argument('<file>', 'what kubectl get databases --all-namespaces --output json prints; - is the standard input')
    .description('print what a cluster says of its Databases, for --facts; no spec, and no secret')
    .addHelpText(
      'after',
      `
Example:
  kubectl get databases --all-namespaces --output json | ballast facts - > facts.yaml`,
    )
    .action(async (file: string) => {
      const { facts } = await import('./commands/facts.ts');
      process.exitCode = facts(file);
    });
}

function addArgocdPlugin(program: Command): void {
  program
    .command('argocd-plugin')
    .description('render an Application; Argo CD runs it as a plugin (docs/gitops.md)')
    .addHelpText('after', '\nExample:\n  ARGOCD_APP_NAME=databases ballast argocd-plugin | kubectl diff -f -')
    .action(async () => {
      const { argocdPlugin } = await import('./commands/argocd-plugin.ts');
      process.exitCode = argocdPlugin(process.env);
    });
}
