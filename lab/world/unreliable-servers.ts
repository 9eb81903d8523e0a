import type { Servers, Session } from '../../controller/engines/servers.ts';
import { ServerError } from '../../controller/engines/servers.ts';
import type { Clock } from '../../kubernetes/clock.ts';

/** The failure of a call to a member: whether it takes effect, and whether the caller learns of the failure at once. */
export interface MemberMishap {
  readonly isDone: boolean;
  /** The code of the failure; empty for a timeout. */
  readonly code: string;
}

/** The failure of each call to a member, in the order of their starts. */
export type MemberWeather = () => MemberMishap | undefined;

/** The controller's timeouts (controller/databases/acts/postgresql.ts, patroni-api.ts), in milliseconds. */
const LOGIN_MS = 5000;
const STATEMENT_MS = 35_000;
const RESTART_MS = 120_000;

interface Call<T> {
  readonly limitMs: number;
  readonly work: () => Promise<T>;
}

/** Members with failing connections. A session ends with the first failed statement. */
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
