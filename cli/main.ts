#!/usr/bin/env node
import { createProgram, runProgram } from './run-program.ts';
import { addArgocdPlugin } from './argocd-command.ts';
import { addFacts } from './facts-command.ts';
import { addServers } from './servers.ts';
import { addToolCommands } from './tool-commands.ts';
import { addTreeCommands } from './tree-commands.ts';

const program = createProgram(
  'ballast',
  'Databases under GitOps: checked before the merge, rendered the same every time.',
);
addTreeCommands(program);
addFacts(program);
addServers(program);
addArgocdPlugin(program);
addToolCommands(program);
await runProgram(program);
