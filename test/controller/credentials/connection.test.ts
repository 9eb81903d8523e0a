import { expect } from 'chai';
import fc from 'fast-check';
import { Confidential } from '../../../controller/credentials/confidential.ts';
import { connectionOf } from '../../../controller/credentials/connection.ts';
import type { Target } from '../../../controller/credentials/connection.ts';

const ORDERS = { name: 'orders', namespace: 'shop' };

function shown(engine: Target['engine'], password = 's3cret'): Record<string, string> {
  const texts = Object.entries(connectionOf({ ...ORDERS, engine }, new Confidential(password)));
  return Object.fromEntries(texts.map(([key, text]) => [key, text.reveal()]));
}

describe('What an application connects with', () => {
  it('is in the forms that clients of PostgreSQL read', () => {
    expect(shown('postgresql')).to.deep.equal({
      username: 'app',
      password: 's3cret',
      database: 'app',
      host: 'orders-primary.shop.svc',
      port: '5432',
      uri: 'postgresql://app:s3cret@orders-primary.shop.svc:5432/app?sslmode=require',
      'jdbc-uri': 'jdbc:postgresql://orders-primary.shop.svc:5432/app?user=app&password=s3cret&sslmode=require',
      pgpass: 'orders-primary.shop.svc:5432:app:app:s3cret\n',
    });
  });

  it('is in the forms that clients of MySQL read', () => {
    const { uri, 'jdbc-uri': jdbc, port, pgpass } = shown('mysql');
    expect(uri).to.equal('mysql://app:s3cret@orders-primary.shop.svc:3306/app');
    expect(jdbc).to.equal('jdbc:mysql://orders-primary.shop.svc:3306/app?user=app&password=s3cret&sslMode=REQUIRED');
    expect(port).to.equal('3306');
    expect(pgpass).to.equal(undefined);
  });

  it('is in the form that clients of MongoDB read', () => {
    const { uri, 'jdbc-uri': jdbc } = shown('mongodb');
    expect(uri).to.equal('mongodb://app:s3cret@orders-primary.shop.svc:27017/app?tls=true');
    expect(jdbc).to.equal(undefined);
  });

  it('gives any password back to a parser, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter((one) => !one.includes('\n')),
        (password) => {
          const { uri = '', 'jdbc-uri': jdbc = '', pgpass = '' } = shown('postgresql', password);
          const read = new URL(uri);
          expect(decodeURIComponent(read.password)).to.equal(password);
          expect([read.username, read.host, read.pathname]).to.deep.equal([
            'app',
            'orders-primary.shop.svc:5432',
            '/app',
          ]);
          expect(new URL(jdbc.slice('jdbc:'.length)).searchParams.get('password')).to.equal(password);
          const fields = pgpass.slice(0, -1).split(/(?<!(?:^|[^\\])(?:\\\\)*\\):/);
          expect(fields).to.have.length(5);
          expect(fields[4]?.replace(/\\(.)/gu, '$1')).to.equal(password);
        },
      ),
    );
  });
});
