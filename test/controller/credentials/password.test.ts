import { expect } from 'chai';
import { makePassword } from '../../../controller/credentials/password.ts';

describe('A password', () => {
  const many = Array.from({ length: 2000 }, () => makePassword().reveal());

  it('is 32 letters and digits, a letter first: 190 bits that nothing needs to escape', () => {
    for (const one of many) expect(one).to.match(/^[A-Za-z][A-Za-z0-9]{31}$/);
  });

  it('is never made twice', () => {
    expect(new Set(many).size).to.equal(many.length);
  });

  it('has all 62 characters at every place but the first, none of them often', () => {
    for (let place = 1; place < 32; place += 1) {
      const counts = new Map<string, number>();
      for (const one of many) counts.set(one.charAt(place), (counts.get(one.charAt(place)) ?? 0) + 1);
      // About 32 are expected of each; a chance of less than one in a billion to fall outside.
      expect(counts.size).to.equal(62);
      expect(Math.max(...counts.values())).to.be.lessThan(80);
    }
  });
});
