import type { AlertCase, Cases } from './cases.ts';
import { ALWAYS, NEVER, as, target, then, written } from './cases.ts';

const silent = [{ summary: 'shop/orders does not answer.' }];

/** What `DatabaseDown` does, by the metric that is 1 while an exporter reaches its server. */
export function downCases(up: string): AlertCase[] {
  const series = written(up, target(0, 'exporter', 'metrics'));
  return as('DatabaseDown', [
    { title: 'is silent while the server answers', series: { [series]: ALWAYS }, minutes: 20 },
    { title: 'is silent while it is away for thirty seconds', series: { [series]: '1x9 0 1x49' }, minutes: 6 },
    { title: 'fires while the server does not answer', series: { [series]: NEVER }, minutes: 2, fires: silent },
    { title: 'fires while the exporter tells nothing', series: {}, minutes: 2, fires: silent },
    { title: 'fires once the pod is gone', series: { [series]: then(1) }, minutes: 12, fires: silent },
  ]);
}

const claim = (name: string, of: string): string =>
  written(name, { namespace: 'shop', node: 'node-1', persistentvolumeclaim: of });
const volume = (of: string, available: string): Record<string, string> => ({
  [claim('kubelet_volume_stats_available_bytes', of)]: available,
  [claim('kubelet_volume_stats_capacity_bytes', of)]: '100x60',
});
const VOLUME: Cases = [
  { title: 'is silent while a tenth is left', series: volume('data-orders-0', '10x60'), minutes: 20 },
  { title: 'is silent about other volumes', series: volume('data-orders-copy-0', '1x60'), minutes: 20 },
  {
    title: 'fires while less than a tenth is left',
    series: volume('data-orders-0', '9x60'),
    minutes: 6,
    fires: [
      {
        labels: { node: 'node-1', persistentvolumeclaim: 'data-orders-0' },
        summary: `A volume of shop/orders has less than 10 % left.`,
      },
    ],
  },
];

const HOUR = 60;
const job = (name: string): string => written(name, { namespace: 'shop', cronjob: 'orders-backup' });
const missing = [{ summary: 'shop/orders has had no backup for more than 36 hours, or nothing tells of one.' }];
const BACKUP: Cases = [
  {
    title: 'is silent while the last backup is of today',
    series: {
      [job('kube_cronjob_created')]: '0x300',
      [job('kube_cronjob_status_last_successful_time')]: `${30 * 3600}x300`,
    },
    minutes: 40 * HOUR,
  },
  {
    title: 'is silent before the first is due',
    series: { [job('kube_cronjob_created')]: '0x300' },
    minutes: 30 * HOUR,
  },
  {
    title: 'fires while the last backup is too old',
    series: {
      [job('kube_cronjob_created')]: '0x300',
      [job('kube_cronjob_status_last_successful_time')]: '3600x300',
    },
    minutes: 38 * HOUR,
    fires: missing,
  },
  {
    title: 'fires while there never was one',
    series: { [job('kube_cronjob_created')]: '0x300' },
    minutes: 37 * HOUR,
    fires: missing,
  },
  { title: 'fires while nothing is known of the job', series: {}, minutes: 37 * HOUR, fires: missing },
];

/** The alerts that every engine has. */
export const COMMON: readonly AlertCase[] = [
  ...as('DatabaseVolumeFillingUp', VOLUME),
  ...as(
    'DatabaseBackupMissing',
    BACKUP.map((one) => ({ ...one, every: '10m' })),
  ),
];
