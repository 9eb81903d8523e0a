import type { Command } from 'commander';

/** Adds the command that prints what a cluster says of its Databases. */
export function addFacts(program: Command): void {
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
