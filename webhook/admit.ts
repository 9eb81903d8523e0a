import type { Request, Response } from 'express';
import type { Answer, Webhook } from './answer.ts';
import { answer, answerTooLarge } from './answer.ts';
import type { Background, Unanswered } from './background.ts';
import type { Body } from './body.ts';
import { LARGE_BYTES, readBody } from './body.ts';
import type { Budget } from './budget.ts';
import type { Log } from '../kubernetes/log.ts';
import type { Connections } from '../kubernetes/connections.ts';
import type { Metrics } from './metrics.ts';
import { refuse, reply } from './refusal.ts';
import type { Turns } from './turns.ts';

/** Dependencies of the routes. */
export interface AdmitOptions {
  readonly clock: () => Date;
  readonly metrics: Metrics;
  readonly background: Pick<Background, 'answer'>;
  /** Budgets for the bytes of large bodies, and for large bodies that are still arriving. */
  readonly budget: Budget;
  readonly places: Budget;
  readonly connections: Connections;
  readonly turns: Turns;
  readonly log: Log;
  /** Whether clients should keep using this replica. */
  readonly isReady: () => boolean;
}

function tell(log: Log, webhook: Webhook, { verdict, about, rules }: Answer): void {
  if (verdict === 'denied') log.info({ webhook, ...about, rules }, 'denied');
  else if (verdict === 'unreadable') log.warn({ webhook }, 'a body that is no AdmissionReview');
}

/** Why a request's body stays unread; undefined when the webhook reads it. */
function whyNotRead({ headers }: Request): 'content-type' | 'content-encoding' | undefined {
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return 'content-type';
  return (headers['content-encoding'] ?? 'identity') === 'identity' ? undefined : 'content-encoding';
}

type Result = Answer | Unanswered | 'no-room';

/** Answers a large body in the background, unless its bytes go to other bodies before its turn, or its client leaves. */
async function answerLarge(
  webhook: Webhook,
  { bytes, share }: Body,
  response: Response,
  { budget, connections, clock, background }: AdmitOptions,
): Promise<Result> {
  const left = new AbortController();
  const gave = { room: false };
  const free = (): void => {
    if (share) budget.close(share);
  };
  if (share) {
    share.giveUp = () => {
      gave.room = true;
      left.abort();
    };
  }
  response.once('close', () => {
    left.abort();
  });
  const address = connections.addressOf(response.req.socket);
  const review = { webhook, bytes, now: clock(), address, signal: left.signal, onTaken: free };
  const result = await background.answer(review).finally(free);
  // Frees the bytes that the thread did not take over without waiting for the garbage collector.
  if (!bytes.buffer.detached) bytes.buffer.transfer(0);
  return result === 'no-longer-wanted' && gave.room ? 'no-room' : result;
}

/** Answers a body: at once under low load, else when the turn of its address comes. */
function resultOf(webhook: Webhook, body: Body, response: Response, options: AdmitOptions): Promise<Result> {
  const { bytes, isWhole } = body;
  if (isWhole && bytes.length > LARGE_BYTES) return answerLarge(webhook, body, response, options);
  const { turns, connections, clock } = options;
  return new Promise((resolve, reject) => {
    turns.take(connections.addressOf(response.req.socket), () => {
      try {
        resolve(isWhole ? answer(webhook, bytes, clock()) : answerTooLarge(bytes));
      } catch (error) {
        reject(error instanceof Error ? error : new Error('the review failed'));
      }
    });
  });
}

/** The route of one webhook: reads, answers and counts a review, or refuses it unread. */
export function admit(webhook: Webhook, options: AdmitOptions) {
  const { metrics, budget, places, turns, connections, log, isReady } = options;
  return async (request: Request, response: Response): Promise<void> => {
    const { socket, headers } = request;
    // Clients connect to another replica while this one ends.
    if (!isReady()) response.set('connection', 'close');
    const unread = whyNotRead(request);
    if (unread) {
      refuse(response, unread, options);
      return;
    }
    const onWanted = (): void => {
      if (headers.expect !== undefined) response.writeContinue();
    };
    const body = await readBody(request, { budget, places, turns, address: connections.addressOf(socket), onWanted });
    if (typeof body === 'string') {
      refuse(response, body, options);
      return;
    }
    connections.whole(socket);
    const start = performance.now();
    const result = await resultOf(webhook, body, response, options);
    if (result === 'no-longer-wanted') return;
    if (typeof result === 'string') {
      if (result === 'too-much-work') log.error({ webhook }, 'a review took too long, or too much memory');
      if (result === 'too-much-work') metrics.failed(webhook);
      refuse(response, result, options);
      return;
    }
    metrics.answered(webhook, result, (performance.now() - start) / 1000);
    tell(log, webhook, result);
    reply(response, result, connections);
  };
}
