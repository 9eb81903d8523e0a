import { X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import type { Manifest } from '../../generator/metadata.ts';
import { names } from '../../generator/names.ts';
import { nameOf } from '../generator/manifests.ts';
import { until } from '../cluster/controller.ts';
import { makeCredentials } from '../../lab/credentials/make-credentials.ts';
import { untilShown } from './shown-certificate.ts';
import { story } from './story.ts';

/** Long enough for the members to be there before. */
const DUE_MS = 120_000;

/** When the certificate of a Database is to be renewed: after two thirds of its life. */
function dueOf(credentials: readonly Manifest[]): number {
  const pair = credentials.find((one) => nameOf(one) === names.tlsSecret('orders')) as { data?: { 'tls.crt': string } };
  const text = Buffer.from(pair.data?.['tls.crt'] ?? '', 'base64');
  const { validFromDate, validToDate } = new X509Certificate(text);
  return validFromDate.getTime() + ((validToDate.getTime() - validFromDate.getTime()) * 2) / 3;
}

/** The Secrets that the controller would have made so long ago that the certificate is due at a time. */
async function credentialsDueAt(namespace: string, due: number): Promise<Manifest[]> {
  const now = new Date();
  const age = dueOf(await makeCredentials(namespace, 'orders', { now })) - now.getTime();
  return makeCredentials(namespace, 'orders', { now: new Date(due - age) });
}

describe('a Database whose certificate grows old @long', function () {
  this.timeout('8m');
  let due: number;
  const { user, whileWriting } = story({
    namespace: 'aging',
    begin: async () => {
      due = Date.now() + DUE_MS;
      const items = await credentialsDueAt('aging', due);
      const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
      await user.kubectl.run(['apply', '--server-side', '--filename=-'], { input });
      await user.apply();
      await user.untilSettled();
    },
  });

  it('gets another after two thirds of its life, without a restart, under the same authority', async () => {
    expect(Date.now(), 'it was ready in time').to.be.below(due);
    const [old, authority] = [await user.secret('tls', 'tls.crt'), await user.secret('tls', 'ca.crt')];
    const pods = await user.pods();
    await untilShown(user, old);
    await whileWriting('renewal', async () => {
      const made = await until(
        () => user.secret('tls', 'tls.crt'),
        (text) => text !== old,
        2 * DUE_MS,
      );
      expect(Date.now()).to.be.at.least(due - 1000);
      await untilShown(user, made);
    });
    expect(await user.secret('tls', 'ca.crt')).to.equal(authority);
    expect(await user.pods()).to.deep.equal(pods);
    expect((await user.events()).join('\n')).to.contain('CertificateRenewed');
    expect(await user.asApplication('SELECT 1')).to.equal('1');
  });

  it('gets Secrets again that were deleted, when a member starts that needs them', async () => {
    const secrets = ['secret/orders-tls', 'secret/orders-replication'];
    const before = await user.secret('tls', 'tls.crt');
    const refused = await user.kubectl.run(['delete', ...secrets.slice(1)]).catch(String);
    expect(refused).to.contain('orders-replication holds credentials of the Database orders');
    await user.kubectl.run([
      'annotate',
      'secret/orders-replication',
      'db.example.com/confirm-delete=orders-replication',
    ]);
    await user.kubectl.run(['delete', ...secrets]);
    const standby = (await user.pods()).find(({ role }) => role === 'replica');
    await user.kubectl.run(['delete', 'pod', standby?.name ?? '']);
    const made = await until(
      () => user.secret('tls', 'tls.crt'),
      (text) => text !== '',
      DUE_MS,
    );
    expect(made).not.to.equal(before);
    const { ready } = await user.untilSettled();
    expect(ready).to.equal('3/3');
    await untilShown(user, made);
  });
});
