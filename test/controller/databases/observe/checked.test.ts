import { expect } from 'chai';
import { decide } from '../../../../controller/databases/concerns/decide.ts';
import { Stand } from '../acts/stand.ts';
import { projectDatabase, verdictOn } from '../../../../controller/cluster/database.ts';
import { NOW } from '../../observations.ts';

const MYSQL = { engine: 'mysql', version: '8.4' };

describe('A stored Database that breaks a rule', () => {
  it('says so in its conditions, here that new passwords of MySQL are asked for', async () => {
    const metadata = { annotations: { 'db.example.com/rotate-credentials': 'now' } };
    const { seen } = await (await Stand.with([], { spec: MYSQL, metadata })).acting();
    const { conditions = [] } = decide(seen, NOW).status;
    const stalled = conditions.find(({ type }) => type === 'Stalled');
    expect(`${stalled?.status ?? ''} ${stalled?.reason ?? ''}`).equal('True Invalid');
    expect(stalled?.message).equal(
      'metadata.annotations[db.example.com/rotate-credentials]: must not be set: passwords of MySQL cannot be rotated yet; take the annotation away; to change a password, set it in the server and then in the Secret (rotation-engine)',
    );
  });

  it('breaks none by a name that is reserved by now: it was let in when it was made', () => {
    const about = { name: 'default', namespace: 'shop', uid: 'u', resourceVersion: '1', labels: {} };
    const spec = { version: '17', storage: { size: '10Gi' } };
    const stored = { apiVersion: 'db.example.com/v1alpha1', kind: 'Database', metadata: about, spec };
    expect(verdictOn(projectDatabase(stored), NOW).problems).eql([]);
    const broken = projectDatabase({ ...stored, spec: { ...spec, replicas: 12 } });
    expect(verdictOn(broken, NOW).problems.join()).include('(replicas-range)');
  });

  it('is checked again when its spec, an annotation or the minute is another, and not otherwise', async () => {
    const stand = await Stand.with();
    const put = async (changes: { readonly spec?: object; readonly metadata?: object }): Promise<void> => {
      const metadata = { name: 'orders', namespace: 'shop', ...changes.metadata };
      stand.fake.put({
        kind: 'Database',
        metadata,
        spec: { version: '17', storage: { size: '1Gi' }, ...changes.spec },
      });
      await stand.clock.advance(100);
    };
    const seen: object[] = [(await stand.acting()).seen.own.database];
    const isNew = async (): Promise<boolean> => {
      const { database } = (await stand.acting()).seen.own;
      return !seen.includes(database) && seen.push(database) > 0;
    };
    expect(await isNew(), 'nothing changed').equal(false);
    await put({ spec: { replicas: 3 } });
    expect(await isNew(), 'replicas').equal(true);
    await put({ spec: { replicas: 3 }, metadata: { annotations: { 'db.example.com/hibernate': 'true' } } });
    expect(await isNew(), 'an annotation').equal(true);
    await stand.clock.advance(60_000);
    expect(await isNew(), 'a minute later').equal(true);
  });

  it('breaks none without the annotation', async () => {
    const { seen } = await (await Stand.with([], { spec: MYSQL })).acting();
    expect(seen.problems).eql([]);
  });
});
