import type { Servers, Session } from '../../controller/engines/servers.ts';
import { ServerError } from '../../controller/engines/servers.ts';
import type { Clock } from '../../kubernetes/clock.ts';

/** What goes wrong with a call to a member: whether it is done, and whether the caller hears of its failure at once. */
export interface MemberMishap {
  readonly isDone: boolean;
  /** What the failure is called; empty for a time-out. */
  readonly code: string;
}

/** Says of each call to a member, in the order in which they begin, what goes wrong with it. */
export type MemberWeather = () => MemberMishap | undefined;

/** How long the controller waits for an answer (controller/databases/acts/postgresql.ts, patroni-api.ts), in milliseconds. */
const LOGIN_MS = 5000;
const STATEMENT_MS = 35_000;
const RESTART_MS = 120_000;

interface Call<T> {
  readonly limitMs: number;
  readonly work: () => Promise<T>;
}

/** Members whose connections fail as the weather has it. A session of which a statement failed so is lost. */
export function unreliable(servers: Servers, clock: Clock, weather: MemberWeather): Servers {
  const call = async <T>({ limitMs, work }: Call<T>): Promise<T> => {
    const mishap = weather();
    if (!mishap) return work();
    if (mishap.isDone) await work();
    if (mishap.code === '') await new Promise<void>((resolve) => clock.after(limitMs, resolve));
    throw new ServerError(`a mishap (${mishap.code})`, mishap.code);
  };

  const fragile = (session: Session): Session => {
    let isLost = false;
    const run: Session['run'] = async (sql, values) => {
      if (isLost) throw new ServerError('the session is lost', 'ECONNRESET');
      try {
        return await call({ limitMs: STATEMENT_MS, work: () => session.run(sql, values) });
      } catch (error) {
        isLost = true;
        throw error;
      }
    };
    return { run, end: session.end };
  };

  return {
    open: async (member, login) => fragile(await call({ limitMs: LOGIN_MS, work: () => servers.open(member, login) })),
    restart: (member, pair, role) => call({ limitMs: RESTART_MS, work: () => servers.restart(member, pair, role) }),
  };
}
