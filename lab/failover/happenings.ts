/** Something that happened during a run, on the clock on the wall: milliseconds since 1970. */
export interface Happening {
  readonly wall: number;
  /** Who says so: the test itself, a Kubernetes object, a member's log, a client. */
  readonly source: string;
  readonly text: string;
}

interface RawSlice {
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly conditions?: { readonly ready?: boolean };
  }[];
}

/** The addresses that a Service sends clients to. */
export function readEndpoints(raw: unknown): string {
  const { endpoints } = raw as RawSlice;
  const ready = (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
  return (
    ready
      .flatMap(({ addresses }) => addresses)
      .toSorted()
      .join(', ') || 'nobody'
  );
}

/** Who holds Patroni's lock. */
export function readLeader(raw: unknown): string {
  const { metadata } = raw as { metadata: { annotations?: Record<string, string> } };
  return metadata.annotations?.['leader'] || 'nobody';
}

/** What a member's log says about a failover; all else in it is left out. */
const TELLING = [
  /^member:/,
  /acquir|releas|demot|promot|failover|failsafe|leader key|exclud|not healthy|own timeline|lost leader|lag/i,
  /bootstrap|replica has been created|starting as|postmaster|crash|terminated by signal|PANIC|FATAL: +(?:could not write|the database system is)/,
  /shut ?down|ready to accept|selected new timeline|is not running|rewind|reinit|no space left|closed? connection/i,
  /[Ss]ynchronous (?:replication|standby)|Traceback|role label|callback/,
];
/** Said every few seconds whatever happens. */
const IDLE = /no action\. I am|Lock owner:|checkpoint (?:starting|complete)|Retrying \(Retry|Traceback/;

/** Reads one line of a container's log as the runtime wrote it; undefined when it says nothing about a failover. */
export function readLogLine(pod: string, line: string): Happening | undefined {
  const [, date, text] = /^(\S+) std(?:out|err) [FP] (.*)$/.exec(line) ?? [];
  if (date === undefined || text === undefined) return undefined;
  if (IDLE.test(text) || !TELLING.some((pattern) => pattern.test(text))) return undefined;
  // The program's own date says the same once more, and its processes' numbers tell nothing apart.
  const bare = text
    .replace(/: MaxRetryError.*/, '')
    .replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d+ (?:[A-Z]{3} \[\d+\] )?/, '');
  return { wall: Date.parse(date), source: `log of ${pod}`, text: bare };
}

/** A log that says nearly the same again within this time says nothing new. */
const AGAIN_MS = 10_000;

/** In the order in which they happened; what a log repeats, with other numbers perhaps, is left out. */
export function inOrder(happenings: readonly Happening[]): Happening[] {
  const said = new Map<string, number>();
  return happenings
    .toSorted((a, b) => a.wall - b.wall)
    .filter(({ wall, source, text }) => {
      if (!source.startsWith('log')) return true;
      const key = `${source} ${text.replace(/\d+/g, '#')}`;
      const again = wall - (said.get(key) ?? -Infinity) < AGAIN_MS;
      said.set(key, wall);
      return !again;
    });
}
