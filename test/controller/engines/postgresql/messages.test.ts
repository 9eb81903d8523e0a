import { expect } from 'chai';
import fc from 'fast-check';
import { Messages } from '../../../../controller/engines/postgresql/messages.ts';

function message(code: string, body: Buffer): Buffer {
  const header = Buffer.alloc(5);
  header.write(code);
  header.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([header, body]);
}

describe('Messages of PostgreSQL', () => {
  it('are whole, in whatever parts they come', () => {
    const body = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    const sent = fc.array(fc.tuple(fc.constantFrom('R', 'D', 'Z', 'C'), body), { maxLength: 10 });
    fc.assert(
      fc.property(sent, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (all, cuts) => {
        const wanted = all.map(([code, bytes]) => message(code, bytes));
        const stream = Buffer.concat(wanted);
        const messages = new Messages();
        const got: Buffer[] = [];
        for (let from = 0, cut = 0; from < stream.length; cut += 1) {
          const size = cuts[cut % cuts.length]!;
          got.push(...messages.take(stream.subarray(from, from + size)));
          from += size;
        }
        expect(got.map((one) => one.toString('hex'))).eql(wanted.map((one) => one.toString('hex')));
      }),
    );
  });

  it('of a megabyte may come byte by byte', () => {
    const large = message('D', Buffer.alloc(2 ** 20));
    const messages = new Messages();
    let count = 0;
    for (let at = 0; at < large.length; at += 1) count += messages.take(large.subarray(at, at + 1)).length;
    expect(count).equal(1);
  });

  for (const [name, bytes] of [
    ['with a length of nothing', Buffer.from('R\0\0\0\0')],
    ['with a length below that of the length', Buffer.from('R\0\0\0\u0003abc')],
    ['with fields that do not end', message('E', Buffer.from('SFATAL'))],
    ['with a last field that has no end', message('N', Buffer.from('SFATAL\0M'))],
    ['with fields and nothing in them', message('E', Buffer.alloc(0))],
  ] as const) {
    it(`are none ${name}`, () => {
      expect(() => new Messages().take(bytes)).throw(/a message/);
    });
  }
});
