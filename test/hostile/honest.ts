import { Agent, request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { reviewOf } from '../webhook/review-body.ts';

/** Where honest requests go, and with which certificates. */
export interface HonestOptions {
  readonly port: number;
  readonly ca: string;
  readonly localAddress: string;
  /** The client's own certificate and key. */
  readonly client?: { readonly cert: string; readonly key: string };
}

/** What became of honest requests. */
export interface Honest {
  /** Milliseconds from asking to the right answer, asking again after a 503 counted in; in order. */
  readonly times: readonly number[];
  /** Requests that were asked to retry, and did. */
  readonly retries: number;
  /** What went wrong, in words; each is a request of an honest client that got no answer or a wrong one. */
  readonly failures: readonly string[];
}

/** The API server waits 10 s; here a computer that is busy with other tests shall not decide. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;

interface Reply {
  readonly code: number;
  readonly retryAfter: number;
  readonly body: string;
}

function send(options: HonestOptions, agent: Agent, path: string, body: string): Promise<Reply> {
  const { port, ca, localAddress, client } = options;
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const all = { host: '127.0.0.1', port, path, method: 'POST', headers, agent, ca, localAddress, ...client };
  return new Promise((resolve, reject) => {
    const sent = request({ ...all, timeout: PATIENCE_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        const { statusCode: code = 0, headers: got } = response;
        resolve({ code, retryAfter: Number(got['retry-after'] ?? NaN), body: text });
      });
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.on('error', reject).end(body);
  });
}

interface Question {
  readonly name: string;
  readonly path: '/validate' | '/mutate';
  readonly body: string;
  readonly allowed: boolean;
}

const large = { annotations: { notes: 'x'.repeat(300_000) } };
const questions: readonly Question[] = (['/validate', '/mutate'] as const).flatMap((path) => [
  { name: `a good one to ${path}`, path, body: reviewOf({}), allowed: true },
  { name: `a bad one to ${path}`, path, body: reviewOf({ replicas: 12 }), allowed: false },
  { name: `a large one to ${path}`, path, body: reviewOf({ replicas: 12 }, large), allowed: false },
]);

/** Sends a request as the API server does: once, and again when asked to retry. Returns the problem; undefined without one. */
async function ask(options: HonestOptions, agent: Agent, { path, body, allowed }: Question, again: () => void) {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const reply = await send(options, agent, path, body);
    if (reply.code === 503 && reply.retryAfter > 0 && performance.now() + 1000 * reply.retryAfter < end) {
      again();
      await sleep(1000 * reply.retryAfter);
      continue;
    }
    if (reply.code !== 200) return `answered ${reply.code} ${reply.body}`;
    const { response } = JSON.parse(reply.body) as { response: { uid: string; allowed: boolean; patch?: string } };
    if (response.uid !== 'a-uid' || response.allowed !== allowed) return `wrongly answered ${reply.body}`;
    return path === '/mutate' && allowed && response.patch === undefined ? 'no patch' : undefined;
  }
}

/** Asks every kind of question for so long, over new connections and over ones that are kept. */
export async function askHonestly(options: HonestOptions, ms: number): Promise<Honest> {
  const [times, failures] = [[] as number[], [] as string[]];
  let retries = 0;
  const end = performance.now() + ms;
  const loop = async (question: Question, keepAlive: boolean): Promise<void> => {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    const how = `${question.name} over a ${keepAlive ? 'kept' : 'new'} connection`;
    while (performance.now() < end) {
      const start = performance.now();
      const wrong = await ask(options, agent, question, () => (retries += 1)).catch((error: unknown) =>
        error instanceof Error ? error.message : 'failed',
      );
      times.push(performance.now() - start);
      if (wrong !== undefined) failures.push(`${how}: ${wrong}, after ${Math.round(times.at(-1) ?? 0)} ms`);
      await sleep(PAUSE_MS);
    }
    agent.destroy();
  };
  await Promise.all(questions.flatMap((question) => [loop(question, true), loop(question, false)]));
  return { times: times.toSorted((a, b) => a - b), retries, failures };
}
