import type { Command } from 'commander';

/** Adds the command that Argo CD runs as a plugin. */
export function addArgocdPlugin(program: Command): void {
  program
    .command('argocd-plugin')
    .description('render an Application; Argo CD runs it as a plugin (docs/gitops.md)')
    .addHelpText('after', '\nExample:\n  ARGOCD_APP_NAME=databases ballast argocd-plugin | kubectl diff -f -')
    .action(async () => {
      const { argocdPlugin } = await import('./commands/argocd-plugin.ts');
      process.exitCode = argocdPlugin(process.env);
    });
}
