import { expect } from 'chai';
import fc from 'fast-check';
import { Shares, weigh } from '../../../controller/cluster/shares.ts';

describe('Shares of the memory', () => {
  it('let a namespace take all that there is', () => {
    const shares = new Shares(1000);
    shares.take('a', 1000);
    expect([shares.greediest(), shares.fits('a', 1)]).eql([undefined, false]);
  });

  it('let another take as much as its equal share, when all is taken', () => {
    const shares = new Shares(1000);
    shares.take('a', 1000);
    expect([shares.fits('b', 500), shares.fits('b', 501)]).eql([true, false]);
    shares.take('b', 500);
    expect(shares.greediest()).equal('a');
  });

  it('remain for every namespace below its share, whatever others take', () => {
    const takes = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: -300, max: 300 })));
    fc.assert(
      fc.property(takes, (all) => {
        const shares = new Shares(1000);
        const taken = new Map<string, number>();
        for (const [namespace, wanted] of all) {
          const bytes = Math.max(wanted, -(taken.get(namespace) ?? 0));
          shares.take(namespace, bytes);
          taken.set(namespace, (taken.get(namespace) ?? 0) + bytes);
          for (let one = shares.greediest(); one !== undefined; one = shares.greediest()) {
            const most = Math.max(...taken.values());
            expect(taken.get(one)).equal(most);
            shares.take(one, -most);
            taken.set(one, 0);
          }
          expect(shares.total).equal([...taken.values()].reduce((sum, own) => sum + own, 0));
        }
      }),
    );
  });

  it('are weighed by all that is in a value', () => {
    expect(weigh('x'.repeat(1000))).above(1000);
    expect(weigh({ a: { b: ['x'.repeat(1000)] } })).above(1000);
    expect(weigh(new Map([['a', 'x'.repeat(1000)]]))).above(1000);
    expect(weigh({ a: 1n, b: new Date(0), c: undefined, d: null })).below(300);
  });
});
