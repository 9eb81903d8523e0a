#!/usr/bin/env node
import { createProgram, runProgram } from './run-program.ts';
import { addServers } from './servers.ts';
import { addToolCommands } from './tool-commands.ts';
import { addTreeCommands } from './tree-commands.ts';

const program = createProgram(
  'ballast',
  'Databases under GitOps: checked before the merge, rendered the same every time.',
);
addTreeCommands(program);
addServers(program);
addToolCommands(program);
await runProgram(program);
