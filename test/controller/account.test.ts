import { NO_SETTINGS, filledSettings } from '../../database/settings.ts';
import { expect } from 'chai';
import { accountIn, accountProblem, settingsProblem } from '../../controller/account.ts';
import type { Api, CreateOptions } from '../../kubernetes/api.ts';
import { ApiError } from '../../kubernetes/api.ts';
import type { KubernetesObject } from '../../kubernetes/objects.ts';
import type { Settings } from '../../database/types.ts';
import { SimulatedClock } from '../../lab/world/simulated-clock.ts';

const USUAL = 'system:serviceaccount:ballast-system:ballast-controller';
const OTHER = 'system:serviceaccount:platform:acme-ballast-controller';

const review = (username: string): KubernetesObject => ({ metadata: { name: '' }, status: { userInfo: { username } } });

interface World {
  readonly username: string;
  /** How often a Role with every right is let through before a policy holds. */
  readonly letThrough?: number;
  readonly settings?: Settings;
  readonly failure?: ApiError;
}

/** The problem that is found, and every call, `kind namespace dryRun`. */
async function check({
  username,
  letThrough = 0,
  settings = NO_SETTINGS,
  failure,
}: World): Promise<[string, string[]]> {
  const clock = new SimulatedClock();
  const calls: string[] = [];
  let left = letThrough;
  const create: Api['create'] = (resource, object, options: CreateOptions = {}) => {
    calls.push([resource.kind, object.metadata.namespace, options.dryRun].join(' '));
    if (failure) return Promise.reject(failure);
    if (resource.kind === 'SelfSubjectReview') return Promise.resolve(review(username));
    left -= 1;
    if (left >= 0) return Promise.resolve(object);
    return Promise.reject(new ApiError({ code: 422, reason: 'Invalid' }, 'denied'));
  };
  const quiet = { info: () => undefined, warn: () => calls.push('warned'), error: () => undefined };
  const state: { problem?: string } = {};
  void accountProblem({ api: { create }, clock, log: quiet, settings, namespace: 'shop' }).then((problem) => {
    state.problem = problem ?? 'none';
  });
  for (let second = 0; second < 30 && state.problem === undefined; second += 1) await clock.advance(1000);
  return [state.problem ?? 'unanswered', calls];
}

const ASKS = 'SelfSubjectReview  ';
const TRIES = 'Role shop true';

describe('The account of the controller', () => {
  for (const [username, account] of [
    [USUAL, { namespace: 'ballast-system', name: 'ballast-controller' }],
    ['admin', undefined],
    ['system:serviceaccount:ballast-system', undefined],
    ['system:serviceaccount:a:b:c', undefined],
    ['x system:serviceaccount:a:b', undefined],
    ['', undefined],
  ] as const) {
    it(`is ${account ? `${account.namespace}/${account.name}` : 'none'} for "${username}"`, () => {
      expect(accountIn(review(username))).eql(account);
    });
  }

  it('is none in an answer without a user', () => {
    expect(accountIn({ metadata: { name: '' } })).equal(undefined);
  });

  it('fits settings that say nothing, where it is the usual one', async () => {
    expect(await check({ username: USUAL })).eql(['none', [ASKS, TRIES]]);
  });

  it('fits settings that name it', async () => {
    const controller = { namespace: 'platform', serviceAccount: 'acme-ballast-controller' };
    expect(await check({ username: OTHER, settings: filledSettings({ controller }) })).eql(['none', [ASKS, TRIES]]);
  });

  for (const controller of [{}, { namespace: 'platform' }, { serviceAccount: 'acme-ballast-controller' }]) {
    it(`does not fit ${JSON.stringify(controller)} in whole`, () => {
      const account = { namespace: 'platform', name: 'acme-ballast-controller' };
      expect(settingsProblem(account, filledSettings({ controller }))).include(
        'set controller: {namespace: platform, serviceAccount: acme-ballast-controller} in ballast.yaml',
      );
    });
  }

  it('is held when a policy comes into force a little later', async () => {
    expect(await check({ username: USUAL, letThrough: 3 })).eql(['none', [ASKS, TRIES, TRIES, TRIES, TRIES]]);
  });

  it('is not held when a Role with every right is let through for ten seconds', async () => {
    const [problem, calls] = await check({ username: USUAL, letThrough: Infinity });
    expect(problem).include('may give itself every right in shop');
    expect(calls.length).equal(11);
  });

  it('of a user that is no service account is not checked', async () => {
    expect(await check({ username: 'admin', letThrough: Infinity })).eql(['none', [ASKS]]);
  });

  it('that cannot be determined stops nothing', async () => {
    const failure = new ApiError({ code: 0, reason: 'NoAnswer' }, 'no answer');
    expect(await check({ username: USUAL, failure })).eql(['none', [ASKS, 'warned']]);
  });
});
