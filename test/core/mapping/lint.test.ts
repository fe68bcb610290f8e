import { expect } from 'chai';
import { lintMapping, lintMappingText } from '#core/mapping/lint.js';
import { catalogue, compiled, optionsFor } from './compiled.js';

function codesOf(sourceId: string, attributes: string, tables = ''): string[] {
  const text = `mapping: test\nkind: user\nsourceId: ${sourceId}\nattributes:\n  active: on\n${attributes}${tables}`;
  return lintMapping(compiled(text), catalogue).map(
    ({ severity, code, where }) => `${severity} ${code} ${String(where.line)}:${String(where.column)}`,
  );
}

const unstable = 'warning RC_MAPPING_UNSTABLE_SOURCE_ID 3:11';

describe('core/mapping/lint', () => {
  for (const field of [
    'work_email',
    'E-Mail',
    'mail',
    'login',
    'loginName',
    'user_name',
    'userPrincipalName',
    'upn',
    'sAMAccountName',
    'last_name',
    'displayName',
    'name',
    'dn',
  ]) {
    it(`warns of a source id that reads ${field}`, () => {
      expect(codesOf(`'\`${field}\`'`, '')).to.deep.equal([unstable]);
    });
  }

  for (const field of ['employee_id', 'id', 'personnelNumber', 'objectGUID', 'account', 'unit_name_id']) {
    it(`is content with a source id that reads ${field}`, () => {
      expect(codesOf(field, '')).to.deep.equal([]);
    });
  }

  it('warns of a source id that is one of several unstable fields', () => {
    expect(codesOf('"$lowercase(company & login)"', '')).to.deep.equal([unstable]);
  });

  it('warns of a field that the mapping itself calls a login or a name, whatever it is called', () => {
    expect(codesOf('kennung', '  userName: kennung\n')).to.deep.equal([unstable]);
    expect(codesOf('kennung', '  employeeNumber: kennung\n')).to.deep.equal([]);
  });

  it('warns of a table that nobody reads, and of a number that lost its zeros', () => {
    const tables = 'tables:\n  used: { a: 007, b: 7, c: "007" }\n  unused: { a: b }\n';
    expect(codesOf('id', '  title: $lookup($used, t)\n', tables)).to.deep.equal([
      'warning RC_MAPPING_UNQUOTED_NUMBER 8:14',
      'warning RC_MAPPING_TABLE_UNUSED 9:3',
    ]);
  });

  it('warns of a mapping of users that says nothing of who is active', () => {
    const text = 'mapping: test\nkind: user\nsourceId: id\nattributes: { title: t }\n';
    expect(lintMapping(compiled(text), catalogue).map(({ code }) => code)).to.deep.equal(['RC_MAPPING_NO_ACTIVE']);
    const groups = text.replace('user', 'group').replace('title', 'displayName');
    expect(lintMapping(compiled(groups), catalogue)).to.deep.equal([]);
  });

  it('makes findings of what the parser refuses', () => {
    const text = 'mapping: test\nkind: user\nsourceId: id\nattributes: { titel: t }\n';
    expect(lintMappingText(text, optionsFor('mappings/test.yaml'))).to.deep.equal([
      {
        severity: 'error',
        code: 'RC_MAPPING_UNKNOWN_ATTRIBUTE',
        message: 'There is no attribute "titel".',
        where: { file: 'mappings/test.yaml', line: 4, column: 15 },
        mend: 'Did you mean "title"?',
      },
    ]);
  });
});
