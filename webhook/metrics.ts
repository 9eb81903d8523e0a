import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Answer, Webhook } from './answer.ts';

/** The webhook's Prometheus metrics. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: 'ballast_admission_requests_total',
    help: 'Reviews that were answered, by webhook, operation and verdict.',
    labelNames: ['webhook', 'operation', 'verdict'] as const,
    registers: [this.#registry],
  });
  readonly #findings = new Counter({
    name: 'ballast_admission_findings_total',
    help: 'Problems that were found, by rule.',
    labelNames: ['rule'] as const,
    registers: [this.#registry],
  });
  readonly #duration = new Histogram({
    name: 'ballast_admission_duration_seconds',
    help: 'Time from the whole body to the answer, by webhook.',
    labelNames: ['webhook'] as const,
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
    registers: [this.#registry],
  });
  readonly #expiry = new Gauge({
    name: 'ballast_certificate_expiry_timestamp_seconds',
    help: 'When the certificate that is served now expires, in seconds since 1970.',
    registers: [this.#registry],
  });

  readonly #refused = new Counter({
    name: 'ballast_webhook_refused_total',
    help: 'Requests and handshakes that got no review, by reason.',
    labelNames: ['reason'] as const,
    registers: [this.#registry],
  });
  readonly #ended = new Counter({
    name: 'ballast_webhook_connections_ended_total',
    help: 'Connections that were ended to make room, or because their client was slow, by reason.',
    labelNames: ['reason'] as const,
    registers: [this.#registry],
  });

  // Looked up once: a lookup by labels costs more than the observation.
  readonly #durations = {
    validate: this.#duration.labels('validate'),
    mutate: this.#duration.labels('mutate'),
  };
  readonly #series = new Map<string, Counter.Internal>();

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Counts an answer and its duration in seconds. */
  answered(webhook: Webhook, { verdict, rules, about }: Answer, seconds: number): void {
    const operation = verdict === 'unreadable' ? 'unknown' : about.operation;
    this.#requestsOf(webhook, operation, verdict).inc();
    for (const rule of rules) this.#findings.inc({ rule });
    this.#durations[webhook].observe(seconds);
  }

  #requestsOf(webhook: Webhook, operation: string, verdict: string): Counter.Internal {
    const key = `${webhook} ${operation} ${verdict}`;
    const known = this.#series.get(key);
    if (known) return known;
    const series = this.#requests.labels(webhook, operation, verdict);
    this.#series.set(key, series);
    return series;
  }

  /** Counts a review that failed through an internal error. */
  failed(webhook: Webhook): void {
    this.#requests.inc({ webhook, operation: 'unknown', verdict: 'failed' });
  }

  /** Counts a request without a review. */
  refused(reason: string): void {
    this.#refused.inc({ reason });
  }

  /** Counts a connection that the server closed. */
  ended(reason: string): void {
    this.#ended.inc({ reason });
  }

  /** Registers the number of connections and the bytes held by large bodies. */
  watch(connections: () => number, bytes: () => number): void {
    const registers = [this.#registry];
    const gauge = (name: string, help: string, value: () => number): void => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(value());
        },
      });
    };
    gauge('ballast_webhook_connections', 'Connections that are open, those without a handshake too.', connections);
    gauge('ballast_webhook_body_bytes', 'Bytes that large bodies hold of their budget.', bytes);
  }

  serves(certificate: { readonly notAfter: Date }): void {
    this.#expiry.set(certificate.notAfter.getTime() / 1000);
  }

  /** The metrics in Prometheus' text form, with its content type. */
  async text(): Promise<{ type: string; text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }
}
