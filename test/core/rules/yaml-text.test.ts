import { expect } from 'chai';
import { keyText, pairsOf, YamlText } from '#core/rules/yaml-text.js';

const text = `top: 1
map:
  007: seven
  'quoted key': [a, { deep: b }]
  "empty":
`;

describe('core/rules/yaml-text', () => {
  const yaml = new YamlText(text, 'f.yaml', 10);

  it('gives plain values', () => {
    expect(yaml.errors).to.deep.equal([]);
    expect(yaml.value).to.deep.equal({ top: 1, map: { 7: 'seven', 'quoted key': ['a', { deep: 'b' }], empty: null } });
  });

  const places: [(string | number)[], [number, number], [number, number]][] = [
    [['top'], [10, 1], [10, 6]],
    [
      ['map', '007'],
      [12, 3],
      [12, 8],
    ],
    [
      ['map', 'quoted key', 1, 'deep'],
      [13, 23],
      [13, 29],
    ],
    [
      ['map', 'quoted key', 0],
      [13, 18],
      [13, 18],
    ],
    [
      ['map', 'missing', 'deeper'],
      [12, 3],
      [12, 3],
    ],
    [[], [10, 1], [10, 1]],
  ];
  for (const [path, key, value] of places) {
    it(`places ${path.join('.') || 'the whole'}`, () => {
      expect(yaml.keyPlace(path)).to.deep.equal({ line: key[0], column: key[1] });
      expect(yaml.valuePlace(path)).to.deep.equal({ line: value[0], column: value[1] });
    });
  }

  it('keeps keys as they were written', () => {
    expect(pairsOf(yaml.nodeAt(['map'])).map(({ key }) => key)).to.deep.equal(['007', 'quoted key', 'empty']);
    expect(keyText(null)).to.equal('');
  });

  const broken: [string, string, string][] = [
    ['an unknown tag', 'a: !secret x', 'RC_YAML_SYNTAX'],
    ['two documents', 'a: 1\n---\nb: 2', 'RC_YAML_SYNTAX'],
    ['a tab as indentation', 'a:\n\tb: 1', 'RC_YAML_SYNTAX'],
    ['an anchor that is used', 'a: &x 1\nb: *x', 'RC_YAML_ALIAS'],
    ['a key twice, deep inside', 'a: { b: 1, b: 2 }', 'RC_YAML_DUPLICATE_KEY'],
    ['__proto__', 'a: { __proto__: { b: 1 } }', 'RC_CONFIG_UNKNOWN_KEY'],
    ['constructor', 'constructor: 1', 'RC_CONFIG_UNKNOWN_KEY'],
    ['five million characters', `a: ${'x'.repeat(5_000_000)}`, 'RC_YAML_SYNTAX'],
  ];
  for (const [what, source, code] of broken) {
    it(`refuses ${what}`, () => {
      const { errors, value } = new YamlText(source, 'f.yaml');
      expect(errors.map((error) => error.code)).to.include(code);
      expect(value).to.equal(undefined);
      expect(({} as Record<string, unknown>).b).to.equal(undefined);
    });
  }

  it('says that expressions want quotes', () => {
    const [error] = new YamlText('active: a = b ? c : d\n', 'f.yaml').errors;
    expect(error?.mend).to.equal('Put the value in quotes.');
  });
});
