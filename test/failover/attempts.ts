import type { Attempt } from '../../lab/failover/attempt.ts';

/** An attempt for tests: by default acknowledged by the server 10.0.0.1 on timeline 1 a millisecond after its start. */
export function attempt(end: number, other: Partial<Attempt> = {}): Attempt {
  const server = { server: '10.0.0.1', timeline: 1 };
  const acknowledged = other.acknowledged ?? true;
  return {
    ...{ client: 'fresh', number: end, start: end - 1, end, wall: 1_700_000_000_000 + end, acknowledged },
    ...(acknowledged && server),
    ...other,
  };
}

/** An attempt that failed. */
export function failed(end: number, other: Partial<Attempt> = {}): Attempt {
  return attempt(end, { acknowledged: false, problem: 'ECONNREFUSED', ...other });
}
