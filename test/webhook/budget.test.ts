import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Share } from '../../webhook/budget.ts';
import { Budget } from '../../webhook/budget.ts';

describe('The budget of bytes', () => {
  let budget: Budget;
  let given: string[];

  beforeEach(() => {
    budget = new Budget(100);
    given = [];
  });

  function hold(name: string, address: string, bytes: number, whole = false): Share {
    const share = budget.open(address, () => given.push(name));
    expect(budget.take(share, bytes)).to.equal(true);
    share.whole = whole;
    return share;
  }

  const asks = (address: string, bytes: number): boolean =>
    budget.take(
      budget.open(address, () => undefined),
      bytes,
    );

  it('has all again when all is given back, once only', () => {
    const shares = [hold('one', 'a', 40), hold('two', 'b', 60)];
    for (const share of [...shares, ...shares]) budget.close(share);
    expect(budget.used).to.equal(0);
  });

  it('refuses an address what only others that hold less could give', () => {
    hold('one', 'a', 40);
    hold('two', 'b', 40);
    expect(asks('a', 30)).to.equal(false);
    expect(given).to.deep.equal([]);
  });

  it('takes from the address that holds the most: arriving bodies before complete ones', () => {
    hold('whole', 'a', 30, true);
    hold('coming', 'a', 30);
    hold('other', 'b', 40);
    expect(asks('c', 20)).to.equal(true);
    expect(given).to.deep.equal(['coming']);
    expect(budget.used).to.equal(90);
  });

  it('takes as many as it needs, and no more', () => {
    for (let index = 0; index < 10; index += 1) hold(String(index), 'a', 10);
    expect(asks('b', 35)).to.equal(true);
    expect(given).to.have.length(4);
  });

  it('takes from slow bodies first, whichever address holds the most', async () => {
    hold('slow', 'b', 10);
    await sleep(1100);
    hold('quick', 'a', 90, true);
    expect(asks('a', 10)).to.equal(true);
    expect(given).to.deep.equal(['slow']);
  });

  it('never gives out more than there is', () => {
    expect(asks('a', 101)).to.equal(false);
    for (let index = 0; index < 1000; index += 1) {
      asks(`address ${index % 7}`, (index * 37) % 60);
      expect(budget.used).to.be.at.most(100);
    }
  });
});
