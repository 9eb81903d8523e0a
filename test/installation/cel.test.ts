import { expect } from 'chai';
import { cel, list, oneLine, text } from '../../installation/admission/cel.ts';

describe('CEL in the source', () => {
  it('loses the indentation that it has there, and keeps its lines', () => {
    const expression = cel`
      a == b &&
        (${'c ||\nd'})
    `;
    expect(expression).equal('a == b &&\n(c ||\nd)');
    expect(oneLine(expression)).equal('a == b && (c || d)');
  });

  it('keeps backslashes, which patterns are full of', () => {
    expect(cel`r'\{\$x\}'`).equal(String.raw`r'\{\$x\}'`);
  });

  it('quotes texts, and refuses those that would end their quotes', () => {
    expect(list(['a', 'b/c'])).equal("['a', 'b/c']");
    for (const bad of ["it's", 'a\\b', 'a\nb']) expect(() => text(bad), bad).throw(/cannot|no text/);
  });
});
