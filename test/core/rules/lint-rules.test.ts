import { expect } from 'chai';
import { catalogueOf } from '#core/model/catalogue.js';
import { lintRules, type LintedDirectory } from '#core/rules/lint-rules.js';
import { parseRules } from '#core/rules/parse-rules.js';

const hr: LintedDirectory = { name: 'hr', mode: 'live', mapped: new Set(['active', 'department', 'employeeNumber']) };
const itExport: LintedDirectory = {
  name: 'it',
  mode: 'live',
  mapped: new Set(['active', 'userName', 'employeeNumber']),
};

function lint(text: string, directories: readonly LintedDirectory[] = [hr, itExport]): string[] {
  const names = directories.map(({ name }) => name);
  const rules = parseRules(text, { file: 'r.yaml', directories: names, catalogue: catalogueOf(), firstLine: 10 });
  return lintRules(rules, { text, file: 'r.yaml', firstLine: 10, directories }).map(
    ({ severity, code, where }) => `${severity} ${code} ${String(where.line)}:${String(where.column)}`,
  );
}

describe('core/rules/lint-rules', () => {
  it('is content with rules in which everybody can say what they are asked', () => {
    const text = 'priority: [hr, it]\nattributes: { active: { from: [hr, it] }, department: { from: [hr] } }\n';
    expect(lint(`${text}correlation: [{ name: n, on: employeeNumber, certainty: sure }]`)).to.deep.equal([]);
  });

  it('warns of a live directory that speaks for nothing', () => {
    expect(lint('priority: [hr]')).to.deep.equal(['warning RC_RULES_DIRECTORY_UNUSED 10:11']);
    expect(lint('priority: [hr]\nattributes: { userName: { from: [it] } }')).to.deep.equal([]);
    expect(lint('priority: [hr]', [hr, { ...itExport, mode: 'shadow' }])).to.deep.equal([]);
  });

  it('refuses a voter whose mapping knows nothing of active', () => {
    const text = 'attributes:\n  active: { from: [hr, it] }';
    expect(lint(text, [hr, { ...itExport, mapped: new Set(['userName']) }])).to.deep.equal([
      'error RC_RULES_ACTIVE_UNMAPPED 11:24',
    ]);
  });

  it('warns of a directory that is asked for what its mapping does not know', () => {
    expect(lint('attributes: { department: { from: [hr, it] } }')).to.deep.equal([
      'warning RC_RULES_ATTRIBUTE_UNMAPPED 10:40',
    ]);
  });

  it('warns of a key by which nobody can be recognised', () => {
    const text =
      'correlation: [{ name: m, on: emails.primary, certainty: probable }, { name: d, on: department, certainty: sure }]';
    expect(lint(text)).to.deep.equal(['warning RC_RULES_KEY_UNMAPPED 10:30', 'warning RC_RULES_KEY_UNMAPPED 10:84']);
    expect(lint(text, [hr])).to.deep.equal([]);
  });
});
