import { expect } from 'chai';
import { look } from '../../../../controller/databases/observe/observe.ts';
import { Stand } from '../acts/stand.ts';

const KEY = 'shop/orders';

interface Case {
  readonly annotation?: string;
  readonly appliesAll?: boolean;
  readonly applyAllowed?: boolean;
  readonly is: 'applied' | 'refused' | 'left alone';
}

const CASES: readonly Case[] = [
  { is: 'left alone' },
  { applyAllowed: true, is: 'left alone' },
  { annotation: 'false', applyAllowed: true, is: 'left alone' },
  { annotation: 'yes', is: 'left alone' },
  { annotation: 'true', is: 'refused' },
  { annotation: 'true', applyAllowed: true, is: 'applied' },
  { appliesAll: true, is: 'applied' },
  { annotation: 'true', appliesAll: true, is: 'applied' },
  { annotation: 'false', appliesAll: true, is: 'applied' },
];

describe('A Database whose annotation db.example.com/apply', () => {
  for (const { annotation, appliesAll = false, applyAllowed = false, is } of CASES) {
    const flags = [...(appliesAll ? ['--apply'] : []), ...(applyAllowed ? ['--apply-allowed'] : [])].join(' ');
    it(`is ${annotation ?? 'not there'} is ${is} ${flags === '' ? 'without flags' : `with ${flags}`}`, async () => {
      const annotations = annotation === undefined ? {} : { 'db.example.com/apply': annotation };
      const stand = await Stand.with([], { metadata: { annotations } });
      const { looking } = await stand.acting();
      const looked = look(KEY, { ...looking, appliesAll, applyAllowed }, stand.clock.date());
      if (looked.is !== 'seen') throw new Error(`the Database is ${looked.is}`);
      const { rendered, applyRefused } = looked.look.seen;
      expect(rendered ? 'applied' : applyRefused ? 'refused' : 'left alone').equal(is);
    });
  }
});
