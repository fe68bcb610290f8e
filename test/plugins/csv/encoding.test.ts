import { expect } from 'chai';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { BadBytes, createDecoder, ENCODINGS } from '#csv/encoding.js';

function decode(encoding: string, bytes: Buffer, size: number): string {
  const decoder = createDecoder(encoding);
  const parts: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += size) parts.push(decoder.decode(bytes.subarray(from, from + size)));
  return Buffer.concat([...parts, decoder.end()]).toString('utf8');
}

/** What bytes turn out to be in the encoding, or `bad`. */
function attempt(encoding: string, bytes: Buffer, size: number): string {
  try {
    return decode(encoding, bytes, size);
  } catch (error) {
    if (error instanceof BadBytes) return 'bad';
    throw error;
  }
}

describe('plugins/csv/encoding', () => {
  for (const encoding of ENCODINGS) {
    it(`reads ${encoding} in whatever pieces it comes`, () => {
      const text = 'id,name\nE1,Ada\n';
      for (const size of [1, 2, 3, 7]) expect(decode(encoding, iconv.encode(text, encoding), size)).to.equal(text);
    });
  }

  it('reads any text in UTF-8 and UTF-16, in whatever pieces it comes', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.startsWith('\ufeff'));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 5 }), (value, size) => {
        for (const encoding of ['utf-8', 'utf-16le', 'utf-16be']) {
          expect(decode(encoding, iconv.encode(value, encoding), size)).to.equal(value);
        }
      }),
    );
  });

  it('says of any bytes what a strict decoder of UTF-8 says, in whatever pieces they come', () => {
    const bytes = fc.array(fc.constantFrom(0x41, 0x80, 0xbf, 0xc2, 0xc3, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0xff), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 4 }), (values, size) => {
        const buffer = Buffer.from(values);
        let expected: string;
        try {
          expected = new TextDecoder('utf-8', { fatal: true }).decode(buffer);
        } catch {
          expected = 'bad';
        }
        expect(attempt('utf-8', buffer, size)).to.equal(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the text before the bytes that are none', () => {
    const decoder = createDecoder('utf-8');
    let before: string | undefined;
    try {
      decoder.decode(Buffer.concat([Buffer.from('a\né'), Buffer.from([0xff]), Buffer.from('b')]));
    } catch (error) {
      if (error instanceof BadBytes) before = error.before.toString('utf8');
    }
    expect(before).to.equal('a\né');
  });

  it('refuses bytes that an encoding leaves open', () => {
    expect(attempt('windows-1252', Buffer.from([0x81]), 1)).to.equal('bad');
    expect(attempt('iso-8859-1', Buffer.from([0x81]), 1)).to.equal('\u0081');
    expect(attempt('shift_jis', Buffer.from([0x82]), 1)).to.equal('bad');
    expect(attempt('utf-16le', Buffer.from([0x00, 0xd8, 0x41, 0x00]), 2)).to.equal('bad');
  });
});
