import { expect } from 'chai';
import type { Previous, Review } from '../../review/review.ts';
import { review } from '../../review/review.ts';
import type { FileSummary, Source } from '../../review/source.ts';
import { backup, configMap, database } from '../cli/samples.ts';
import type { Files } from '../cli/run.ts';
import { kept } from '../policies/kept.ts';
import { OPTIONS, reviewOf, sourceOf } from './sources.ts';

const sourcesOf = (files: Files): Source[] => Object.entries(files).map(([file, text]) => sourceOf(file, text));

function reviewFiles(files: Files, previous?: Previous): Review {
  return review({ sources: sourcesOf(files), findings: [] }, previous, OPTIONS);
}

const told = ({ findings }: Review): string[] =>
  kept(findings).map(({ file, line, rule }) => `${file}:${line} ${rule}`);
const namesOf = ({ entries }: Review): (string | undefined)[] => entries.map(({ object }) => object.metadata.name);

/** A source that was read before, as it stands there or with another text by now; what reads it is counted. */
function knownSource(
  file: string,
  text: string,
  now = text,
): { readonly source: Source; readonly reads: () => number } {
  const { objects, others, findings } = reviewOf(file, text);
  let count = 0;
  const read = (): ReturnType<Source['read']> => {
    count += 1;
    return sourceOf(file, now).read();
  };
  const summary: FileSummary = { objects, others, findings };
  return { source: { file, name: file, isNamed: false, read, summary }, reads: () => count };
}

describe('A review', () => {
  it('gives the objects of all sources, those of others, and how much it was', () => {
    const found = reviewFiles({
      'a.yaml': database('orders'),
      'b.yaml': configMap('own'),
      'c.yaml': database('billing'),
    });
    expect(namesOf(found)).to.deep.equal(['orders', 'billing']);
    expect(found.foreign.map(({ source }) => source)).to.deep.equal(['b.yaml']);
    expect(found.counts).to.deep.equal({ objects: 2, files: 3, rendered: 0, assumed: 0, namespace: 'shop' });
    expect(told(found)).to.deep.equal([]);
  });

  it('is the same for the same texts', () => {
    const files = { 'a.yaml': database('orders', { replicas: 99 }), 'b.yaml': backup('nightly', 'order') };
    expect(reviewFiles(files)).to.deep.equal(reviewFiles(files));
  });

  it('reports the findings about single objects and about all together, in the order of their places', () => {
    const found = reviewFiles({
      'b.yaml': database('orders', { replicas: 99 }),
      'a.yaml': backup('nightly', 'elsewhere'),
    });
    expect(told(found)).to.deep.equal(['a.yaml:1 reference-exists', 'b.yaml:1 replicas-range']);
  });

  it('tells what stood in the way of the sources', () => {
    const [listed] = reviewFiles({ 'a.yaml': database('orders', { replicas: 99 }) }).findings;
    const found = review({ sources: [], findings: listed ? [listed] : [] }, undefined, OPTIONS);
    expect(told(found)).to.deep.equal(['a.yaml:1 replicas-range']);
  });

  it('counts a file that Ballast rendered, and takes nothing from it', () => {
    const source: Source = { file: 'a.yaml', name: 'a.yaml', isNamed: false, read: () => undefined };
    const found = review({ sources: [source], findings: [] }, undefined, OPTIONS);
    expect(found.counts).to.include({ objects: 0, files: 0, rendered: 1 });
  });
});

describe('A review against a revision', () => {
  const previous = (theirs: Files, base?: Files): Previous => ({
    revision: 'main',
    theirs: sourcesOf(theirs),
    ...(base && { base: sourcesOf(base) }),
  });

  it('tells what the change may not do', () => {
    const before = previous({ 'a.yaml': database('orders') });
    const found = reviewFiles({ 'a.yaml': database('orders', { storage: { size: '1Gi' } }) }, before);
    expect(told(found)).to.deep.equal(['a.yaml:1 storage-no-shrink']);
  });

  it('reports an object whose removal is forbidden, in its earlier text', () => {
    const before = previous({ 'a.yaml': `\n\n${database('orders', { deletionPolicy: 'Protect' })}` });
    expect(told(reviewFiles({}, before))).to.deep.equal(['a.yaml:3 deletion-protected']);
  });

  it('names a file of the revision as git does, where it is wrong together with the change', () => {
    const before = previous(
      { 'a.yaml': database('orders'), 'b.yaml': backup('nightly', 'orders') },
      { 'a.yaml': database('orders') },
    );
    expect(told(reviewFiles({}, before))).to.deep.equal(['main:b.yaml:1 reference-exists']);
  });
});

describe('A review with what an earlier run knew', () => {
  it('reads no file that is known, and sees its objects all the same', () => {
    const { source, reads } = knownSource('a.yaml', database('orders'));
    const found = review(
      { sources: [source, sourceOf('b.yaml', backup('nightly', 'orders'))], findings: [] },
      undefined,
      OPTIONS,
    );
    expect(told(found)).to.deep.equal([]);
    expect(found.files.map(({ file }) => file)).to.deep.equal(['b.yaml']);
    expect(found.counts).to.include({ objects: 2, files: 2 });
    expect(reads()).to.equal(0);
  });

  it('reads a known file once a finding of the whole tree has its place there', () => {
    const { source, reads } = knownSource('a.yaml', `\n${backup('nightly', 'elsewhere')}`);
    const found = review({ sources: [source], findings: [] }, undefined, OPTIONS);
    expect(told(found)).to.deep.equal(['a.yaml:2 reference-exists']);
    expect(reads()).to.equal(1);
  });

  it('reads a known file of a family that a rendering reads, when another file of the family has changed', () => {
    const { source } = knownSource('a.yaml', database('orders'));
    const found = review(
      { sources: [source, sourceOf('b.yaml', database('orders'))], findings: [] },
      undefined,
      OPTIONS,
    );
    expect(found.files.map(({ file }) => file)).to.deep.equal(['a.yaml', 'b.yaml']);
  });

  it('reads a known file when an object of its family is gone from another', () => {
    const { source } = knownSource('a.yaml', database('orders'));
    const former = () => reviewOf('b.yaml', database('orders')).objects.map(({ summary }) => summary);
    const found = review({ sources: [source], findings: [], former }, undefined, OPTIONS);
    expect(found.files.map(({ file }) => file)).to.deep.equal(['a.yaml']);
  });
});
