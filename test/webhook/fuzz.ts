import fc from 'fast-check';
import type { Answer, Webhook } from '../../webhook/answer.ts';
import { answer } from '../../webhook/answer.ts';
import { SECRET, bodies } from './hostile.ts';

/** The result of a fuzz run. */
export interface Fuzzed {
  readonly verdicts: Readonly<Record<Answer['verdict'], number>>;
  /** Longest single answer, in milliseconds. */
  readonly longest: number;
}

const NOW = new Date('2026-11-21T00:00:00Z');

interface Reply {
  readonly response?: {
    readonly uid?: unknown;
    readonly allowed?: unknown;
    readonly status?: { readonly message?: string };
  };
  readonly error?: unknown;
}

function asked(body: Uint8Array): string | undefined {
  try {
    const { request } = JSON.parse(new TextDecoder().decode(body)) as { request: { uid: string } };
    return request.uid;
  } catch {
    return undefined;
  }
}

/** The problem of an answer; undefined when the API server and a user can work with it. */
function fault({ code, verdict, body }: Answer, sent: Uint8Array): string | undefined {
  const { response, error } = JSON.parse(body) as Reply;
  if (body.includes(SECRET)) return 'tells a secret';
  if (code === 400) return verdict === 'unreadable' && typeof error === 'string' ? undefined : 'is no error';
  if (response?.uid !== asked(sent)) return 'has another uid';
  if (response?.allowed !== (verdict === 'allowed')) return 'differs from its verdict';
  const message = response.status?.message;
  if (verdict === 'denied' && !/^The .* is invalid:\n\* [^\n]+(\n\* [^\n]+)*$/.test(message ?? ''))
    return `says ${message}`;
  return undefined;
}

/** Answers so many generated bodies; throws with the body at the first answer that is none. */
export function fuzz(count: number, seed: number): Fuzzed {
  const verdicts = { allowed: 0, denied: 0, unreadable: 0 };
  let longest = 0;
  const property = fc.property(fc.constantFrom<Webhook>('validate', 'mutate'), bodies, (webhook, body) => {
    const start = performance.now();
    const result = answer(webhook, body, NOW);
    longest = Math.max(longest, performance.now() - start);
    verdicts[result.verdict] += 1;
    const found = fault(result, body);
    if (found !== undefined) throw new Error(`the answer to ${new TextDecoder().decode(body)} ${found}`);
  });
  fc.assert(property, { numRuns: count, seed, endOnFailure: false });
  return { verdicts, longest };
}

if (import.meta.main) {
  const [count = '100000', seed = String(Math.floor(Math.random() * 2 ** 31))] = process.argv.slice(2);
  process.stdout.write(`${count} reviews, seed ${seed}\n`);
  const { verdicts, longest } = fuzz(Number(count), Number(seed));
  process.stdout.write(`${JSON.stringify(verdicts)}, longest ${longest.toFixed(1)} ms\n`);
}
