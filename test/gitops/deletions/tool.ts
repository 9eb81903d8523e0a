import type { Cluster } from '../../../lab/cluster/layout.ts';
import type { Team } from '../team.ts';

/** What a tool works with: a namespace, and the clone and the bare repository of the team that has its Databases in it. */
export interface Scene {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly team: Team;
}

/** How objects are brought into the cluster. */
export type Manner = 'usual' | 'force' | 'replace';

/** An act that a tool does not know, and why not, in a few words. */
export interface Unknown {
  readonly no: string;
}

/** A tool that brings what is in a repository into a cluster, and takes away what has left it. */
export interface Tool {
  readonly name: string;
  /** Starts what it is made of. */
  readonly begin: (scene: Scene) => Promise<void>;
  /** Takes away its own objects and ends it; what it applied stays. */
  readonly end: () => Promise<void>;
  /** Brings the state of the last push into the cluster, waits until the tool has finished with it, and gives all that it said. */
  readonly sync: (manner: Manner) => Promise<string>;
  /** Does not know some manners. */
  readonly unknown: Readonly<Partial<Record<Manner | 'two applications' | 'empty folder', string>>>;
  /** Deletes what it calls an application, with all that this applied. */
  readonly deleteApplication: () => Promise<string>;
  /** Makes a second application of the same objects, and deletes it again with all that it applied. */
  readonly twoApplications: () => Promise<string>;
  /** Asks for a deletion of the namespace, where the tool does not do that by a removed file. */
  readonly deleteNamespace?: () => Promise<string>;
  /** Asks for a deletion of claims, where the tool does not do that by their removal from a file. */
  readonly deleteClaims?: () => Promise<string>;
}
