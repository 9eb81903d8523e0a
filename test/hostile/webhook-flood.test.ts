import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { KINDS } from './attack.ts';
import type { Honest, HonestOptions } from './honest.ts';
import { askHonestly } from './honest.ts';
import type { ClientCredentials, LimitedWebhook } from './limited-webhook.ts';
import { build, clientCredentials, memoryOfContainer, metric, probe, startLimitedWebhook } from './limited-webhook.ts';
import { whyNoMemoryLimit } from './memory-limit.ts';
import { isComplete } from '../complete.ts';

const CONNECTIONS = 500;
const MS = isComplete ? 8000 : 4000;
/** Pods have addresses of their own; the API server is somewhere else. */
const PODS = Array.from({ length: 8 }, (_, index) => `127.0.1.${index + 1}`);
const API_SERVER = '127.0.0.1';

interface Attack {
  readonly name: string;
  readonly kinds: readonly string[];
  readonly from: readonly string[];
}

interface Outcome {
  readonly honest: Honest;
  readonly probes: readonly (number | undefined)[];
  readonly hostile: {
    readonly tried: number;
    readonly opened: number;
    readonly refused: number;
    readonly reviewed: number;
  };
}

/** Starts hostile connections in a process of their own; gives how to end them. */
async function startAttack(port: number, { kinds, from }: Attack): Promise<() => Promise<Outcome['hostile']>> {
  const args = [join(import.meta.dirname, 'attack.ts'), String(port), String(CONNECTIONS), from.join(','), ...kinds];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout);
  const ended = once(child, 'exit');
  await once(lines, 'line');
  return async () => {
    const line = once(lines, 'line');
    child.kill('SIGTERM');
    const [said] = (await line) as [string];
    await ended;
    return JSON.parse(said) as Outcome['hostile'];
  };
}

async function probing(webhook: LimitedWebhook, end: number): Promise<(number | undefined)[]> {
  const times: (number | undefined)[] = [];
  while (performance.now() < end) {
    times.push(await probe(webhook, '/healthz'), await probe(webhook, '/readyz'));
    await sleep(500);
  }
  return times;
}

async function under(webhook: LimitedWebhook, attack: Attack, client?: HonestOptions['client']): Promise<Outcome> {
  const stop = await startAttack(webhook.port, attack);
  try {
    // The first second is the attack's own start.
    await sleep(1000);
    const options = { port: webhook.port, ca: webhook.ca, localAddress: API_SERVER, ...(client && { client }) };
    const [honest, probes] = await Promise.all([askHonestly(options, MS), probing(webhook, performance.now() + MS)]);
    return { honest, probes, hostile: await stop() };
  } catch (error) {
    await stop();
    throw error;
  }
}

const at = (times: readonly number[], share: number): string =>
  `${Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN)} ms`;

function report(name: string, { honest, probes, hostile }: Outcome, webhook: LimitedWebhook): void {
  const { times, retries } = honest;
  const answered = probes.filter((time) => time !== undefined);
  process.stdout.write(
    `      ${name}: ${times.length} honest, p50 ${at(times, 0.5)}, p99 ${at(times, 0.99)}, ${retries} asked again; ` +
      `${answered.length} of ${probes.length} probes, slowest ${Math.round(Math.max(...answered))} ms; hostile: ${hostile.tried} connections, ${hostile.opened} with TLS, ` +
      `${hostile.reviewed} reviews, ${hostile.refused} refused; peak ${(webhook.peakBytes() / 2 ** 20).toFixed(0)} MiB\n`,
  );
}

const each = KINDS.map((name): Attack => ({ name, kinds: [name], from: PODS }));
const mixed: Attack = { name: 'all kinds at once', kinds: KINDS, from: PODS };
const ATTACKS = isComplete ? [...each, mixed] : [mixed];

function expectAlive(webhook: LimitedWebhook, { honest, probes, hostile }: Outcome): void {
  expect(webhook.wasKilled(), 'killed for want of memory').to.equal(false);
  expect(webhook.child.exitCode, 'exit').to.equal(null);
  expect(honest.failures).to.deep.equal([]);
  expect(honest.times.length).to.be.least(12);
  // The kubelet takes a replica out of service when two probes in a row fail, and ends it after six.
  const lost = probes.filter((time, index) => time === undefined && probes[index - 1] === undefined && index > 0);
  expect(lost, 'probes lost one after the other').to.deep.equal([]);
  expect(hostile.tried).to.be.least(CONNECTIONS);
  expect(webhook.peakBytes()).to.be.lessThan(memoryOfContainer());
}

function skipUnlessLimited(this: Mocha.Context): void {
  const reason = whyNoMemoryLimit();
  if (reason === undefined) return;
  process.stderr.write(`SKIPPED: the webhook is not flooded: ${reason}\n`);
  this.skip();
}

describe(`The webhook in the memory of its container, under ${CONNECTIONS} hostile connections`, function () {
  this.timeout(120_000);
  let webhook: LimitedWebhook | undefined;

  before(skipUnlessLimited);
  before(async () => {
    await build();
    webhook = await startLimitedWebhook();
  });
  after(() => webhook?.end());

  for (const attack of ATTACKS) {
    it(`answers every honest request: ${attack.name}`, async () => {
      const outcome = await under(webhook!, attack);
      report(attack.name, outcome, webhook!);
      expectAlive(webhook!, outcome);
    });
  }

  it('has nothing left of them when they are gone', async () => {
    const end = performance.now() + 20_000;
    const left = async (): Promise<number[]> => [
      await metric(webhook!, 'ballast_webhook_connections'),
      await metric(webhook!, 'ballast_webhook_body_bytes'),
    ];
    while ((await left()).some((value) => value > 0) && performance.now() < end) await sleep(250);
    expect(await left()).to.deep.equal([0, 0]);
  });
});

describe('The webhook that asks for a client certificate, flooded from the address of the API server', function () {
  this.timeout(120_000);
  let client: ClientCredentials | undefined;
  let webhook: LimitedWebhook | undefined;

  before(skipUnlessLimited);
  before(async function () {
    // The sample has no time for both.
    if (!isComplete) this.skip();
    await build();
    client = clientCredentials();
    webhook = await startLimitedWebhook(['--client-ca', client.file, '--client-name', 'kube-apiserver']);
  });
  after(async () => {
    await webhook?.end();
    client?.remove();
  });

  it('answers every honest request', async () => {
    const outcome = await under(webhook!, { ...mixed, from: [API_SERVER] }, client!.pair);
    report('all kinds at once, from one address', outcome, webhook!);
    expectAlive(webhook!, outcome);
    expect(outcome.hostile.reviewed).to.equal(0);
  });
});
