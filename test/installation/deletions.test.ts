import { expect } from 'chai';
import { identitiesOf } from '../../generator/identities.ts';
import { deletions } from '../../installation/admission/deletions.ts';

const NAME = 'orders';

/** The policy's names that a Database of this name would have. */
function namesIn(expression: string): string[] {
  const suffixes = /^\[(?<all>[^\]]*)\]/.exec(expression)?.groups?.['all'] ?? '';
  const ends = [...suffixes.matchAll(/'([^']*)'/g)].map(([, end = '']) => `${NAME}${end}`);
  const prefixes = [...expression.matchAll(/\['([^']*)'\] \+ variables|'([^']*)' \+ variables/g)];
  return [...ends, ...prefixes.map(([, one, other]) => `${one ?? other ?? ''}${NAME}`)];
}

describe('The policy about deletions', () => {
  it('knows every name that Ballast gives to what it renders of a Database', () => {
    const known = new Set(namesIn(deletions.variables?.['names'] ?? ''));
    const kinds = new Set(deletions.matches.flatMap(({ resources }) => resources.map(({ kind }) => kind)));
    const rendered = identitiesOf(NAME).filter(({ kind }) => kinds.has(kind));
    expect(rendered.length).above(15);
    expect(rendered.filter(({ name }) => !known.has(name))).eql([]);
  });
});
