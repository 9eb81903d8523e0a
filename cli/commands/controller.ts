import pino from 'pino';
import { accountProblem } from '../../controller/account.ts';
import { decide } from '../../controller/databases/concerns/decide.ts';
import { systemClock } from '../../kubernetes/clock.ts';
import type { Connection } from '../../kubernetes/connect.ts';
import { connect } from '../../kubernetes/connect.ts';
import { LeaseLost, serve } from '../../controller/serve.ts';
import type { Settings } from '../../database/types.ts';
import { UsageError, errorCode, ioReason } from '../errors.ts';
import type { Address } from '../options.ts';
import { loadSettings } from '../settings.ts';

/** Options of `ballast controller`. */
export interface ControllerOptions {
  /** Whether the controller applies the manifests of every Database. */
  readonly apply: boolean;
  /** Whether a Database may ask the controller to apply its manifests. */
  readonly applyAllowed: boolean;
  /** Namespaces to watch; all when empty. */
  readonly namespace: readonly string[];
  readonly settings?: string;
  readonly metricsAddress: Address;
  readonly leaseNamespace: string;
  readonly lease: string;
  readonly logLevel: string;
}

function settingsOf(file: string | undefined): Settings {
  const { settings, findings } = loadSettings(file, []);
  const [wrong] = findings.filter(({ severity }) => severity === 'error');
  if (!wrong) return settings;
  throw new UsageError(`${wrong.file}:${wrong.line}: ${wrong.path}: ${wrong.problem}; ${wrong.remedy}`);
}

function connection(): Connection {
  try {
    return connect();
  } catch (error) {
    throw new UsageError(`the kubeconfig cannot be used: ${ioReason(error)}`, { cause: error });
  }
}

/** Runs the controller until SIGTERM or SIGINT. Returns the exit code. */
export async function controller(options: ControllerOptions): Promise<number> {
  const log = pino({ level: options.logLevel, base: { part: 'controller' }, timestamp: pino.stdTimeFunctions.isoTime });
  const settings = settingsOf(options.settings);
  const end = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      end.abort();
    });
  }
  const { metricsAddress, leaseNamespace, lease, apply, applyAllowed, namespace } = options;
  const api = connection();
  try {
    const [own = leaseNamespace] = namespace;
    const problem = await accountProblem({ api, log, settings, clock: systemClock, namespace: own });
    if (problem !== undefined) throw new UsageError(problem);
    await serve({
      ...{ api, log, settings, decide, ...metricsAddress },
      clock: systemClock,
      namespaces: namespace,
      appliesAll: apply,
      applyAllowed,
      lease: { namespace: leaseNamespace, name: lease },
      signal: end.signal,
      process,
    });
  } catch (error) {
    if (error instanceof LeaseLost) {
      log.error({}, error.message);
      return 1;
    }
    if (errorCode(error) === '') throw error;
    throw new UsageError(`the controller could not start: ${ioReason(error)}`, { cause: error });
  } finally {
    api.close();
  }
  return 0;
}
