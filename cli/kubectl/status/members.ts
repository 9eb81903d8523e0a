import { memberReport } from '../../../controller/engines/postgresql/member-report.ts';
import { readableSize } from '../../../database/values/readable-size.ts';
import { ROLE_LABEL } from '../../../database/vocabulary.ts';
import type { StoredPod } from '../objects.ts';
import { columns, distance, part } from './screen-text.ts';

type Report = ReturnType<typeof memberReport>;

const reportOf = ({ metadata }: StoredPod): Report => memberReport(metadata.annotations ?? {});

function roleOf(pod: StoredPod, report: Report): string {
  if (report && report.role !== 'none') return report.role;
  const label = pod.metadata.labels?.[ROLE_LABEL] ?? '';
  return label === 'replica' ? 'standby' : label || '-';
}

/** What a member says of itself, when it is ready. */
function servingState(report: Report): string {
  const restart = report?.pendingRestart === true ? ', waits for a restart' : '';
  if (report?.role !== 'standby') return `serves${restart}`;
  return `${report.follows ? 'follows' : 'does not follow'}${restart}`;
}

function stateOf({ metadata, status }: StoredPod, report: Report): string {
  if (metadata.deletionTimestamp !== undefined) return 'ends';
  if (report && !report.runs) return 'does not serve';
  const containers = status?.containerStatuses ?? [];
  const isReady = containers.length > 0 && containers.every(({ ready }) => ready);
  if (isReady) return servingState(report);
  return status?.phase === 'Running' ? 'not ready' : (status?.phase ?? 'unknown');
}

/** How far a standby is behind the primary, by what both last said. */
function lagOf(report: Report, primary: Report): string {
  if (report?.role !== 'standby' || report.position === undefined || primary?.position === undefined) return '-';
  const behind = primary.position - report.position;
  return readableSize(behind > 0n ? Number(behind) : 0);
}

/** The members of a Database: role, state, how far behind, and where they run. */
export function memberLines(pods: readonly StoredPod[], now: Date): string[] {
  if (pods.length === 0) return part('Members', ['  none']);
  const reports = new Map(pods.map((pod) => [pod, reportOf(pod)]));
  const primary = [...reports.values()].find((report) => report?.role === 'primary');
  const rows = pods.map((pod) => {
    const report = reports.get(pod);
    const restarts = (pod.status?.containerStatuses ?? []).reduce((sum, one) => sum + one.restartCount, 0);
    const timeline = report?.term === undefined ? '-' : String(report.term);
    const age = distance(pod.metadata.creationTimestamp, now).replace(' ago', '');
    const cells = [roleOf(pod, report), stateOf(pod, report), lagOf(report, primary), timeline];
    return [pod.metadata.name, ...cells, pod.spec?.nodeName ?? '-', String(restarts), age];
  });
  const head = ['NAME', 'ROLE', 'STATE', 'BEHIND', 'TIMELINE', 'NODE', 'RESTARTS', 'AGE'];
  return part('Members', columns([head, ...rows]));
}
