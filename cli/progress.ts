/** Shows the progress of a long run on a terminal. */
export interface Progress {
  /** Counts one more of `total` as done. */
  readonly step: (total: number) => void;
  /** Clears the line. */
  readonly end: () => void;
}

const QUIET_MS = 1000;
const BETWEEN_MS = 100;

interface Terminal {
  readonly isTTY?: boolean;
  readonly write: (text: string) => unknown;
}

/** Shows a progress line on a terminal once a run takes longer than a second; prints nothing elsewhere. */
export function createProgress(what: string, terminal: Terminal, clock: () => number): Progress {
  const start = clock();
  let done = 0;
  let shown = 0;
  const step = (total: number): void => {
    done += 1;
    if (!terminal.isTTY || done % 64 !== 0) return;
    const now = clock();
    if (now - start < QUIET_MS || now - shown < BETWEEN_MS) return;
    shown = now;
    terminal.write(`\r${what} ${done} of ${total}\u001b[K`);
  };
  const end = (): void => {
    if (shown > 0) terminal.write('\r\u001b[K');
  };
  return { step, end };
}
