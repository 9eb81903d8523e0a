#!/usr/bin/env node
import { createProgram, runProgram } from '../run-program.ts';
import { diffFormat, failOn, treeCommand } from '../tree-commands.ts';
import type { ClusterDiffOptions } from './commands/diff.ts';
import { addDatabaseCommands, withCluster } from './definitions.ts';
import type { Target } from './kubectl.ts';

const program = createProgram(
  'kubectl ballast',
  'Looks after the Databases of a cluster, with the rights of its user.',
);
addDatabaseCommands(program);
withCluster(treeCommand(program, 'diff'))
  .addOption(diffFormat())
  .addOption(failOn())
  .description('show what applying files does to the Databases that run, without applying them')
  .addHelpText('after', '\nExample:\n  kubectl ballast diff databases/')
  .action(async (paths: string[], flags: Target & ClusterDiffOptions) => {
    const { diff } = await import('./commands/diff.ts');
    process.exitCode = await diff(flags, paths, flags);
  });
await runProgram(program);
