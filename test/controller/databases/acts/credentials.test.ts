import { expect } from 'chai';
import { inspect } from 'node:util';
import { issueServer, makeAuthority } from '../../../../certificates/authority.ts';
import { act } from '../../../../controller/databases/acts/act.ts';
import type { Login, Member, Servers } from '../../../../controller/engines/servers.ts';
import { ServerError } from '../../../../controller/engines/servers.ts';
import { READ_DATABASE, READ_ROLES, TAKE_LOCK } from '../../../../controller/credentials/statements.ts';
import type { Step } from '../../../../controller/databases/decision.ts';
import { ApiError } from '../../../../kubernetes/api.ts';
import type { KubernetesObject } from '../../../../kubernetes/objects.ts';
import { keysAtOnce } from '../../../certificates/keys.ts';
import { part } from '../../../../lab/world/objects.ts';
import { Stand, owned } from './stand.ts';

const LEADER = owned('ConfigMap', 'orders-leader', { metadata: { annotations: { leader: 'orders-1' } } });
const SECRETS = ['superuser', 'replication', 'app', 'tls'] as const;

/** A primary that accepts one password of the superuser, and records its statements. */
class Primary {
  readonly members: Member[] = [];
  readonly logins: Login[] = [];
  readonly statements: string[] = [];
  readonly roles = new Map<string, string>([['postgres', '']]);
  hasDatabase = false;
  sessions = 0;
  takes: (login: Login) => boolean = () => true;
  /** Called when a session asks for the advisory lock for passwords; returns whether the session gets it. */
  onLock: () => boolean = () => true;
  /** SQLSTATE with which it refuses every other statement than those that read. */
  refuses: string | undefined;

  readonly servers: Servers = {
    open: (member, login) => {
      this.members.push(member);
      this.logins.push(login);
      if (!this.takes(login)) return Promise.reject(new ServerError('the login failed (28P01)', '28P01'));
      this.sessions += 1;
      const end = (): Promise<void> => {
        this.sessions -= 1;
        return Promise.resolve();
      };
      return Promise.resolve({ run: (sql) => this.#run(sql), end });
    },
    restart: () => Promise.reject(new Error('nobody is to be restarted')),
  };

  #run(sql: string): Promise<Record<string, unknown>[]> {
    if (sql === READ_ROLES) {
      return Promise.resolve([...this.roles].map(([rolname, rolpassword]) => ({ rolname, rolpassword })));
    }
    if (sql === READ_DATABASE) return Promise.resolve(this.hasDatabase ? [{}] : []);
    if (sql === TAKE_LOCK) return Promise.resolve([{ locked: this.onLock() }]);
    this.statements.push(sql.replace(/'.*'/, "'…'"));
    if (this.refuses !== undefined) return Promise.reject(new ServerError('a statement failed', this.refuses));
    const [, role, verifier = ''] = /ROLE "(\w+)"(?:.*'(.*)')?/.exec(sql) ?? [];
    if (role !== undefined) this.roles.set(role, verifier);
    this.hasDatabase ||= sql.startsWith('CREATE DATABASE');
    return Promise.resolve([]);
  }
}

async function step(stand: Stand, chosen: Step, primary?: Primary): Promise<unknown> {
  return stand.done(act(chosen, await stand.acting(primary?.servers)));
}

/** Everything is made: the Secrets, one step each, the certificate in two. */
async function withSecrets(objects: readonly KubernetesObject[] = [LEADER]): Promise<Stand> {
  const stand = await Stand.with(objects);
  for (const secret of [...SECRETS, 'tls'] as const) await step(stand, { do: 'create-secret', secret });
  return stand;
}

/** One step sets the passwords, another finds them set. */
async function putInForce(stand: Stand, primary: Primary): Promise<void> {
  await step(stand, { do: 'ensure-application-role' }, primary);
  await step(stand, { do: 'ensure-application-role' }, primary);
}

function annotate({ fake }: Stand, annotations: Record<string, string>): void {
  fake.change('Database', 'shop/orders', (old) => ({ ...old, metadata: { ...old.metadata, annotations } }));
}

const passwordOf = ({ fake }: Stand, name: string): unknown =>
  part(fake.get('Secret', `shop/${name}`), 'data')['password'];
const remembered = async (stand: Stand) => (await stand.acting()).remembered.credentials;

describe('Credentials', () => {
  it('are made a Secret at a time, and what is remembered of them holds nothing secret', async () => {
    const stand = await withSecrets();
    expect(stand.written()).eql(
      ['superuser', 'replication', 'app', 'ca', 'tls'].map((end) => `create Secret shop/orders-${end}`),
    );
    const facts = await remembered(stand);
    expect([...(facts?.present.keys() ?? [])].sort()).eql(
      stand.fake.all('Secret').map(({ metadata }) => metadata.name),
    );
    const shown = inspect(facts, { depth: 9 });
    for (const object of stand.fake.all('Secret')) {
      for (const key of ['password', 'uri', 'tls.key', 'ca.key']) {
        const { [key]: value } = part(object, 'data') as Record<string, string | undefined>;
        if (value !== undefined) expect(shown).not.include(Buffer.from(value, 'base64').toString());
      }
    }
  });

  it('that are there already are never written', async () => {
    const stand = await withSecrets();
    const before = stand.fake.all('Secret');
    for (const secret of SECRETS) await step(stand, { do: 'create-secret', secret });
    await step(stand, { do: 'renew-certificate' });
    expect(stand.fake.all('Secret')).eql(before);
  });

  it('are put in force on the primary, at its own name, over its own authority', async () => {
    const stand = await withSecrets();
    const primary = new Primary();
    await step(stand, { do: 'ensure-application-role' }, primary);
    expect(primary.statements).eql([
      `ALTER ROLE "postgres" PASSWORD '…'`,
      `CREATE ROLE "replicator" LOGIN REPLICATION PASSWORD '…'`,
      `CREATE ROLE "app" LOGIN PASSWORD '…'`,
      'CREATE ROLE "ballast_monitor" LOGIN CONNECTION LIMIT 10 IN ROLE pg_monitor',
      'CREATE DATABASE "app" OWNER "app"',
    ]);
    expect((await remembered(stand))?.inForce).equal(false);
    await step(stand, { do: 'ensure-application-role' }, primary);
    expect((await remembered(stand))?.inForce).equal(true);
    expect([...new Set(primary.members.map(({ host }) => host))]).eql(['orders-1.orders-pods.shop.svc.cluster.local']);
    const authority = part(stand.fake.get('Secret', 'shop/orders-tls'), 'data')['ca.crt'];
    expect(primary.members[0]?.authority).equal(Buffer.from(String(authority), 'base64').toString());
    expect(primary.sessions).equal(0);
  });

  it('that are in force already are known to be so after they were read', async () => {
    const stand = await withSecrets();
    const primary = new Primary();
    await step(stand, { do: 'ensure-application-role' }, primary);
    stand.memory.forget('shop/orders');
    await step(stand, { do: 'read-credentials' }, primary);
    expect((await remembered(stand))?.inForce).equal(true);
  });

  it('are read although the primary cannot be asked', async () => {
    const stand = await withSecrets();
    stand.memory.forget('shop/orders');
    const primary = new Primary();
    primary.takes = () => false;
    await step(stand, { do: 'read-credentials' }, primary);
    expect([(await remembered(stand))?.inForce, (await remembered(stand))?.present.size]).eql([false, 5]);
  });

  it('of the application are recreated once for each request', async () => {
    const stand = await withSecrets();
    const primary = new Primary();
    await step(stand, { do: 'ensure-application-role' }, primary);
    const before = passwordOf(stand, 'orders-app');
    annotate(stand, { 'db.example.com/rotate-credentials': 'today' });
    await stand.clock.advance(10);
    const rotate = { do: 'rotate-credentials', of: 'application', request: 'today' } as const;
    await step(stand, rotate, primary);
    const after = passwordOf(stand, 'orders-app');
    expect(after).not.equal(before);
    expect((await remembered(stand))?.rotation).equal('today');
    primary.statements.length = 0;
    await step(stand, rotate, primary);
    await step(stand, rotate, primary);
    expect(primary.statements).eql([`ALTER ROLE "app" PASSWORD '…'`]);
    expect(passwordOf(stand, 'orders-app')).equal(after);
  });

  it('that were written without an answer are not taken to be in force, even when they are asked for no more', async () => {
    const stand = await withSecrets();
    const primary = new Primary();
    await putInForce(stand, primary);
    const before = passwordOf(stand, 'orders-app');
    annotate(stand, { 'db.example.com/rotate-credentials': 'today' });
    await stand.clock.advance(10);
    stand.api.weather = {
      call: ({ method }) => (method === 'PATCH' ? 'done-never' : undefined),
      event: () => undefined,
    };
    const rotate = { do: 'rotate-credentials', of: 'application', request: 'today' } as const;
    const failure = await step(stand, rotate, primary).catch((error: unknown) => error);
    expect(failure).instanceOf(ApiError);
    annotate(stand, {});
    await stand.clock.advance(10);
    expect(passwordOf(stand, 'orders-app')).not.equal(before);
    expect((await remembered(stand))?.inForce).equal(false);
    primary.statements.length = 0;
    await putInForce(stand, primary);
    expect(primary.statements).eql([`ALTER ROLE "app" PASSWORD '…'`]);
    expect((await remembered(stand))?.inForce).equal(true);
  });

  it('that the primary does not take are a problem for a person', async () => {
    const stand = await withSecrets();
    const primary = new Primary();
    primary.takes = () => false;
    await step(stand, { do: 'ensure-application-role' }, primary);
    const { problem, askAgainAt } = (await remembered(stand)) ?? {};
    expect(problem).match(/^the primary takes no password of the Secret orders-superuser; /);
    expect(askAgainAt && askAgainAt > stand.clock.date()).equal(true);
    primary.takes = () => true;
    await putInForce(stand, primary);
    expect(await remembered(stand))
      .include({ inForce: true })
      .and.not.have.property('problem');
  });

  it('are not set while another controller sets them', async () => {
    const stand = await withSecrets();
    const primary = new Primary();
    primary.onLock = () => false;
    const effect = await step(stand, { do: 'ensure-application-role' }, primary);
    expect(effect).eql({ waitsFor: 'another controller that sets passwords' });
    expect([primary.statements, primary.sessions]).eql([[], 0]);
  });

  it('that another controller recreated meanwhile are not overtaken by those before', async () => {
    const stand = await withSecrets();
    const primary = new Primary();
    primary.onLock = () => {
      const data = { ...part(stand.fake.get('Secret', 'shop/orders-app'), 'data'), password: 'bmV3' };
      stand.fake.change('Secret', 'shop/orders-app', (old) => ({ ...old, data }));
      return true;
    };
    await step(stand, { do: 'ensure-application-role' }, primary);
    expect([primary.statements, primary.sessions]).eql([[], 0]);
  });

  it('are asked for again at another primary, and when the lock went round', async () => {
    const stand = await withSecrets();
    const primary = new Primary();
    await putInForce(stand, primary);
    const inForce = async (): Promise<unknown> => (await stand.acting()).seen.credentials?.inForce;
    expect(await inForce()).equal(true);
    for (const annotations of [
      { leader: 'orders-0', transitions: '1' },
      { leader: 'orders-1', transitions: '2' },
    ]) {
      stand.fake.change('ConfigMap', 'shop/orders-leader', (old) => ({
        ...old,
        metadata: { ...old.metadata, annotations },
      }));
      await stand.clock.advance(100);
      expect(await inForce()).equal(false);
    }
  });

  it('go on without a certificate that is in order, which is a problem of its own', async () => {
    const stand = await withSecrets();
    const bring = (tls: string): void => {
      stand.fake.put({
        ...{ kind: 'Secret', metadata: { name: 'orders-tls', namespace: 'shop' } },
        data: { ...part(stand.fake.get('Secret', 'shop/orders-tls'), 'data'), 'tls.crt': tls },
      });
    };
    const before = part(stand.fake.get('Secret', 'shop/orders-tls'), 'data')['tls.crt'];
    bring('eA==');
    await step(stand, { do: 'renew-certificate' });
    const facts = await remembered(stand);
    expect(facts?.certificateProblem).match(
      /^the Secret orders-tls was made by somebody else and holds no certificate; /,
    );
    expect(facts?.renewAt && facts.renewAt > stand.clock.date()).equal(true);
    expect(facts?.problem).equal(undefined);
    const primary = new Primary();
    await putInForce(stand, primary);
    expect((await remembered(stand))?.certificateProblem).equal(facts?.certificateProblem);
    expect((await remembered(stand))?.inForce).equal(true);
    bring(String(before));
    await step(stand, { do: 'renew-certificate' });
    expect((await remembered(stand))?.certificateProblem).equal(undefined);
  });

  it('are put in force over a connection with the Database’s certificate, unless that is not for clients', async () => {
    const stand = await withSecrets();
    const primary = new Primary();
    await putInForce(stand, primary);
    const there = part(stand.fake.get('Secret', 'shop/orders-tls'), 'data');
    const textOf = (key: string): string => Buffer.from(String(there[key]), 'base64').toString();
    expect(primary.logins[0]?.pair?.certificate).equal(textOf('tls.crt'));
    expect(primary.logins[0]?.pair?.key.reveal()).equal(textOf('tls.key'));
    const life = { name: 'orders', keys: keysAtOnce(), now: stand.clock.date(), lifetimeMs: 86_400_000 };
    const { certificate } = issueServer({ ...life, authority: makeAuthority(life), hosts: ['localhost'] });
    stand.fake.change('Secret', 'shop/orders-tls', (old) => ({
      ...old,
      data: { ...there, 'tls.crt': Buffer.from(certificate).toString('base64') },
    }));
    await step(stand, { do: 'ensure-application-role' }, primary);
    expect(primary.logins.at(-1)).not.have.property('pair');
  });

  it('wait while there is no leader', async () => {
    const stand = await withSecrets([]);
    await step(stand, { do: 'ensure-application-role' }, new Primary());
    expect((await remembered(stand))?.inForce).equal(false);
  });

  for (const [name, code, fails] of [
    ['what somebody else made meanwhile is no failure', '42710', false],
    ['what the primary refuses is a failure', '42501', true],
  ] as const) {
    it(name, async () => {
      const stand = await withSecrets();
      const primary = new Primary();
      primary.refuses = code;
      const failure: unknown = await step(stand, { do: 'ensure-application-role' }, primary).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure instanceof ServerError).equal(fails);
      expect(primary.sessions).equal(0);
    });
  }

  it('that were deleted are read again', async () => {
    const stand = await withSecrets();
    const { uid = '', resourceVersion = '' } = stand.fake.get('Secret', 'shop/orders-app')?.metadata ?? {};
    const object = { apiVersion: 'v1', kind: 'Secret', name: 'orders-app', uid, resourceVersion };
    await step(stand, { do: 'delete', object });
    expect(await remembered(stand)).equal(undefined);
    expect(stand.fake.get('Secret', 'shop/orders-app')).equal(undefined);
  });
});
