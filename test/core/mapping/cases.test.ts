import { expect } from 'chai';
import { parseCases, runCases } from '#core/mapping/cases.js';
import { catalogue, compiled } from './compiled.js';
import { brief, errorsOf } from './errors.js';

const mapping = compiled(`mapping: hr
kind: user
sourceId: id
attributes:
  name.givenName: first
  active: $lookup($statuses, status) != "terminated"
  employment.status: $lookup($statuses, status)
  employment.startDate: hired
tables: { statuses: { Active: active, Gone: terminated } }
`);

const right = `cases:
  - name: at work
    given: { id: E1, first: Ada, status: Active, hired: '2020-01-06' }
    sourceId: E1
    expect:
      name: { givenName: Ada }
      active: true
      employment: { status: active }
      employment.startDate: '2020-01-06'
  - name: unknown status
    given: { id: E1, first: Ada, status: New, hired: '' }
    error: { attribute: active, code: RC_MAPPING_TABLE_MISS }
`;

async function run(text: string): Promise<string[]> {
  const findings = await runCases(parseCases(text, { file: 'mappings/hr.test.yaml' }), mapping, { catalogue });
  return findings.map(
    ({ severity, code, message, where }) =>
      `${severity} ${code} ${String(where.line)}:${String(where.column)} ${message}`,
  );
}

async function runWith(from: string, to: string): Promise<string[]> {
  expect(right).to.include(from);
  return run(right.replace(from, to));
}

describe('core/mapping/cases', () => {
  it('finds nothing where all comes out as written, by names or nested', async () => {
    expect(await run(right)).to.deep.equal([]);
  });

  it('tells what comes out instead, at the line that wants something else', async () => {
    expect(await runWith('active: true', 'active: false')).to.deep.equal([
      'error RC_MAPPING_CASE_FAILED 7:7 at work: active is true, expected false.',
    ]);
  });

  it('misses a claim that the case does not expect: no value is not the same as any value', async () => {
    expect(await runWith('      active: true\n', '')).to.deep.equal([
      'error RC_MAPPING_CASE_FAILED 2:11 at work: active is true, and the case does not expect it.',
    ]);
  });

  it('misses a claim that does not come out', async () => {
    expect(await runWith('first: Ada, status: Active', 'status: Active')).to.deep.equal([
      'error RC_MAPPING_CASE_FAILED 6:15 at work: name.givenName says nothing, expected "Ada".',
    ]);
  });

  it('misses an error that does not come', async () => {
    expect(await runWith('status: New', 'status: Gone')).to.deep.equal([
      'error RC_MAPPING_CASE_FAILED 10:11 unknown status: active is false, expected it to fail with RC_MAPPING_TABLE_MISS.',
    ]);
  });

  it('misses an error of another code', async () => {
    expect(await runWith('RC_MAPPING_TABLE_MISS', 'RC_CLAIM_INVALID')).to.have.length(1);
  });

  it('tells of an error that nobody wanted', async () => {
    expect((await runWith("hired: '2020-01-06'", 'hired: soon'))[0]).to.equal(
      'error RC_MAPPING_CASE_FAILED 9:7 at work: employment.startDate fails with RC_CLAIM_INVALID, expected "2020-01-06".',
    );
  });

  it('compares the source id', async () => {
    expect(await runWith('sourceId: E1', 'sourceId: E2')).to.deep.equal([
      'error RC_MAPPING_CASE_FAILED 2:11 at work: the source id is "E1", expected "E2".',
    ]);
  });

  it('warns of a date that no case shows', async () => {
    const text = right
      .replace("hired: '2020-01-06'", "hired: ''")
      .replace("employment.startDate: '2020-01-06'", 'employment.startDate: null');
    expect(await run(text)).to.deep.equal([
      'warning RC_MAPPING_DATE_UNCOVERED 1:1 No case shows a date in employment.startDate.',
    ]);
  });

  it('knows the names of the catalogue', async () => {
    expect(await runWith('active: true', 'activ: true')).to.include(
      'error RC_MAPPING_UNKNOWN_ATTRIBUTE 7:7 There is no attribute "activ".',
    );
    expect(await runWith('attribute: active', 'attribute: activ')).to.include(
      'error RC_MAPPING_UNKNOWN_ATTRIBUTE 12:14 There is no attribute "activ".',
    );
  });

  const broken: [string, string, string][] = [
    ['an unknown key', right.replace('given:', 'givn:'), 'RC_CONFIG_UNKNOWN_KEY 3:5'],
    ['a case without an expectation', 'cases:\n  - name: x\n    given: {}\n', 'RC_CONFIG_INVALID 2:5'],
    ['no case', 'cases: []\n', 'RC_CONFIG_INVALID 1:8'],
  ];
  for (const [what, text, expected] of broken) {
    it(`refuses ${what}`, () => {
      expect(errorsOf(() => parseCases(text, { file: 'x.test.yaml' })).map(brief)).to.deep.equal([expected]);
    });
  }
});
