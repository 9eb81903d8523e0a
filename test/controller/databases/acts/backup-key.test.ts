import { expect } from 'chai';
import { inspect } from 'node:util';
import { act } from '../../../../controller/databases/acts/act.ts';
import type { KubernetesObject } from '../../../../kubernetes/objects.ts';
import { part } from '../../../../lab/world/objects.ts';
import { Stand, owned } from './stand.ts';

const ENCRYPTED = { enabled: true, destination: 's3://acme/orders', encryption: { enabled: true } };

async function makeKey(stand: Stand): Promise<KubernetesObject | undefined> {
  await stand.done(act({ do: 'create-secret', secret: 'backup-key' }, await stand.acting()));
  return stand.fake.get('Secret', 'shop/orders-backup-key');
}

describe('The passphrase of backups', () => {
  it('is made once, and nothing secret is remembered of it', async () => {
    const stand = await Stand.with([], { spec: { backup: ENCRYPTED } });
    const made = await makeKey(stand);
    const passphrase = Buffer.from(String(part(made, 'data')['passphrase']), 'base64').toString();
    expect(passphrase).match(/^[A-Za-z0-9]{32}$/);
    expect(await makeKey(stand)).eql(made);
    expect(inspect((await stand.acting()).remembered.credentials, { depth: 9 })).not.include(passphrase);
  });

  it('is the one that a user brought, as it was brought', async () => {
    const brought = owned('Secret', 'orders-backup-key', { data: { passphrase: 'YnJvdWdodA==' } });
    const stand = await Stand.with([brought], { spec: { backup: ENCRYPTED } });
    const before = stand.fake.get('Secret', 'shop/orders-backup-key');
    expect(await makeKey(stand)).eql(before);
    expect(stand.written()).eql([]);
  });
});
