/** Tells on a terminal how far a long run has come. */
export interface Progress {
  /** One more of `total` is done. */
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

/** A line of progress on the terminal once a run has taken longer than a second; silent anywhere else. */
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
