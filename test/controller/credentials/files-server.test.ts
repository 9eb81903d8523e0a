import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Client } from 'pg';
import { makeKeys } from '../../../certificates/keys.ts';
import { certificateIn } from '../../../controller/credentials/certificate.ts';
import { makePassword } from '../../../controller/credentials/password.ts';
import { LIFETIMES } from '../../../controller/credentials/hosts.ts';
import { names } from '../../../generator/names.ts';
import { filesIn, takeSteps } from './members-files.ts';
import type { Postgresql } from './postgresql.ts';
import { refusalOf, startPostgresql } from './postgresql.ts';
import { StoredSecrets, modelFor } from '../../../lab/credentials/stored-secrets.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const PASSWORD = makePassword().reveal();
const NAMES = [
  'orders-primary',
  'orders-primary.shop.svc',
  'orders-replica.shop.svc.cluster.local',
  'orders-0.orders-pods.shop.svc',
];

describe('The files of the members, in a real PostgreSQL', function () {
  this.timeout(120_000);
  const model = modelFor('orders', 'shop');
  const stored = new StoredSecrets(model);
  let server: Postgresql;

  /** Takes the steps that are due so many days from now; gives their names. */
  const steps = (days: number): Promise<string[]> =>
    takeSteps(stored, { target: model, now: new Date(Date.now() + days * DAY), makeKeys });
  const files = () => filesIn(stored, 'orders');
  const connect = (): Promise<Client> => server.connect({ user: 'postgres', password: PASSWORD, database: 'postgres' });

  /** Serial number of the certificate in a new session. */
  async function shown(): Promise<string | undefined> {
    const client = await connect();
    const { stream } = (client as unknown as { connection: { stream: TLSSocket } }).connection;
    const serial = stream.getPeerX509Certificate()?.serialNumber;
    await client.end();
    return serial;
  }

  /** Makes the server read the Secret's present contents, as a reload by Patroni does. */
  async function reload(): Promise<void> {
    const pair = stored.get(names.tlsSecret('orders'));
    const wanted = pair && certificateIn(pair.data)?.serialNumber;
    server.show(files());
    while ((await shown()) !== wanted) await sleep(10);
  }

  before(async function () {
    // The next authority was announced half a year ago, and is to take over now but was not an hour ago.
    const announced = -((LIFETIMES.noticeMs ?? 0) + LIFETIMES.propagationMs + MINUTE) / DAY;
    const made = announced - (LIFETIMES.authorityMs * 2) / 3 / DAY;
    expect(await steps(made)).to.deep.equal(['create', 'renew']);
    expect(await steps(announced)).to.deep.equal(['renew', 'stage', 'publish', 'mark']);
    expect(await steps(-1 / 24)).to.deep.equal(['renew']);
    const started = await startPostgresql(PASSWORD, files());
    if (!started) this.skip();
    server = started;
  });

  after(() => (server as Postgresql | undefined)?.stop());

  for (const host of NAMES) {
    it(`are trusted as ${host}`, async () => {
      expect(await server.login('postgres', PASSWORD, { host })).to.equal('postgres');
    });
  }

  it('are not trusted as another Database', async () => {
    const attempt = server.login('postgres', PASSWORD, { host: 'other-primary.shop.svc' });
    expect(await refusalOf(attempt)).to.include('does not match host name');
  });

  it('change under a new authority while sessions stay and clients that trust both go on', async () => {
    const copy = (name: string, text: string): string => {
      writeFileSync(join(server.folder, name), text);
      return join(server.folder, name);
    };
    const [oldest = ''] = files()['ca.crt'].split(/(?<=-----END CERTIFICATE-----\n)/);
    const single = copy('single.crt', oldest);
    const both = copy('both.crt', files()['ca.crt']);
    expect(await server.login('postgres', PASSWORD, { authorities: single })).to.equal('postgres');
    const session = await connect();

    // The bundle begins with the new authority, which is why the pair is made again, by it.
    expect(await steps(0)).to.deep.equal(['promote', 'publish']);
    await reload();

    expect(await server.login('postgres', PASSWORD, { authorities: both })).to.equal('postgres');
    expect(await server.login('postgres', PASSWORD)).to.equal('postgres');
    expect(await refusalOf(server.login('postgres', PASSWORD, { authorities: single }))).to.include('verify failed');
    expect((await session.query('SELECT 1 AS one')).rows).to.deep.equal([{ one: 1 }]);
    await session.end();
  });
});
