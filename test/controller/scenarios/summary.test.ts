import { expect } from 'chai';
import { difference, withFirstLeading } from './summary.ts';

/** The objects of a Database with two members, in words. */
function lines(lock: string, ...primaries: readonly string[]): string[] {
  const roles = ['orders-0', 'orders-1'].map(
    (name) => `Pod ${name} ${primaries.includes(name) ? 'primary' : 'replica'}`,
  );
  return withFirstLeading(
    [`ConfigMap orders-leader ${lock}`, ...roles, 'Claim data-orders-0', 'Claim data-orders-1'],
    lock,
  );
}

describe('Two runs', () => {
  const end = lines('orders-0', 'orders-0');

  it('ended alike whoever leads', () => {
    expect(difference(end, lines('orders-1', 'orders-1'))).equal('');
  });

  for (const [name, other] of [
    ['two lead', lines('orders-1', 'orders-0', 'orders-1')],
    ['nobody leads', lines('orders-1')],
    ['another leads than the one that holds the lock', lines('orders-1', 'orders-0')],
    ['one that is no member holds the lock', lines('orders-4', 'orders-0')],
  ] as const) {
    it(`ended otherwise where ${name}`, () => {
      expect(difference(end, other)).not.equal('');
    });
  }
});
