import type { Child } from '../processes/child.ts';
import { startChild } from '../processes/child.ts';
import type { Happening } from './happenings.ts';
import { readEndpoints, readLeader } from './happenings.ts';
import type { MemberPod } from './pods.ts';
import { podChanges, readPod } from './pods.ts';

/** The Database to watch, and the kubectl for it. */
export interface ObserverOptions {
  readonly kubectl: string;
  readonly namespace: string;
  readonly database: string;
}

interface WatchEvent {
  readonly type: string;
  readonly object: { readonly metadata: { readonly name: string } };
}

const AGAIN_MS = 300;

/** Watches a Database's pods, its primary's endpoints and Patroni's leader lock, and records their changes. */
export class Observer {
  readonly happenings: Happening[] = [];
  readonly #options: ObserverOptions;
  readonly #pods = new Map<string, MemberPod>();
  readonly #watches = new Map<string, Child>();
  readonly #last = new Map<string, string>();
  #listener: (() => void) | undefined;
  #stopped = false;

  constructor(options: ObserverOptions) {
    this.#options = options;
  }

  /** The pods as last seen. */
  get pods(): MemberPod[] {
    return [...this.#pods.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The member whose label says that it is the primary. */
  get primary(): MemberPod | undefined {
    return this.pods.find(({ role, leaving }) => role === 'primary' && !leaving);
  }

  /** Sets the listener that is called after each change of a pod. */
  onPods(listener: (() => void) | undefined): void {
    this.#listener = listener;
  }

  /** Starts the watches; one that breaks with the API server is restarted afterwards. */
  start(): void {
    const { database } = this.#options;
    this.#watch('pods', `db.example.com/database=${database},app.kubernetes.io/component=database`, (event) => {
      this.#pod(event);
    });
    this.#watch('endpointslices', `kubernetes.io/service-name=${database}-primary`, ({ object }) => {
      this.#changed('Service', `sends clients to ${readEndpoints(object)}`);
    });
    this.#watch('configmaps', `db.example.com/database=${database}`, ({ object }) => {
      if (object.metadata.name !== `${database}-leader`) return;
      this.#changed('lock', `held by ${readLeader(object)}`);
    });
  }

  /** Ends all watches. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#watches.values()].map((watch) => watch.stop()));
  }

  #watch(kind: string, selector: string, onEvent: (event: WatchEvent) => void): void {
    if (this.#stopped) return;
    const { kubectl, namespace } = this.#options;
    const get = [kubectl, 'get', kind, '--namespace', namespace, '--selector', selector] as const;
    const child = startChild([...get, '--watch', '--output-watch-events', '--output', 'json'], {
      onLine: (line) => {
        onEvent(JSON.parse(line) as WatchEvent);
      },
      onEnd: () =>
        setTimeout(() => {
          this.#watch(kind, selector, onEvent);
        }, AGAIN_MS),
    });
    this.#watches.set(kind, child);
  }

  #pod({ type, object }: WatchEvent): void {
    const after = readPod(object);
    const before = this.#pods.get(after.name);
    const gone = type === 'DELETED';
    if (gone) this.#pods.delete(after.name);
    else this.#pods.set(after.name, after);
    for (const text of podChanges(before, gone ? undefined : after)) this.#tell('pods', text);
    this.#listener?.();
  }

  #changed(source: string, text: string): void {
    if (this.#last.get(source) === text) return;
    this.#last.set(source, text);
    this.#tell(source, text);
  }

  #tell(source: string, text: string): void {
    this.happenings.push({ wall: Date.now(), source, text });
  }
}
