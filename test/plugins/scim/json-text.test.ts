import { expect } from 'chai';
import fc from 'fast-check';
import { faultOf, isDeeperThan } from '#scim/http/json-text.js';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('plugins/scim/http/json-text', () => {
  it('knows how deep a text is, whatever stands in its texts', () => {
    const tricky = fc.constantFrom('"', '\\', '[', '{', ']', '\\"', '"[', 'a');
    const value = fc.jsonValue({ maxDepth: 6, stringUnit: tricky });
    fc.assert(
      fc.property(value, fc.constantFrom(0, 2), (one, indent) => {
        const text = JSON.stringify(one, undefined, indent);
        const depth = depthOf(one);
        expect(isDeeperThan(text, depth)).to.equal(false);
        if (depth > 0) expect(isDeeperThan(text, depth - 1)).to.equal(true);
        expect(faultOf(text)?.fault).to.not.equal('prototype');
      }),
      { numRuns: 2000 },
    );
  });

  it('ends with a text that never does', () => {
    for (const text of ['"', '["a', '["a\\"', '[[[', ']]]', '', '{"a":"\\\\"}'])
      expect(isDeeperThan(text, 3)).to.equal(false);
  });

  it('finds a doubled key at any depth, and none where there is none', () => {
    expect(faultOf('[{"a":1},{"a":1}]')).to.equal(undefined);
    expect(faultOf('{"a":{"a":"a"},"b":[":","a",{"c":1}]}')).to.equal(undefined);
    expect(faultOf('[{"x":{"a" : 1, "b":2 ,"\\u0041":3}}]')).to.deep.equal({ fault: 'doubled', key: 'A' });
    expect(faultOf('{"a":"__proto__"}')).to.equal(undefined);
  });
});
