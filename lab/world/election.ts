/** The facts for an election of a member while the leader lock is free. */
export interface Candidacy {
  readonly member: string;
  /** Members whose server runs. */
  readonly running: readonly string[];
  /** The member that a switchover names. */
  readonly heir?: string | undefined;
  /** The former leader and its standbys in the ConfigMap `NAME-sync`; no leader where replication is asynchronous. */
  readonly sync: { readonly leader?: string | undefined; readonly standbys: readonly string[] };
  /** Whether commits waited for any of the standbys instead of a named one. */
  readonly isQuorum: boolean;
}

/** Whether a member may take the leader lock: it must have every acknowledged commit. */
export function mayTakeLock({ member, running, heir, sync, isQuorum }: Candidacy): boolean {
  if (heir !== undefined && running.includes(heir)) return heir === member;
  // Without a synchronous standby, Patroni would let only the former leader come back. Here any member may lead then: a controller does
  // not bring a member back that was the only synchronous one and was scaled away (docs/decisions/0036-lab.md).
  if (sync.leader === undefined || sync.leader === member || sync.standbys.length === 0) return true;
  if (!sync.standbys.includes(member)) return false;
  // With a quorum any other voter may have a commit that this member lacks: all must be asked.
  return !isQuorum || sync.standbys.every((standby) => running.includes(standby));
}

/** The facts that decide which standbys are synchronous. */
export interface Replication {
  /** The configuration's `synchronous_mode`, and how many standbys it names. */
  readonly mode: unknown;
  readonly count: number;
  /** Standbys that were synchronous until now, and those that follow. */
  readonly former: readonly string[];
  readonly following: readonly string[];
}

/** The standbys that commits wait for, by name. Former ones stay while they follow. */
export function synchronousStandbys({ mode, count, former, following }: Replication): readonly string[] {
  if (mode !== true && mode !== 'quorum') return [];
  const kept = former.filter((member) => following.includes(member));
  const all = [...kept, ...following.filter((member) => !kept.includes(member))];
  return (mode === 'quorum' ? all : all.slice(0, count)).sort();
}
