type Labels = Readonly<Record<string, string>>;

/** What one alert does about some series of the Database shop/orders. */
export interface AlertCase {
  readonly alert: string;
  /** A sentence that the alert is the subject of. */
  readonly title: string;
  /** A series and its values in promtool's notation. */
  readonly series: Readonly<Record<string, string>>;
  readonly minutes: number;
  /** Time between two values; thirty seconds when absent. */
  readonly every?: string;
  /** Labels beside those of the rule, and the summary, of each that fires; nothing fires when absent. */
  readonly fires?: readonly { readonly labels?: Labels; readonly summary: string }[];
}

/** A series as promtool reads it. */
export const written = (name: string, labels: Labels): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(',')}}`;

/** The labels that Prometheus' operator adds to the series of a member. */
export function target(member: number, container: string, endpoint: string): Labels {
  const port = { patroni: 8008, metrics: 9187 }[endpoint] ?? 0;
  const pod = { instance: `10.244.1.${member + 2}:${port}`, pod: `orders-${member}` };
  return { container, endpoint, job: 'orders-pods', namespace: 'shop', service: 'orders-pods', ...pod };
}

/** A value for half an hour. */
export const ALWAYS = '1x60';
/** The other value for half an hour. */
export const NEVER = '0x60';
/** Ten minutes of a value, and nothing more, as after the last scrape of a pod that is gone. */
export const then = (value: number): string => `${value}x19 stale`;

/** Cases of one alert. */
export type Cases = readonly Omit<AlertCase, 'alert'>[];

/** The same with the name of the alert. */
export const as = (alert: string, cases: Cases): AlertCase[] => cases.map((one) => ({ alert, ...one }));
