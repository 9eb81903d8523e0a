/** Labels of each series as a member's exporters give it, before Prometheus adds where it was scraped. */
export const SHAPES: Readonly<Record<string, readonly string[]>> = {
  patroni_postgres_running: ['scope', 'name'],
  patroni_postgres_streaming: ['scope', 'name'],
  patroni_primary: ['scope', 'name'],
  pg_archive_oldest_waiting_seconds: ['server'],
  pg_archive_waiting_segments: ['server'],
  pg_exporter_last_scrape_error: [],
  pg_standby_flush_lag_bytes: ['server', 'standby'],
  pg_standby_replay_lag_bytes: ['server', 'standby'],
  pg_standby_replay_lag_seconds: ['server', 'standby'],
  pg_standby_sent_lag_bytes: ['server', 'standby'],
  pg_up: [],
};

/** The same of what an exporter answered. */
export function shapesIn(lines: readonly string[]): Record<string, string[]> {
  const shapes = lines.map((line): [string, string[]] => {
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    return [name, [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label)];
  });
  return Object.fromEntries(shapes.sort(([a], [b]) => (a < b ? -1 : 1)));
}
