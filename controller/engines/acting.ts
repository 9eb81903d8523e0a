import type { EngineName } from '../../database/engines/index.ts';
import type { PrimaryRoles } from '../credentials/rotation.ts';
import type { Statement } from '../credentials/statements.ts';
import type { Action, ActionContext } from '../databases/acts/action.ts';
import type { Secrets } from '../databases/acts/secrets.ts';
import { askPrimary, runOnPrimary } from './postgresql/accounts.ts';
import { configure, releaseLeaderLock, restartServer as restart, switchover } from './postgresql/patroni-acts.ts';
import { restartServer } from './postgresql/patroni-api.ts';
import { openSession } from './postgresql/session.ts';
import type { Servers, StatementsResult } from './servers.ts';

/** The steps that differ between engines. */
export type EngineStep = 'configure' | 'release-leader-lock' | 'restart-server' | 'switchover';

/** The actions that put the Secrets' passwords in force on an engine. */
export interface Accounts {
  /** Reads the primary's roles and compares them with the Secrets; undefined while there is no primary. Throws a ServerError. */
  readonly ask: (acting: ActionContext, secrets: Secrets) => Promise<PrimaryRoles | undefined>;
  /** Runs statements that were built from these Secrets on the primary. Throws a ServerError. */
  readonly run: (
    acting: ActionContext,
    secrets: Secrets,
    statements: readonly Statement[],
  ) => Promise<StatementsResult>;
}

/** The actions on the servers of one engine. */
export interface EngineActing {
  readonly steps: { readonly [Do in EngineStep]?: Action<Do> };
  /** Absent for an engine that reads its passwords only at its first start. */
  readonly accounts?: Accounts;
}

/** The actions of each engine: those for the steps that its control chooses. */
export const ACTING: Readonly<Record<EngineName, EngineActing>> = {
  postgresql: {
    steps: { configure, 'release-leader-lock': releaseLeaderLock, 'restart-server': restart, switchover },
    accounts: { ask: askPrimary, run: runOnPrimary },
  },
  mysql: { steps: {} },
  mongodb: { steps: {} },
};

/** The members' servers over the network. */
export const SERVERS: Servers = { open: openSession, restart: restartServer };
