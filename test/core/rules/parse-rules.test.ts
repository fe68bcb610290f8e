import { expect } from 'chai';
import { catalogueOf } from '#core/model/catalogue.js';
import type { Rules } from '#core/model/rules.js';
import { parseRules } from '#core/rules/parse-rules.js';
import { brief, errorsOf } from '../mapping/errors.js';

const options = {
  file: 'rules/acme.yaml',
  directories: ['hr', 'it'],
  catalogue: catalogueOf({ costCenter: { type: 'string' } }),
};

function parse(text: string): Rules {
  return parseRules(text, options);
}

const contract = `priority: [hr, it]
attributes:
  active: { from: [hr, it] }
  department: { from: [hr, it], onConflict: ignore }
  emails: { from: [it, hr], strategy: union, maxAge: 30d }
  title: { from: [hr], maxAge: 12h }
  custom.costCenter: { from: [hr], maxAge: 90m }
correlation:
  - { name: employee number, on: employeeNumber, certainty: sure }
lifecycle: { create: [hr] }
guards: { absences: { count: 3 }, quarantine: { percent: 50 } }
`;

describe('core/rules/parse-rules', () => {
  it('fills in what the document leaves out', () => {
    expect(parse('')).to.deep.equal({
      priority: ['hr', 'it'],
      attributes: {},
      correlation: [],
      lifecycle: { create: ['hr', 'it'], preHireDays: 0, onLeave: 'abstain' },
      guards: {
        absences: { count: 10, percent: 5 },
        deactivations: { count: 25, percent: 10 },
        reactivations: { count: 25, percent: 10 },
        creations: { count: 25, percent: 10 },
        merges: { count: 5, percent: 0 },
        privilegedRemovals: { count: 5, percent: 20 },
        attributeChanges: { count: 50, percent: 30 },
        quarantine: { count: 20, percent: 5 },
        neverHold: false,
      },
    });
  });

  it('reads what it says', () => {
    const rules = parse(contract);
    expect(rules.attributes.active).to.deep.equal({
      from: ['hr', 'it'],
      strategy: 'vote',
      onConflict: 'log',
      maxAgeMs: null,
      require: [],
    });
    expect(rules.attributes.department).to.deep.include({ strategy: 'priority', onConflict: 'ignore' });
    expect(rules.attributes.emails).to.deep.include({ strategy: 'union', maxAgeMs: 30 * 86_400_000 });
    expect(rules.attributes.title?.maxAgeMs).to.equal(12 * 3_600_000);
    expect(rules.attributes['custom.costCenter']?.maxAgeMs).to.equal(90 * 60_000);
    expect(rules.correlation).to.deep.equal([
      { name: 'employee number', on: 'employeeNumber', certainty: 'sure', sameDirectory: false },
    ]);
    expect(rules.lifecycle.create).to.deep.equal(['hr']);
    expect(rules.guards.absences).to.deep.equal({ count: 3, percent: 5 });
    expect(rules.guards.quarantine).to.deep.equal({ count: 20, percent: 50 });
  });

  it('lets who create be those of priority where nothing is said', () => {
    expect(parse('priority: [it]').lifecycle.create).to.deep.equal(['it']);
  });

  it('takes neverHold at the guards or at deactivations', () => {
    expect(parse('guards: { neverHold: true }').guards.neverHold).to.equal(true);
    expect(parse('guards: { deactivations: { count: 5, neverHold: true } }').guards).to.deep.include({
      neverHold: true,
      deactivations: { count: 5, percent: 10 },
    });
  });

  it('takes require on active', () => {
    expect(parse('attributes: { active: { from: [hr, it], require: [hr] } }').attributes.active?.require).to.deep.equal(
      ['hr'],
    );
  });

  it('places its findings in the file of which the text is a part', () => {
    const [error] = errorsOf(() =>
      parseRules('  priority: [hx]', { ...options, file: 'tenants/acme.yaml', firstLine: 24 }),
    );
    expect(error?.where).to.deep.equal({ file: 'tenants/acme.yaml', line: 24, column: 14 });
  });

  const refused: [string, string, string[], string?][] = [
    ['an unknown key', 'prioritty: [hr]', ['RC_CONFIG_UNKNOWN_KEY 1:1'], 'Did you mean "priority"?'],
    [
      'an unknown key of a guard',
      'guards: { absences: { cuont: 1 } }',
      ['RC_CONFIG_UNKNOWN_KEY 1:23'],
      'Did you mean "count"?',
    ],
    [
      'an unknown guard',
      'guards: { absence: { count: 1 } }',
      ['RC_CONFIG_UNKNOWN_KEY 1:11'],
      'Did you mean "absences"?',
    ],
    [
      'an unknown directory in priority',
      'priority: [hr, itt]',
      ['RC_RULES_UNKNOWN_DIRECTORY 1:16'],
      'Did you mean "it"?',
    ],
    [
      'an unknown directory in from',
      'attributes: { title: { from: [hr, ad] } }',
      ['RC_RULES_UNKNOWN_DIRECTORY 1:35'],
      'Directories of this tenant: hr, it.',
    ],
    [
      'an unknown directory in create',
      'lifecycle: { create: [HR] }',
      ['RC_RULES_UNKNOWN_DIRECTORY 1:23'],
      'Did you mean "hr"?',
    ],
    [
      'an unknown attribute',
      'attributes: { departmnt: { from: [hr] } }',
      ['RC_RULES_UNKNOWN_ATTRIBUTE 1:15'],
      'Did you mean "department"?',
    ],
    [
      'an unknown key to recognise by',
      'correlation: [{ name: x, on: employeNumber, certainty: sure }]',
      ['RC_RULES_UNKNOWN_ATTRIBUTE 1:30'],
      'Did you mean "employeeNumber"?',
    ],
    ['a set to recognise by', 'correlation: [{ name: x, on: emails, certainty: sure }]', ['RC_RULES_KEY 1:30']],
    ['active to recognise by', 'correlation: [{ name: x, on: active, certainty: sure }]', ['RC_RULES_KEY 1:30']],
    ['a directory named twice', 'priority: [hr, hr]', ['RC_CONFIG_INVALID 1:11']],
    ['nobody in from', 'attributes: { title: { from: [] } }', ['RC_CONFIG_INVALID 1:30']],
    ['a rule without from', 'attributes: { title: { onConflict: log } }', ['RC_CONFIG_MISSING_KEY 1:15']],
    ['a union of what is no set', 'attributes: { title: { from: [hr], strategy: union } }', ['RC_RULES_STRATEGY 1:46']],
    [
      'a vote on what is not active',
      'attributes: { title: { from: [hr], strategy: vote } }',
      ['RC_RULES_STRATEGY 1:46'],
    ],
    ['priority on active', 'attributes: { active: { from: [hr], strategy: priority } }', ['RC_RULES_STRATEGY 1:47']],
    [
      'require on what is not active',
      'attributes: { title: { from: [hr], require: [hr] } }',
      ['RC_RULES_REQUIRE 1:45'],
    ],
    ['maxAge on active', 'attributes: { active: { from: [hr], maxAge: 3d } }', ['RC_RULES_MAX_AGE 1:45']],
    [
      'maxAge on employment',
      'attributes: { employment.endDate: { from: [hr], maxAge: 3d } }',
      ['RC_RULES_MAX_AGE 1:57'],
    ],
    [
      'maxAge on a match key',
      'attributes: { emails: { from: [hr], maxAge: 3d } }\ncorrelation: [{ name: x, on: emails.primary, certainty: probable }]',
      ['RC_RULES_MAX_AGE 1:45'],
    ],
    [
      'a maxAge that is no duration',
      'attributes: { title: { from: [hr], maxAge: 3 days } }',
      ['RC_CONFIG_INVALID 1:44'],
    ],
    [
      'two rules of one name',
      'correlation: [{ name: x, on: userName, certainty: sure }, { name: x, on: title, certainty: sure }]',
      ['RC_RULES_DUPLICATE 1:67'],
    ],
    ['a negative limit', 'guards: { absences: { count: -1 } }', ['RC_CONFIG_INVALID 1:30']],
    [
      'a certainty that does not exist',
      'correlation: [{ name: x, on: title, certainty: probably }]',
      ['RC_CONFIG_INVALID 1:48'],
      'Did you mean "probable"?',
    ],
    [
      'several faults',
      'priority: [x]\nattributes: { y: { from: [z] } }',
      ['RC_RULES_UNKNOWN_DIRECTORY 1:12', 'RC_RULES_UNKNOWN_DIRECTORY 2:27', 'RC_RULES_UNKNOWN_ATTRIBUTE 2:15'],
    ],
    ['a list instead of rules', '- priority', ['RC_CONFIG_INVALID 1:1']],
  ];
  for (const [what, text, expected, mend] of refused) {
    it(`refuses ${what}`, () => {
      const errors = errorsOf(() => parse(text));
      expect(errors.map(brief)).to.deep.equal(expected);
      expect(errors.every(({ exitCode, where }) => exitCode === 78 && where.file === 'rules/acme.yaml')).to.equal(true);
      if (mend !== undefined) expect(errors[0]?.mend).to.equal(mend);
    });
  }
});
