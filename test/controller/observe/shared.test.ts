import { expect } from 'chai';
import fc from 'fast-check';
import { shared, sharedWords } from '../../../controller/observe/shared.ts';

describe('Texts that are kept once', () => {
  it('are the same texts, also when more came than are remembered', () => {
    for (let number = 0; number < 70_000; number += 1) expect(shared(`text ${number}`)).to.equal(`text ${number}`);
    expect(shared('text 0')).to.equal('text 0');
  });

  it('leave a value as it was, whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(sharedWords(JSON.parse(text)))).to.equal(text);
      }),
    );
  });

  it('leave names alone that mean something to the language', () => {
    const text = '{"__proto__":{"constructor":"a"},"toString":"b"}';
    const value = sharedWords(JSON.parse(text) as object);
    expect(JSON.stringify(value)).to.equal(text);
    expect(Object.getPrototypeOf(value)).to.equal(Object.prototype);
  });
});
