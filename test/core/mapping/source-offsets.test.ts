import { expect } from 'chai';
import fc from 'fast-check';
import { parseDocument, stringify, type Scalar } from 'yaml';
import { sourceOffsets } from '#core/mapping/source-offsets.js';

/** The value of `key` in a file, and for each of its characters the one in the file that it is said to stand at. */
function aligned(file: string): { value: string; found: string[] } {
  const node = parseDocument(file).get('key', true) as Scalar.Parsed & { value: string };
  const [begin, end] = node.range;
  const offsets = sourceOffsets(file, begin, end, node.value);
  expect(offsets).to.have.length(node.value.length + 1);
  return { value: node.value, found: offsets.map((offset) => file[offset] ?? '') };
}

function expectAligned(file: string): void {
  const { value, found } = aligned(file);
  for (const [index, character] of value.split('').entries()) {
    if (/\s/.test(character)) expect(found[index], `white space ${index} of ${file}`).to.match(/\s|\\|^.?$/);
    else if (found[index] !== '\\') expect(found[index], `character ${index} of ${file}`).to.equal(character);
  }
}

describe('core/mapping/source-offsets', () => {
  const files: [string, string][] = [
    ['a plain text', 'key: $lookup($statuses, status)\n'],
    ['a plain text over several lines', 'key: $lookup(\n    $statuses,\n\n    status)\n'],
    ['single quotes', `key: 'a = "it''s" ? '''' : b'\n`],
    ['double quotes', 'key: "a = \\"x\\" & \\u0041\\x41 \\t b"\n'],
    ['double quotes with a folded and an escaped line end', 'key: "one\n  two \\\n    three"\n'],
    ['a literal block', 'key: |\n    first &\n      second\n\n    third\nother: x\n'],
    ['a literal block with an indentation of its own', 'key: |2-\n      first\n    second\n'],
    ['a folded block', 'key: >-\n    first\n    second\n\n      third\n    fourth\n'],
    ['Windows line ends', 'key: |\r\n    first\r\n    second\r\n'],
  ];
  for (const [what, file] of files) {
    it(`finds every character of ${what}`, () => {
      expectAligned(file);
    });
  }

  it('ends at the end of the value', () => {
    const file = "key: '$sum('\n";
    const offsets = sourceOffsets(file, 5, 12, '$sum(');
    expect(offsets[5]).to.equal(file.indexOf('(') + 1);
  });

  const words = fc.array(
    fc.constantFrom('a', 'bc', '"x"', "it's", '$f(', ')', '&', '\\', 'é', '\n', ' ', '  ', '\n\n'),
    { minLength: 1, maxLength: 25 },
  );
  for (const type of ['PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const) {
    it(`finds every character of any text written as ${type}`, () => {
      fc.assert(
        fc.property(words, (parts) => {
          const value = parts.join('');
          const file = stringify({ key: value }, { defaultStringType: type, lineWidth: 24 });
          if (parseDocument(file).get('key') === value && value.trim() !== '') expectAligned(file);
        }),
        { numRuns: 300 },
      );
    });
  }
});
