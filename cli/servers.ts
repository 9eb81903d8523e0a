import type { Command } from 'commander';
import { Option } from 'commander';
import type { WebhookOptions } from './commands/webhook.ts';
import type { ControllerOptions } from './commands/controller.ts';
import { NAMES, NAMESPACE, PORTS } from '../installation/names.ts';
import type { Address } from './options.ts';
import { collect, listenAddress, namespaceName, wholeNumber } from './options.ts';

const LEVELS = ['info', 'warn', 'error'];
const logLevel = (): Option =>
  new Option('--log-level <level>', 'least that is logged').choices(LEVELS).default('info');
const ownNamespace = (flag: string, what: string): Option =>
  new Option(`${flag} <name>`, what).env('POD_NAMESPACE').default(NAMESPACE);

const ALL_ADDRESSES: Address = { host: '::', port: PORTS.metrics };
const metricsAddress = (): Option =>
  new Option('--metrics-address <host:port>', 'where /metrics, /healthz and /readyz are served')
    .argParser(listenAddress)
    .default(ALL_ADDRESSES, `:${PORTS.metrics}`);

/** Adds the commands that run as servers. */
export function addServers(program: Command): void {
  addWebhook(program);
  addController(program);
}

function addWebhook(program: Command): void {
  program
    .command('webhook')
    .description('answer the API server: may this object be written or deleted?')
    .option('--host <address>', 'address to listen on; all when absent', '::')
    .option('--port <number>', 'port to listen on', wholeNumber(0, 65_535), PORTS.https)
    .option('--drain <seconds>', 'how long requests are taken after SIGTERM', wholeNumber(0, 600), 10)
    .option('--certificates <folder>', 'folder with tls.crt and tls.key; without it the webhook makes its own')
    .option('--client-ca <file>', 'only take requests over a certificate of these authorities; docs/webhook.md')
    .option('--client-name <name>', 'only of this common name; may be repeated', collect, [])
    .addOption(metricsAddress())
    .addOption(ownNamespace('--namespace', 'namespace of the webhook'))
    .option('--service <name>', 'Service that the certificate is made for', NAMES.webhook)
    .option('--also-for <host>', 'another name or address the certificate is made for; may be repeated', collect, [])
    .option('--secret <name>', 'Secret that replicas share the certificate in', NAMES.certificateSecret)
    .option('--configuration <name>', 'name of the two webhook configurations', NAMES.configuration)
    .addOption(logLevel())
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

/** Collects the names of namespaces. */
function collectNamespaces(value: string, before: readonly string[]): string[] {
  return collect(namespaceName(value), before);
}

function addController(program: Command): void {
  program
    .command('controller')
    .description('look after Databases: status, credentials, failover, rollouts, deletion')
    .option('--apply', 'apply what render gives for every Database, not only for those that ask for it', false)
    .option('--apply-allowed', 'let a Database ask for that, with the annotation db.example.com/apply', false)
    .option('-n, --namespace <name>', 'look after this namespace only; may be repeated', collectNamespaces, [])
    .option('--settings <file>', 'settings of the installation (./ballast.yaml when absent)')
    .addOption(metricsAddress())
    .addOption(ownNamespace('--lease-namespace', 'namespace of the Lease by which replicas elect the one that acts'))
    .option('--lease <name>', 'name of that Lease', NAMES.controller)
    .addOption(logLevel())
    .addHelpText(
      'after',
      `
Examples:
  ballast controller                                 Argo CD applies what was rendered; this does the rest
  ballast controller --apply                         applies everything itself
  ballast controller --apply-allowed                 applies what is rendered of the Databases that ask for it
  ballast controller -n shop -n billing              with rights in two namespaces only`,
    )
    .action(async (flags: ControllerOptions) => {
      const { controller } = await import('./commands/controller.ts');
      process.exitCode = await controller(flags);
    });
}
