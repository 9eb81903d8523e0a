import { inspect } from 'node:util';
import { expect } from 'chai';
import { decideCertificates } from '../../../controller/credentials/certificate.ts';
import { Confidential } from '../../../controller/credentials/confidential.ts';
import { quoteIdentifier, quoteLiteral } from '../../../controller/credentials/quote.ts';
import { decidePasswords } from '../../../controller/credentials/rotation.ts';
import { makeVerifier } from '../../../controller/credentials/scram.ts';
import { manifestOf, patchOf, secretNames } from '../../../controller/credentials/secret.ts';
import { roleStatements } from '../../../controller/credentials/statements.ts';
import { names } from '../../../generator/names.ts';
import { weakKeys } from '../../certificates/keys.ts';
import { certificatesIn, takeSteps } from './members-files.ts';
import { StoredSecrets, modelFor } from '../../../lab/credentials/stored-secrets.ts';

const SECRET = 'Tr0ub4dor';
const model = modelFor('orders', 'shop');
const hidden = new Confidential(SECRET);

/** All the ways in which a value comes into a log or a message. */
function shownOf(value: unknown): string {
  const error = new Error('failed', { cause: value });
  return [JSON.stringify(value), inspect(value, { depth: null, showHidden: true }), inspect(error)].join('\n');
}

describe('What is secret', () => {
  it('is shown by `reveal` only', () => {
    expect(`${String(hidden)} ${hidden.toString()}`).to.equal('[hidden] [hidden]');
    expect(shownOf({ hidden, list: [hidden] })).not.to.include(SECRET);
    expect(Object.keys(hidden)).to.deep.equal([]);
    expect(hidden.reveal()).to.equal(SECRET);
  });

  it('is not in the steps for passwords, however they are shown', () => {
    const password = new Confidential(SECRET);
    const made = decidePasswords(
      { target: model, annotations: {}, secrets: {}, primary: undefined },
      new Date(),
      () => password,
    );
    expect(made.step).to.equal('create');
    expect(shownOf(made)).not.to.include(SECRET);
  });

  it('is not in the statements, however they are shown', () => {
    const seen = { roles: new Map(), hasDatabase: false };
    const statements = roleStatements(new Map([['app', hidden]]), seen);
    expect(statements.map(({ what }) => what)).to.deep.equal([
      'create the role app',
      'create the role ballast_monitor',
      'create the database app',
    ]);
    expect(shownOf(statements)).not.to.include('SCRAM');
    expect(shownOf(makeVerifier(hidden))).not.to.include('SCRAM');
  });

  it('is not in the steps for certificates, however they are shown', async () => {
    const options = { target: model, now: new Date(), makeKeys: weakKeys() };
    const stored = new StoredSecrets(model);
    const authority = await decideCertificates(certificatesIn(stored, 'orders'), options);
    if ('write' in authority) stored.write(authority.write);
    const pair = await decideCertificates(certificatesIn(stored, 'orders'), options);
    for (const step of [authority, pair]) {
      expect('write' in step && step.write.verb).to.equal('create');
      expect(shownOf(step)).not.to.include('BEGIN');
    }
  });

  it('is not in the message about a text that cannot be quoted', () => {
    for (const quote of [quoteLiteral, quoteIdentifier]) {
      expect(() => quote(`${SECRET}\0`))
        .to.throw()
        .with.property('message')
        .that.does.not.include(SECRET);
    }
    expect(() => quoteIdentifier(SECRET.repeat(9))).to.throw('81 bytes');
    expect(() => quoteIdentifier('')).to.throw('0 bytes');
  });
});

describe('A Secret that Ballast makes', () => {
  const manifest = manifestOf(model, {
    name: 'orders-app',
    type: 'kubernetes.io/basic-auth',
    data: { password: hidden },
    annotations: { 'db.example.com/rotated-for': 'one' },
  });

  it('is found by the labels of its Database, has no owner, and is left alone by Argo CD', () => {
    expect(manifest).to.deep.equal({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'orders-app',
        namespace: 'shop',
        labels: {
          'app.kubernetes.io/component': 'database',
          'app.kubernetes.io/instance': 'orders',
          'app.kubernetes.io/managed-by': 'ballast',
          'app.kubernetes.io/name': 'postgresql',
          'app.kubernetes.io/part-of': 'orders',
          'db.example.com/database': 'orders',
        },
        annotations: {
          'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
          'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
          'db.example.com/rotated-for': 'one',
        },
      },
      type: 'kubernetes.io/basic-auth',
      data: { password: 'VHIwdWI0ZG9y' },
    });
  });

  it('is changed over the version that was read, key by key', () => {
    const change = {
      name: 'orders-app',
      data: { password: hidden, old: undefined },
      annotations: { a: 'b', c: undefined },
    };
    expect(patchOf(change, '7')).to.deep.equal({
      metadata: { resourceVersion: '7', annotations: { a: 'b', c: null } },
      data: { password: 'VHIwdWI0ZG9y', old: null },
    });
  });

  it('is among the names that a confirmed deletion removes, and so is every other but the passphrase of backups', async () => {
    const stored = new StoredSecrets(model);
    const options = { target: model, now: new Date(), makeKeys: weakKeys() };
    await takeSteps(stored, options);
    const made = [...stored.objects.keys(), ...['superuser', 'replication', 'app'].map((one) => `orders-${one}`)];
    expect(secretNames('orders').sort()).to.deep.equal(made.sort());
    const all = Object.entries(names).flatMap(([what, make]) => (what.endsWith('Secret') ? [make('orders', 0)] : []));
    const others = all.filter((name) => name !== names.backupKeySecret('orders'));
    expect(secretNames('orders').sort()).to.deep.equal(others.sort());
  });
});
