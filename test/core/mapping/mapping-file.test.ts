import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { parseMapping } from '#core/mapping/mapping-file.js';
import { compiled, optionsFor } from './compiled.js';
import { brief, errorsOf } from './errors.js';

const refused = new URL('../../../core/mapping/refused/', import.meta.url);

const hr = `# One JSONata expression an attribute
mapping: hr
kind: user
sourceId: employee_id
attributes:
  employeeNumber: employee_id
  emails: 'work_email = "" ? null : [{"value": work_email, "type": "work", "primary": true}]'
  active: $lookup($statuses, status) != "terminated"
  title: true
  custom.costCenter: |
    $uppercase(
      center
    )
tables: { statuses: { Active: active, 007: bond, 'true': yes } }
`;

describe('core/mapping/mapping-file', () => {
  it('knows name, kind, version, and line and column of every expression', () => {
    const mapping = compiled(hr, 'mappings/hr.yaml');
    expect(mapping).to.include({ name: 'hr', kind: 'user', file: 'mappings/hr.yaml', text: hr });
    expect(mapping.version).to.equal(`sha256:${createHash('sha256').update(hr).digest('hex')}`);
    expect(mapping.sourceId).to.include({ text: 'employee_id', line: 4, column: 11 });
    const places = [...mapping.attributes].map(([name, { line, column }]) => `${name} ${line}:${column}`);
    expect(places).to.deep.equal([
      'employeeNumber 6:19',
      'emails 7:11',
      'active 8:11',
      'title 9:10',
      'custom.costCenter 10:22',
    ]);
  });

  it('moves every line with what is inserted above', () => {
    const moved = compiled(`#\n#\n#\n${hr}`);
    expect(moved.attributes.get('active')?.line).to.equal(11);
    expect(moved.version).not.to.equal(compiled(hr).version);
  });

  it('keeps keys of tables as they were written', () => {
    expect(compiled(hr).tables).to.deep.equal({ statuses: { Active: 'active', '007': 'bond', true: 'yes' } });
  });

  it('takes an unquoted literal as the expression that it is', () => {
    expect(compiled(hr).attributes.get('title')?.text).to.equal('true');
  });

  for (const name of readdirSync(refused).filter((file) => file.endsWith('.yaml'))) {
    it(`refuses ${name} with all its findings and their places`, () => {
      const text = readFileSync(new URL(name, refused), 'utf8');
      const expected = [...text.matchAll(/^# (RC_\S+ \d+:\d+)(?: (.*))?$/gm)];
      expect(expected, 'the file says what it expects').not.to.be.empty;
      const errors = errorsOf(() => compiled(text, `mappings/${name}`));
      expect(errors.map(brief)).to.deep.equal(expected.map(([, code]) => code));
      for (const [position, error] of errors.entries()) {
        expect(error.exitCode).to.equal(78);
        expect(error.where.file).to.equal(`mappings/${name}`);
        expect(error.mend).to.match(/\S+[.?]$/);
        const mend = expected[position]?.[2];
        if (mend !== undefined) expect(error.mend).to.equal(mend);
      }
    });
  }

  const broken: [string, string, string[]][] = [
    ['a key that stands there twice', hr.replace('  title: true', '  active: true'), ['RC_YAML_DUPLICATE_KEY 9:3']],
    ['an alias', hr.replace('title: true', 'title: *x'), ['RC_YAML_ALIAS 9:10']],
    ['a quote that is never closed', hr.replace('title: true', "title: 'tr"), ['RC_YAML_SYNTAX 9:13']],
    ['a key that reaches into JavaScript', hr.replace('title: true', '__proto__: true'), ['RC_CONFIG_UNKNOWN_KEY 9:3']],
    ['an empty file', '', ['RC_CONFIG_INVALID 1:1']],
  ];
  for (const [what, text, expected] of broken) {
    it(`refuses ${what}`, () => {
      const errors = errorsOf(() => compiled(text));
      expect(errors.map(brief).slice(0, expected.length)).to.deep.equal(expected);
    });
  }

  it('refuses a nesting bomb without falling over', () => {
    const errors = errorsOf(() => compiled(`mapping: ${'['.repeat(1_000_000)}`));
    expect(errors.map(({ code }) => code)).to.include('RC_YAML_SYNTAX');
  });

  describe('NAME.jsonata', () => {
    const literal = `/* one object literal */ {
  "sourceId": id, /* a } in a comment */
  "department": $match(code, /[,]|\\}/) ? "a, b}" : unit / 2,
  'title': $map(list, function($v) { { "x": $v, "y": [1, 2] } }).x[0],
  "name.givenName": \`first, name\`
}
`;

    it('is split per key', () => {
      const mapping = parseMapping(literal, optionsFor('mappings/okta.jsonata'));
      expect(mapping).to.include({ name: 'okta', kind: 'user' });
      expect(mapping.sourceId).to.include({ text: 'id', line: 2, column: 15 });
      expect([...mapping.attributes].map(([name, { text, line }]) => [name, text, line])).to.deep.equal([
        ['department', '$match(code, /[,]|\\}/) ? "a, b}" : unit / 2', 3],
        ['title', '$map(list, function($v) { { "x": $v, "y": [1, 2] } }).x[0]', 4],
        ['name.givenName', '`first, name`', 5],
      ]);
    });

    const refusals: [string, string, string[]][] = [
      ['no sourceId', '{ "title": t }', ['RC_CONFIG_MISSING_KEY 1:1']],
      ['an attribute that does not exist', '{ "sourceId": id,\n "tittle": t }', ['RC_MAPPING_UNKNOWN_ATTRIBUTE 2:2']],
      ['a doubled key', '{ "sourceId": id, "title": t, "title": u }', ['RC_YAML_DUPLICATE_KEY 1:31']],
      ['a key that is no text', '{ "sourceId": id, title: t }', ['RC_MAPPING_SYNTAX 1:1']],
      ['something after the literal', '{ "sourceId": id } ~> $keys()', ['RC_MAPPING_SYNTAX 1:1']],
      ['no JSONata', '{ "sourceId": id,\n "title": t t }', ['RC_MAPPING_SYNTAX 2:13']],
      ['a forbidden function', '{ "sourceId": id,\n "title": $now() }', ['RC_MAPPING_FORBIDDEN_FUNCTION 2:11']],
    ];
    for (const [what, text, expected] of refusals) {
      it(`refuses ${what}`, () => {
        expect(errorsOf(() => parseMapping(text, optionsFor('mappings/okta.jsonata'))).map(brief)).to.deep.equal(
          expected,
        );
      });
    }
  });
});
