import { expect } from 'chai';
import { cel, list, text } from '../../installation/admission/cel.ts';

describe('CEL in the source', () => {
  it('loses the indentation that it has there, and keeps its lines', () => {
    const expression = cel`
      a == b &&
        c == d
    `;
    expect(expression).equal('a == b &&\n  c == d');
  });

  it('takes values of several lines in, as deep as the line that they stand in', () => {
    const expression = cel`
      a ||
        (${'b &&\nc'})
    `;
    expect(expression).equal('a ||\n  (b &&\n  c)');
  });

  it('keeps backslashes, which patterns are full of', () => {
    expect(cel`r'\{\$x\}'`).equal(String.raw`r'\{\$x\}'`);
  });

  it('quotes texts, and refuses those that would end their quotes', () => {
    expect(list(['a', 'b/c'])).equal("['a', 'b/c']");
    for (const bad of ["it's", 'a\\b', 'a\nb']) expect(() => text(bad), bad).throw(/cannot|no text/);
  });
});
