import type { Command } from 'commander';
import { Option } from 'commander';
import { namespaceName, wholeNumber } from '../options.ts';
import type { BackupOptions } from './commands/backup.ts';
import type { LogsOptions } from './commands/logs.ts';
import type { PsqlOptions } from './commands/psql.ts';
import type { RestoreOptions } from './commands/restore.ts';
import type { SwitchoverOptions } from './commands/switchover.ts';
import type { Target } from './kubectl.ts';
import { Kubectl } from './kubectl.ts';

/** A day, in seconds: the longest that a command waits. */
const LONGEST = 86_400;

const timeout = (seconds: number): Option =>
  new Option('--timeout <seconds>', 'how long to wait for it').argParser(wholeNumber(0, LONGEST)).default(seconds);

/** Adds the options of kubectl that say which cluster is meant. */
export function withCluster(command: Command): Command {
  return command
    .option('--context <name>', 'context of the kubeconfig')
    .option('--kubeconfig <file>', 'the kubeconfig');
}

function databaseCommand(program: Command, name: string): Command {
  const command = program.command(name).argument('<name>', 'name of the Database');
  return withCluster(
    command.option('-n, --namespace <name>', 'its namespace; that of the context when absent', namespaceName),
  );
}

/** Adds the commands about one Database of the cluster. */
export function addDatabaseCommands(program: Command): void {
  addStatus(program);
  addPsql(program);
  addLogs(program);
  addSwitchover(program);
  addBackup(program);
  addRestore(program);
}

function addStatus(program: Command): void {
  databaseCommand(program, 'status')
    .description('show state, members, backups and events of a Database on one screen')
    .addHelpText('after', '\nExample:\n  kubectl ballast status orders -n shop')
    .action(async (name: string, flags: Target) => {
      const { status } = await import('./commands/status.ts');
      process.exitCode = await status(new Kubectl(flags), name);
    });
}

function addPsql(program: Command): void {
  databaseCommand(program, 'psql')
    .argument('[arguments...]', 'arguments of psql, after --')
    .option('--database <name>', 'database inside the server', 'app')
    .option('--write', 'let the session write from its beginning', false)
    .description('open psql on the primary as the superuser; the session only reads until it is told otherwise')
    .addHelpText(
      'after',
      `
Examples:
  kubectl ballast psql orders
  kubectl ballast psql orders -- -c 'SELECT count(*) FROM customers'
  kubectl ballast psql orders --write --database postgres`,
    )
    .action(async (name: string, args: string[], flags: Target & PsqlOptions) => {
      const { psql } = await import('./commands/psql.ts');
      process.exitCode = await psql(new Kubectl(flags), name, args, flags);
    });
}

function addLogs(program: Command): void {
  databaseCommand(program, 'logs')
    .option('--primary', 'of the primary only', false)
    .option('-f, --follow', 'go on as lines come', false)
    .option('--tail <lines>', 'last lines of each member', wholeNumber(0, 1_000_000), 20)
    .description('print the log of the database in every member')
    .addHelpText('after', '\nExample:\n  kubectl ballast logs orders --primary --follow')
    .action(async (name: string, flags: Target & LogsOptions) => {
      const { logs } = await import('./commands/logs.ts');
      process.exitCode = await logs(new Kubectl(flags), name, flags);
    });
}

function addSwitchover(program: Command): void {
  databaseCommand(program, 'switchover')
    .argument('[pod]', 'the member that becomes primary; any standby when absent')
    .addOption(timeout(120))
    .description('ask for a planned switchover, and wait for it')
    .addHelpText('after', '\nExample:\n  kubectl ballast switchover orders orders-1')
    .action(async (name: string, pod: string | undefined, flags: Target & SwitchoverOptions) => {
      const { switchover } = await import('./commands/switchover.ts');
      process.exitCode = await switchover(new Kubectl(flags), name, pod, flags);
    });
}

function addBackup(program: Command): void {
  databaseCommand(program, 'backup')
    .addOption(new Option('--type <type>', 'kind of backup').choices(['auto', 'full', 'incremental']).default('auto'))
    .option('--keep-forever', 'retention never takes it away', false)
    .addOption(timeout(3600))
    .description('make a backup now, and wait for it')
    .addHelpText('after', '\nExample:\n  kubectl ballast backup orders --type full')
    .action(async (name: string, flags: Target & BackupOptions) => {
      const { backup } = await import('./commands/backup.ts');
      process.exitCode = await backup(new Kubectl(flags), name, flags);
    });
}

function addRestore(program: Command): void {
  databaseCommand(program, 'restore')
    .option('--backup <name>', 'the DatabaseBackup to restore')
    .option('--to <time>', 'the moment to restore to, such as 2026-11-28T09:59:00Z')
    .option('--yes <name>', 'the name of the Database, instead of the question')
    .addOption(new Option('-o, --output <form>', 'print the object for Git, and change nothing').choices(['yaml']))
    .addOption(timeout(3600))
    .description('put a Database back to a backup or a moment, in place; its present data are backed up first')
    .addHelpText(
      'after',
      `
Examples:
  kubectl ballast restore orders --to 2026-11-28T09:59:00Z
  kubectl ballast restore orders --backup before-migration -o yaml > restores/orders.yaml`,
    )
    .action(async (name: string, flags: Target & RestoreOptions) => {
      const { restore } = await import('./commands/restore.ts');
      process.exitCode = await restore(new Kubectl(flags), name, flags);
    });
}
