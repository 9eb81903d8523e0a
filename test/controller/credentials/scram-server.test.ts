import { expect } from 'chai';
import fc from 'fast-check';
import type { Client } from 'pg';
import { Confidential } from '../../../controller/credentials/confidential.ts';
import { makePassword } from '../../../controller/credentials/password.ts';
import { quoteIdentifier, quoteLiteral } from '../../../controller/credentials/quote.ts';
import { isVerifierOf, makeVerifier } from '../../../controller/credentials/scram.ts';
import { membersFiles } from './members-files.ts';
import type { Postgresql } from './postgresql.ts';
import { refusalOf, startPostgresql } from './postgresql.ts';

const hidden = (text: string): Confidential => new Confidential(text);
const SUPERUSER = makePassword().reveal();

/** Passwords that a user may bring; each means something else to SASLprep, SQL or a shell. */
const PASSWORDS: readonly { readonly name: string; readonly password: string }[] = [
  { name: 'one that Ballast made', password: makePassword().reveal() },
  { name: 'quotes and backslashes', password: `a'b"c\\d\\'e$$f%g` },
  { name: 'spaces around', password: '  x  ' },
  { name: 'accents', password: 'pässwörd' },
  { name: 'an accent of its own', password: 'e\u0301' },
  { name: 'what NFKC changes', password: '\u2168 \ufb01' },
  { name: 'a soft hyphen', password: 'I\u00adX' },
  { name: 'nothing but a soft hyphen', password: '\u00ad' },
  { name: 'a space without a break', password: 'a\u00a0b' },
  { name: 'Hebrew', password: '\u05d0\u05d1' },
  { name: 'Hebrew that ends with a digit, which SASLprep forbids', password: '\u05d01' },
  { name: 'a key that Unicode 3.2 did not know', password: '🔑' },
  { name: 'a control character in ASCII', password: 'a\u0001b' },
  { name: 'a control character beside an accent, which SASLprep forbids', password: 'ä\u0001' },
  { name: 'a thousand letters', password: 'ä'.repeat(1000) },
];

/** Characters of Unicode 3.2 that stand for others. */
const OLD = ['\u00ad', '\u00a0', '\u2168', '\u0301', 'ﬁ', '\u200b'];

const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom(...OLD, '\u05d0', '\u0663', "'", '\\', '"', '$$', '\n'),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join('').replaceAll('\0', ''))
  .filter((one) => one !== '');

/** What PostgreSQL and RFC 4013 read alike: see `prepared` in scram.ts. */
const anyPassword = anyText.map((text) =>
  [...text].map((one) => (one.normalize('NFKC') === one || OLD.includes(one) ? one : 'x')).join(''),
);

describe('A real PostgreSQL', function () {
  this.timeout(120_000);
  let server: Postgresql;
  let admin: Client;
  const ends: (() => Promise<void>)[] = [];

  before(async function () {
    const started = await startPostgresql(SUPERUSER, await membersFiles('orders', 'shop'));
    if (!started) this.skip();
    server = started;
    ends.push(server.stop);
    admin = await server.connect({ user: 'postgres', password: SUPERUSER, database: 'postgres' });
    ends.unshift(() => admin.end());
    await admin.query('CREATE ROLE scram LOGIN');
  });

  after(async () => {
    for (const end of ends) await end();
  });

  async function stored(role: string): Promise<Confidential> {
    const { rows } = await admin.query<{ rolpassword: string | null }>(
      `SELECT rolpassword FROM pg_catalog.pg_authid WHERE rolname = ${quoteLiteral(role)}`,
    );
    return hidden(rows[0]?.rolpassword ?? '');
  }

  describe('with verifiers that Ballast made', () => {
    for (const { name, password } of PASSWORDS) {
      it(`accepts the password: ${name}`, async () => {
        const verifier = makeVerifier(hidden(password)).reveal();
        await admin.query(`ALTER ROLE scram PASSWORD ${quoteLiteral(verifier)}`);
        expect((await stored('scram')).reveal()).to.equal(verifier);
        expect(await server.login('scram', password)).to.equal('scram');
        expect(await refusalOf(server.login('scram', `${password}!`))).to.include('password authentication failed');
      });

      it(`makes a verifier that Ballast knows again: ${name}`, async () => {
        await admin.query(`ALTER ROLE scram PASSWORD ${quoteLiteral(password)}`);
        const verifier = await stored('scram');
        expect(await isVerifierOf(verifier, hidden(password))).to.equal(true);
        expect(await isVerifierOf(verifier, hidden(`${password}!`))).to.equal(false);
      });
    }

    it('agrees with Ballast about any text as a password', async () => {
      await fc.assert(
        fc.asyncProperty(anyPassword, async (password) => {
          await admin.query(`ALTER ROLE scram PASSWORD ${quoteLiteral(password)}`);
          expect(await isVerifierOf(await stored('scram'), hidden(password))).to.equal(true);
        }),
        { numRuns: 200 },
      );
    });
  });

  describe('reads what Ballast quotes', () => {
    for (const conforming of ['on', 'off']) {
      it(`as any text, with standard_conforming_strings ${conforming}`, async () => {
        const client = await server.connect({ user: 'postgres', password: SUPERUSER, database: 'postgres' });
        await client.query(`SET standard_conforming_strings = ${conforming}`);
        await fc.assert(
          fc.asyncProperty(anyText, async (text) => {
            const { rows } = await client.query<{ text: string }>(`SELECT${quoteLiteral(text)}::text AS text`);
            expect(rows[0]?.text).to.equal(text);
          }),
        );
        await client.end();
      });
    }

    it('as any name that fits', async () => {
      await fc.assert(
        fc.asyncProperty(
          anyText.filter((one) => Buffer.byteLength(one) < 64),
          async (name) => {
            const { fields } = await admin.query(`SELECT 1 AS ${quoteIdentifier(name)}`);
            expect(fields[0]?.name).to.equal(name);
          },
        ),
      );
    });
  });
});
