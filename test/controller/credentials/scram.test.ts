import { expect } from 'chai';
import { Confidential } from '../../../controller/credentials/confidential.ts';
import { isVerifierOf, makeVerifier, verifierOf } from '../../../controller/credentials/scram.ts';

const hidden = (text: string): Confidential => new Confidential(text);
const PENCIL = {
  password: hidden('pencil'),
  options: { salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'), iterations: 4096 },
};
/** Of the password and salt of RFC 7677's example. */
const KNOWN =
  'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=';

/** Passwords that RFC 4013 makes the same. */
const SAME: readonly { readonly name: string; readonly one: string; readonly other: string }[] = [
  { name: 'a soft hyphen is nothing', one: 'I\u00adX', other: 'IX' },
  { name: 'a roman nine is two letters', one: '\u2168', other: 'IX' },
  { name: 'a space without a break is a space', one: 'a\u00a0b', other: 'a b' },
  { name: 'an accent of its own joins its letter', one: 'e\u0301', other: '\u00e9' },
];

/** Texts that are no verifier of `pencil`. */
const NONE: readonly { readonly name: string; readonly stored: string }[] = [
  { name: 'an empty text', stored: '' },
  { name: 'the password itself', stored: 'pencil' },
  { name: 'an MD5 hash', stored: 'md5b6f1b0a30f7f6a4f1b6c4f1a5d5c5e5f' },
  { name: 'no iterations', stored: KNOWN.replace('4096', '0') },
  { name: 'iterations that would take minutes', stored: KNOWN.replace('4096', '9999999') },
  { name: 'another salt', stored: KNOWN.replace('W22Z', 'W22a') },
  { name: 'another key of the server', stored: KNOWN.replace('wfPL', 'wfPM') },
  { name: 'something behind it', stored: `${KNOWN}\n` },
];

describe('A SCRAM verifier', () => {
  it('is what RFC 7677 says', () => {
    expect(verifierOf(PENCIL.password, PENCIL.options).reveal()).to.equal(KNOWN);
  });

  it('belongs to its password and to no other', async () => {
    expect(await isVerifierOf(hidden(KNOWN), PENCIL.password)).to.equal(true);
    expect(await isVerifierOf(hidden(KNOWN), hidden('pencil '))).to.equal(false);
  });

  it('has a salt of its own each time, and 4096 rounds', async () => {
    const made = Array.from({ length: 5 }, () => makeVerifier(PENCIL.password).reveal());
    expect(new Set(made).size).to.equal(5);
    for (const one of made) {
      expect(one).to.match(/^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$/);
      expect(await isVerifierOf(hidden(one), PENCIL.password)).to.equal(true);
    }
  });

  for (const { name, one, other } of SAME) {
    it(`is the same where ${name}`, async () => {
      expect(await isVerifierOf(makeVerifier(hidden(one)), hidden(other))).to.equal(true);
    });
  }

  for (const { name, stored } of NONE) {
    it(`is not ${name}`, async () => {
      expect(await isVerifierOf(hidden(stored), PENCIL.password)).to.equal(false);
    });
  }

  it('is compared outside the event loop, whatever the iteration count', async () => {
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 1);
    expect(await isVerifierOf(hidden(KNOWN.replace('4096', '500000')), PENCIL.password)).to.equal(false);
    clearInterval(timer);
    expect(turns).greaterThan(5);
  });
});
