/** An event during a run, in wall-clock milliseconds since 1970. */
export interface Happening {
  readonly wall: number;
  /** The source of the report: the test itself, a Kubernetes object, a member's log, a client. */
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

/** The holder of Patroni's leader lock. */
export function readLeader(raw: unknown): string {
  const { metadata } = raw as { metadata: { annotations?: Record<string, string> } };
  return metadata.annotations?.['leader'] || 'nobody';
}

/** Log lines of a member that are about a failover. */
const TELLING = [
  /^member:/,
  /acquir|releas|demot|promot|failover|failsafe|leader key|exclud|not healthy|own timeline|lost leader|lag/i,
  /bootstrap|replica has been created|starting as|postmaster|crash|terminated by signal|PANIC|FATAL: +(?:could not write|the database system is)/,
  /shut ?down|ready to accept|selected new timeline|is not running|rewind|reinit|no space left|closed? connection/i,
  /[Ss]ynchronous (?:replication|standby)|Traceback|role label|callback/,
];
/** Log lines that repeat every few seconds. */
const IDLE = /no action\. I am|Lock owner:|checkpoint (?:starting|complete)|Retrying \(Retry|Traceback/;

/** Parses one line of a container's log in the runtime's format; undefined when it is not about a failover. */
export function readLogLine(pod: string, line: string): Happening | undefined {
  const [, date, text] = /^(\S+) std(?:out|err) [FP] (.*)$/.exec(line) ?? [];
  if (date === undefined || text === undefined) return undefined;
  if (IDLE.test(text) || !TELLING.some((pattern) => pattern.test(text))) return undefined;
  // The program's own date is redundant, and process numbers distinguish nothing.
  const bare = text
    .replace(/: MaxRetryError.*/, '')
    .replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d+ (?:[A-Z]{3} \[\d+\] )?/, '');
  return { wall: Date.parse(date), source: `log of ${pod}`, text: bare };
}

/** A log line that nearly repeats another one within this time adds no information. */
const AGAIN_MS = 10_000;

/** Events in chronological order, without repeated log lines, which may differ in numbers. */
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
