import { expect } from 'chai';
import fc from 'fast-check';
import { intern, internWords } from '../../../controller/cluster/intern.ts';

describe('Texts that are kept once', () => {
  it('are the same texts, also when more came than are remembered', () => {
    for (let number = 0; number < 70_000; number += 1) expect(intern(`text ${number}`)).to.equal(`text ${number}`);
    expect(intern('text 0')).to.equal('text 0');
  });

  it('leave a value as it was, whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(internWords(JSON.parse(text)))).to.equal(text);
      }),
    );
  });

  it('leave names alone that mean something to the language', () => {
    const text = '{"__proto__":{"constructor":"a"},"toString":"b"}';
    const value = internWords(JSON.parse(text) as object);
    expect(JSON.stringify(value)).to.equal(text);
    expect(Object.getPrototypeOf(value)).to.equal(Object.prototype);
  });
});
