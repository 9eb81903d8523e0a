import { expect } from 'chai';
import { memberReport } from '../../../../controller/engines/postgresql/member-report.ts';

const SEGMENT = '000000010000000000000003';
const SINCE = '2026-11-21T02:00:00Z';

const said = (archive: unknown): unknown =>
  memberReport({
    status: '{"role":"primary","state":"running"}',
    'db.example.com/archive': typeof archive === 'string' ? archive : JSON.stringify(archive),
  })?.archive;

describe('What a primary says about its archive, as it is read', () => {
  it('is that it archives', () => {
    expect(said({ state: 'archiving' })).to.deep.equal({ state: 'archiving' });
  });

  it('is how many segments wait, and since when', () => {
    const read = { state: 'waiting', since: Date.parse(SINCE), archivedUntil: Date.parse(SINCE), count: 3 };
    expect(said({ state: 'waiting', since: SINCE, archivedUntil: SINCE, segments: 3 })).to.deep.equal(read);
  });

  it('is when the volume will be nearly full of them', () => {
    const read = { state: 'waiting', suspendsAt: Date.parse(SINCE), count: 3 };
    expect(said({ state: 'waiting', suspendsAt: SINCE, segments: 3 })).to.deep.equal(read);
  });

  it('is which segments were given up, now and before', () => {
    const range = { from: SEGMENT, to: SEGMENT, segments: 1 };
    const gap = { ...range, since: SINCE, until: SINCE, archivedUntil: SINCE };
    expect(said({ state: 'suspended', since: SINCE, segments: 1, first: SEGMENT, last: SEGMENT, gap })).to.deep.equal({
      ...{ state: 'suspended', since: Date.parse(SINCE), count: 1 },
      givenUp: { from: SEGMENT, to: SEGMENT, count: 1 },
      gap: { from: SEGMENT, to: SEGMENT, count: 1, until: Date.parse(SINCE), archivedUntil: Date.parse(SINCE) },
    });
  });

  for (const [name, archive] of Object.entries({
    'no JSON': 'x',
    'another state': { state: 'lost' },
    'a list': [],
    nothing: '',
    'too long a text': JSON.stringify({ state: 'waiting', more: 'x'.repeat(100_000) }),
  })) {
    it(`is nothing when it is ${name}`, () => {
      expect(said(archive)).to.equal(undefined);
    });
  }

  it('drops parts that are of another form', () => {
    const gap = { from: '../../x', to: SEGMENT, segments: -1, until: 'soon' };
    expect(said({ state: 'suspended', since: 'x', segments: 1e99, first: 'a\nb', last: SEGMENT, gap })).to.deep.equal({
      state: 'suspended',
    });
  });
});
