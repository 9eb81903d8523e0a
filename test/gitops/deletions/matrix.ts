import type { Name } from './databases.ts';

/** Whether the webhook answers. */
export type Webhook = 'up' | 'away';

/** What became of one act. */
export interface Outcome {
  readonly tool: string;
  readonly act: string;
  readonly webhook: Webhook;
  /** Why the tool knows no such act. */
  readonly no?: string;
  /** The refusals in what the tool said. */
  readonly refusals: readonly string[];
  /** What each Database lost of what runs it. */
  readonly gone: Readonly<Record<Name, string>>;
}

/** All outcomes of this run. */
export const OUTCOMES: Outcome[] = [];
