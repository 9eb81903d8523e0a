import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { WebhookOptions } from './commands/webhook.ts';
import { collect } from './options.ts';

/** Reads a whole number from a range. */
function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Adds the commands that run until they are told to end. */
export function addServers(program: Command): void {
  program
    .command('webhook')
    .description('answer the API server: may this object be written or deleted?')
    .option('--host <address>', 'address to listen on; all when absent', '::')
    .option('--port <number>', 'port to listen on', whole(0, 65_535), 8443)
    .option('--drain <seconds>', 'how long requests are taken after SIGTERM', whole(0, 600), 10)
    .option('--certificates <folder>', 'folder with tls.crt and tls.key; without it the webhook makes its own')
    .addOption(
      new Option('--namespace <name>', 'namespace of the webhook').env('POD_NAMESPACE').default('ballast-system'),
    )
    .option('--service <name>', 'Service that the certificate is made for', 'ballast-webhook')
    .option('--also-for <host>', 'another name or address the certificate is made for; may be repeated', collect, [])
    .option('--secret <name>', 'Secret that replicas share the certificate in', 'ballast-webhook-certificate')
    .option('--configuration <name>', 'name of the two webhook configurations', 'ballast')
    .addOption(
      new Option('--log-level <level>', 'least that is logged').choices(['info', 'warn', 'error']).default('info'),
    )
    .addHelpText(
      'after',
      `
Examples:
  ballast webhook --certificates /tls                cert-manager makes the certificate
  ballast webhook                                    makes its own, and renews it`,
    )
    .action(async (flags: WebhookOptions) => {
      const { webhook } = await import('./commands/webhook.ts');
      process.exitCode = await webhook(flags);
    });
}
