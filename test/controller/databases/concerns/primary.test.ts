import { expect } from 'chai';
import { plainConfiguration } from '../../../../controller/engines/postgresql/configuration.ts';
import { NO_SETTINGS } from '../../../../database/settings.ts';
import { modelOf } from '../../../../generator/model.ts';
import { restartSettings } from '../../../../generator/postgresql/settings.ts';
import { choose } from '../../../../controller/databases/concerns/decide.ts';
import type { Observation } from '../../../../controller/databases/observation.ts';
import {
  NOW,
  configured,
  healthy,
  member,
  saying,
  secondsAgo,
  waitingFor,
  without,
  workload,
} from '../../observations.ts';
import { itDecides } from './cases.ts';

const old = { revision: 'old' };
const broken = { ...old, ready: false, server: { state: 'waiting', restarts: 4, reason: 'CrashLoopBackOff' } } as const;

describe('Patroni’s configuration', () => {
  const seen = healthy(2);
  itDecides([
    { name: 'keeps what others have put there', seen: configured(seen, { pause: true, member_comment: 'mine' }) },
    {
      name: 'is written when it differs',
      seen: configured(seen, { ttl: 30 }),
      step: { do: 'configure', resourceVersion: '310' },
    },
    {
      name: 'is left to Patroni while it makes the cluster',
      seen: without({ ...seen, patroni: { ...seen.patroni!, config: {} } }, 'leader'),
      waits: 'the members take up the new configuration',
    },
    {
      name: 'is written when there is none although somebody leads',
      seen: { ...seen, patroni: { ...seen.patroni!, config: {} } },
      step: { do: 'configure' },
    },
    {
      name: 'takes back what was lent',
      seen: configured(seen, { synchronous_node_count: 2 }),
      step: { do: 'configure' },
    },
    {
      name: 'is left while it breaks rules',
      seen: { ...configured(seen, { ttl: 30 }), problems: ['one'] },
      waits: 'breaks rules',
    },
    {
      name: 'is left while it sleeps',
      seen: configured(healthy(2, { own: { annotations: { 'db.example.com/hibernate': 'true' } } }), { ttl: 30 }),
    },
    {
      name: 'is left while the primary changes',
      seen: {
        ...configured(seen, { ttl: 30 }),
        switchover: { resourceVersion: '1', from: 'orders-0', to: 'orders-1' },
      },
      waits: 'switches over from orders-0 to orders-1',
    },
  ]);

  it('loses a parameter that was taken out of the spec', () => {
    const parameters = {
      ...(seen.patroni!.config['postgresql'] as { parameters: object }).parameters,
      work_mem: '1GB',
    };
    const choice = choose(configured(seen, { postgresql: { parameters, pg_hba: ['mine'] } }), NOW);
    const { postgresql } = (
      choice?.step as unknown as { config: Record<string, { parameters: object; pg_hba: object }> }
    ).config;
    expect(postgresql?.parameters).to.not.have.property('work_mem');
    expect(postgresql?.pg_hba).to.deep.equal(['mine']);
  });

  describe('has of Ballast’s own settings those that take a restart as they were rendered', () => {
    /** The parameters that are wanted when an earlier version rendered these settings of its own. */
    function wanted(restartSettings: Readonly<Record<string, string>>, spec = {}): object {
      const { postgresql } = plainConfiguration({ ...healthy(2, { spec }), restartSettings });
      return (postgresql as { parameters: object }).parameters;
    }
    const now = restartSettings(modelOf(seen.own.database, NO_SETTINGS));

    it('and waits for the manifests where this version has another', () => {
      expect(wanted({ ...now, max_wal_senders: '10' })).to.include({
        max_wal_senders: '10',
        wal_sender_timeout: '10s',
      });
    });

    it('and waits for the manifests where this version has one more, or one less', () => {
      const before: Record<string, string> = { ...now };
      delete before['wal_log_hints'];
      const parameters = JSON.parse(
        JSON.stringify(wanted({ ...before, ssl: 'on', max_files_per_process: '500' })),
      ) as object;
      expect(parameters).to.include({ max_files_per_process: '500' }).and.not.have.any.keys('wal_log_hints', 'ssl');
    });

    it('but what the spec says holds at once', () => {
      const spec = { parameters: { max_connections: '300' } };
      expect(wanted(now, spec)).to.include({ max_connections: '300' });
    });
  });
});

describe('A rollout', () => {
  const three = (...changes: Partial<ReturnType<typeof member>>[]): Observation =>
    healthy(3, { pods: [0, 1, 2].map((n) => member(n, n === 0 ? 'primary' : 'replica', changes[n])) });
  /** New passwords of the system have been in force for so many seconds; the last standby may be another. */
  const rotated = (seconds: number, standby: Partial<ReturnType<typeof member>> = {}): Observation => ({
    ...three({}, {}, standby),
    credentials: { ...healthy(1).credentials!, membersSince: secondsAgo(seconds) },
  });
  /** A standby that was started so many seconds ago, and is not ready. */
  const unready = (seconds: number): Partial<ReturnType<typeof member>> => ({
    ready: false,
    readyChangedAt: secondsAgo(5),
    server: { state: 'running', restarts: 0, startedAt: secondsAgo(seconds) },
  });
  const pending = (seen: Observation, ...pods: ReturnType<typeof member>[]): Observation => ({
    ...seen,
    pods: seen.pods.map((pod) => pods.find(({ name }) => name === pod.name) ?? pod),
  });

  itDecides([
    {
      name: 'begins with the standby of the highest ordinal',
      seen: three(old, old, old),
      step: { do: 'delete-pod', pod: 'orders-2' },
    },
    {
      name: 'waits for the member that it has just recreated',
      seen: three(old, old, { ready: false }),
      waits: 'orders-2 is not ready',
    },
    {
      name: 'waits for the member that comes back to follow',
      seen: pending(three(old, old), saying(member(2, 'replica'), { follows: false })),
      waits: 'orders-2 does not follow yet',
    },
    {
      name: 'waits for a member that is missing',
      seen: { ...three(old, old), pods: three(old, old).pods.slice(0, 2) },
      waits: 'orders-2 is not there',
    },
    { name: 'goes on with the next standby', seen: three(old, old), step: { do: 'delete-pod', pod: 'orders-1' } },
    {
      name: 'switches over when the primary is left',
      seen: three(old),
      step: { do: 'switchover', from: 'orders-0', to: 'orders-1' },
    },
    {
      name: 'switches over only to a synchronous standby',
      seen: healthy(3, {
        synchronous: ['orders-2'],
        own: {
          annotations: { 'db.example.com/switchover': 'any' },
          status: { handled: { switchover: { request: 'any', from: 'orders-0' } } },
        },
      }),
      step: { do: 'switchover', from: 'orders-0', to: 'orders-2' },
    },
    {
      name: 'has the standby made synchronous when it is not',
      seen: { ...healthy(2, { pods: [member(0, 'primary', old), member(1, 'replica')] }), synchronous: ['orders-9'] },
      step: { do: 'configure' },
    },
    {
      name: 'waits until every standby is synchronous: commits would wait for the former primary otherwise',
      seen: { ...three(old), synchronous: ['orders-2'] },
      waits: 'until every standby is synchronous',
    },
    {
      name: 'makes the only member anew',
      seen: healthy(1, { pods: [member(0, 'primary', old)] }),
      step: { do: 'delete-pod', pod: 'orders-0' },
    },
    {
      name: 'waits while Patroni is paused',
      seen: configured(three(old, old, old), { pause: true }),
      waits: 'Patroni is paused',
    },
    {
      name: 'waits until the new template is known',
      seen: { ...three(old), workload: workload(3, { generation: 2 }) },
    },
    {
      name: 'replaces a broken member of an old template although another is not ready',
      seen: three({}, broken, { ready: false }),
      step: { do: 'delete-pod', pod: 'orders-1' },
    },
    {
      name: 'replaces broken standbys before the primary that is broken too',
      seen: three(broken, broken, { ready: false, ...old }),
      step: { do: 'delete-pod', pod: 'orders-2' },
    },
    {
      name: 'replaces a broken primary when nobody else serves',
      seen: three(broken, { ready: false }, { ready: false }),
      step: { do: 'delete-pod', pod: 'orders-0' },
    },
    {
      name: 'leaves a broken primary to Patroni while somebody serves',
      seen: three(broken, {}, {}),
      waits: 'orders-0 is not ready',
    },
    {
      name: 'gives a member that runs some time to become ready',
      seen: three({}, { ...old, ready: false, readyChangedAt: secondsAgo(10) }),
      waits: 'orders-1 is not ready',
    },
    {
      name: 'replaces a member that runs and does not become ready',
      seen: three({}, { ...old, ready: false, readyChangedAt: secondsAgo(31) }),
      step: { do: 'delete-pod', pod: 'orders-1' },
    },
    {
      name: 'leaves a broken member of the present template: making it anew changes nothing',
      seen: three({}, { ...broken, revision: 'new' }),
    },
    {
      name: 'makes members anew that hold old passwords',
      seen: rotated(600),
      step: { do: 'delete-pod', pod: 'orders-2' },
    },
    {
      name: 'does not wait for a standby that cannot log in any more: it was the primary when passwords were rotated',
      seen: rotated(600, unready(3590)),
      step: { do: 'delete-pod', pod: 'orders-2' },
    },
    {
      name: 'waits for a standby that was recreated since passwords were rotated',
      seen: rotated(600, unready(6)),
      waits: 'orders-2 is not ready',
    },
    {
      name: 'lets clocks differ by a minute',
      seen: rotated(30),
    },
    {
      name: 'restarts standbys first',
      seen: pending(
        three(),
        waitingFor(member(0, 'primary'), 'max_connections', '100', '200'),
        waitingFor(member(2, 'replica'), 'max_connections', '100', '200'),
      ),
      step: { do: 'restart-server', pod: 'orders-2', role: 'replica' },
    },
    {
      name: 'waits until all members have taken up a new configuration',
      seen: configured(
        pending(three(), waitingFor(member(0, 'primary'), 'max_connections', '100', '200')),
        {},
        secondsAgo(5),
      ),
      waits: 'take up the new configuration',
    },
    {
      name: 'leaves a standby with a lower value until the primary can have said that it waits for it too',
      seen: configured(
        pending(three(), waitingFor(member(2, 'replica'), 'max_connections', '200', '100')),
        {},
        secondsAgo(5),
      ),
      waits: 'take up the new configuration',
    },
    {
      name: 'switches over instead of restarting the primary',
      seen: pending(three(), waitingFor(member(0, 'primary'), 'max_connections', '100', '200')),
      step: { do: 'switchover', from: 'orders-0', to: 'orders-1' },
    },
    {
      name: 'restarts the primary in place for a lower value that standbys follow',
      seen: pending(
        three(),
        waitingFor(member(0, 'primary'), 'max_connections', '200', '100'),
        waitingFor(member(2, 'replica'), 'max_connections', '200', '100'),
      ),
      step: { do: 'restart-server', pod: 'orders-0', role: 'primary' },
    },
    {
      name: 'restarts standbys for a lower value once the primary has it',
      seen: pending(three(), waitingFor(member(2, 'replica'), 'max_connections', '200', '100')),
      step: { do: 'restart-server', pod: 'orders-2', role: 'replica' },
    },
    {
      name: 'switches over for a lower value that standbys do not follow',
      seen: pending(three(), waitingFor(member(0, 'primary'), 'max_files_per_process', '200', '100')),
      step: { do: 'switchover', from: 'orders-0', to: 'orders-1' },
    },
    {
      name: 'restarts the only member',
      seen: { ...healthy(1), pods: [waitingFor(member(0, 'primary'), 'max_connections', '100', '200')] },
      step: { do: 'restart-server', pod: 'orders-0', role: 'primary' },
    },
    {
      name: 'is the StatefulSet’s own work with other engines',
      seen: healthy(1, { spec: { engine: 'mysql', version: '8.4' }, pods: [member(0, 'primary', old)] }),
    },
  ]);
});
