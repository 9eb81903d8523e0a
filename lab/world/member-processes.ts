import type { KubernetesObject } from '../../kubernetes/objects.ts';
import { keyOf } from '../../kubernetes/objects.ts';
import type { ObjectsByHand } from './fake-api/objects-by-hand.ts';
import { memberNotes } from './member.ts';
import type { SettingValues } from './member-settings.ts';
import { waitingSettings } from './member-settings.ts';
import { annotate } from './objects.ts';
import { containerOf } from './pod-status.ts';

/** A member's Patroni, and its server. */
export interface MemberProcess {
  /** Differs from the id of every earlier process of the same pod. */
  readonly id: string;
  readonly state: 'starting' | 'running';
  readonly role: 'primary' | 'replica';
  readonly isStreaming: boolean;
  readonly timeline: number;
  /** The settings that its server runs with; undefined before its first start. */
  readonly runs: SettingValues;
  /** The settings that its server would start with now. */
  readonly taken: SettingValues;
}

const uidOf = ({ metadata }: KubernetesObject): string => metadata.uid ?? '';
const idOf = (pod: KubernetesObject): string => `${uidOf(pod)}/${Number(containerOf(pod)['restartCount'] ?? 0)}`;

/** The processes of all members, by the uid of their pod. */
export type MemberProcessesState = ReadonlyMap<string, MemberProcess>;

/** The Patroni processes in pods, with their reports on the pods. */
export class MemberProcesses {
  readonly #objects: ObjectsByHand;
  readonly #processes: Map<string, MemberProcess>;

  constructor(objects: ObjectsByHand, state?: MemberProcessesState) {
    this.#objects = objects;
    this.#processes = new Map(state);
  }

  state(): MemberProcessesState {
    return new Map(this.#processes);
  }

  /** The process in a pod; undefined until its Patroni has started. */
  of(pod: KubernetesObject): MemberProcess | undefined {
    const known = this.#processes.get(uidOf(pod));
    return known?.id === idOf(pod) ? known : undefined;
  }

  /** Starts a Patroni in a pod whose container has started. */
  begin(pod: KubernetesObject): void {
    const fresh = { state: 'starting', role: 'replica', isStreaming: false, timeline: 0, runs: {}, taken: {} } as const;
    this.change(pod, { ...fresh, id: idOf(pod) });
  }

  /** Changes a process and its report. */
  change(pod: KubernetesObject, process: MemberProcess): void {
    this.#processes.set(uidOf(pod), process);
    const { state, runs, taken } = process;
    const waiting = state === 'running' ? waitingSettings(runs, taken) : {};
    annotate(this.#objects, 'Pod', keyOf(pod.metadata), memberNotes(pod.metadata.name, { ...process, waiting }));
  }

  end(pod: KubernetesObject): void {
    this.#processes.delete(uidOf(pod));
  }

  /** Whether its readiness probe succeeds: a running primary, or a following standby. */
  isReady(pod: KubernetesObject): boolean {
    const process = this.of(pod);
    return process?.state === 'running' && (process.role === 'primary' || process.isStreaming);
  }
}
