import type { Scene, Undo } from './inject.ts';
import {
  cutCable,
  deletePod,
  fillVolume,
  freezePatroni,
  freezePostgres,
  killContainer,
  killMachine,
  killPatroni,
  killPostgres,
  stopApi,
} from './inject.ts';

/** A kind of fault. */
export interface Fault {
  readonly title: string;
  /** The fault in words. */
  readonly what: string;
  readonly hits: 'primary' | 'standby' | 'API server';
  /** Its duration in seconds; 0 for an instantaneous fault. */
  readonly lasts: number;
  /** Whether the primary may go on while the others consider it dead. */
  readonly hides?: true;
  /** Whether a client writes much meanwhile. */
  readonly load?: true;
  /** The goal for the longest write gap, in seconds. */
  readonly goal?: number;
  /** CloudNativePG 1.28.1's gap, in seconds. */
  readonly other?: number;
  /** Causes the fault, and returns the function that undoes it. */
  readonly begin: (scene: Scene) => Promise<Undo>;
}

/** All faults by name, in the order of the report. */
export const FAULTS = {
  'graceful-delete': {
    title: 'graceful pod delete',
    what: 'the primary’s pod is deleted',
    hits: 'primary',
    lasts: 0,
    goal: 2,
    other: 3,
    begin: deletePod([]),
  },
  'forced-delete': {
    title: 'forced pod delete',
    what: 'the primary’s pod is deleted with `--grace-period=0 --force`',
    hits: 'primary',
    lasts: 0,
    goal: 2,
    other: 3,
    begin: deletePod(['--grace-period=0', '--force']),
  },
  'postgres-killed': {
    title: 'PostgreSQL killed',
    what: 'the primary’s postmaster gets SIGKILL',
    hits: 'primary',
    lasts: 0,
    goal: 4,
    begin: killPostgres,
  },
  'patroni-killed': {
    title: 'Patroni killed',
    what: 'the primary’s Patroni gets SIGKILL; where it is the container’s first process, the container dies with it',
    hits: 'primary',
    lasts: 0,
    goal: 4,
    begin: killPatroni,
  },
  'container-killed': {
    title: 'container killed',
    what: 'process 1 of the primary’s container gets SIGKILL; all others in it die with it',
    hits: 'primary',
    lasts: 0,
    goal: 4,
    other: 8.7,
    begin: killContainer,
  },
  'postgres-frozen': {
    title: 'PostgreSQL frozen',
    what: 'all PostgreSQL processes of the primary get SIGSTOP, and SIGCONT after 60 s',
    hits: 'primary',
    lasts: 60,
    hides: true,
    begin: freezePostgres,
  },
  'patroni-frozen': {
    title: 'Patroni frozen',
    what: 'the primary’s Patroni gets SIGSTOP, and SIGCONT after 60 s; PostgreSQL goes on',
    hits: 'primary',
    lasts: 60,
    hides: true,
    begin: freezePatroni,
  },
  'node-cut': {
    title: 'node cut off',
    what: 'the primary’s node loses its network for 60 s; everything on it goes on',
    hits: 'primary',
    lasts: 60,
    goal: 22,
    other: 49.6,
    hides: true,
    begin: cutCable,
  },
  'node-killed': {
    title: 'node killed',
    what: 'the primary’s node is switched off, and on again after 60 s',
    hits: 'primary',
    lasts: 60,
    goal: 22,
    begin: killMachine,
  },
  'api-down': {
    title: 'API server down',
    what: 'the API server is killed, and started again after two minutes',
    hits: 'API server',
    lasts: 120,
    begin: stopApi,
  },
  'standby-lost': {
    title: 'standby lost under load',
    what: 'the node of the synchronous standby (of any, where there is none) loses its network for 60 s while some 600 kB/s are written',
    hits: 'standby',
    lasts: 60,
    load: true,
    begin: cutCable,
  },
  'disk-full': {
    title: 'disk full',
    what: 'a file takes all that is free on the primary’s volume while some 600 kB/s are written; it is removed after 60 s',
    hits: 'primary',
    lasts: 60,
    load: true,
    begin: fillVolume,
  },
} as const satisfies Record<string, Fault>;

/** Name of a fault. */
export type FaultName = keyof typeof FAULTS;

/** A fault by its name. */
export function faultNamed(name: FaultName): Fault {
  return FAULTS[name];
}
