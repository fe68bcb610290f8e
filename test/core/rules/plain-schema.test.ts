import { expect } from 'chai';
import fc from 'fast-check';
import { configurationSchema } from '#core/configuration/configuration-schema.js';
import { tenantSchema } from '#core/configuration/tenant-schema.js';
import { claimAjv } from '#core/mapping/claim-schemas.js';
import { mappingSchema } from '#core/mapping/mapping-schema.js';
import type { Schema } from '#core/model/catalogue.js';
import { matchesPlainly } from '#core/rules/plain-schema.js';
import { rulesSchema } from '#core/rules/rules-schema.js';

const ajv = claimAjv();
for (const keyword of ['secret', 'help']) ajv.addKeyword(keyword);

const project = { version: 1, store: { client: 'sqlite3', file: 'x.db' }, secretKey: 'env:KEY', plugins: ['a', 'b'] };
const tenant = {
  tenant: 'acme',
  timeZone: 'Europe/Berlin',
  custom: { costCenter: { type: 'string' } },
  directories: { hr: { connector: 'csv', mode: 'live', settings: {}, mappings: { user: 'hr.yaml' } } },
  rules: { priority: ['hr'] },
};
const rules = {
  priority: ['hr', 'it'],
  attributes: { active: { from: ['hr'], onConflict: 'log', maxAge: '30d' } },
  correlation: [{ name: 'number', on: 'employeeNumber', certainty: 'sure' }],
  lifecycle: { preHireDays: 3 },
  guards: { absences: { count: 10, percent: 5 }, neverHold: false },
};
const mapping = {
  mapping: 'hr',
  kind: 'user',
  sourceId: 'id',
  attributes: { active: true, department: 'd' },
  tables: { statuses: { Active: 'active', Gone: null } },
};

const CASES: readonly [string, Schema, unknown][] = [
  ['a project', configurationSchema, project],
  ['a tenant', tenantSchema(true), tenant],
  ['rules', rulesSchema, rules],
  ['a mapping', mappingSchema(null), mapping],
];

/** The same document with one value in it, or one key, replaced. */
function mutations(document: unknown, replacement: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (Array.isArray(document))
    return fc.oneof(
      replacement,
      replacement.map((item) => [...(document as unknown[]), item]),
      ...document.map((item: unknown, at) =>
        mutations(item, replacement).map((other): unknown => (document as unknown[]).with(at, other)),
      ),
    );
  if (typeof document !== 'object' || document === null) return replacement;
  const entries = Object.entries(document);
  return fc.oneof(
    replacement,
    fc.tuple(fc.string(), replacement).map(([name, item]): unknown => Object.fromEntries([...entries, [name, item]])),
    ...entries.flatMap(([name, item], at) => [
      fc.constant<unknown>(Object.fromEntries(entries.toSpliced(at, 1))),
      mutations(item, replacement).map((other): unknown => ({ ...document, [name]: other })),
    ]),
  );
}

describe('matching a schema plainly', () => {
  for (const [name, schema, document] of CASES) {
    it(`knows that ${name} is in order`, () => {
      expect(matchesPlainly(document, schema)).to.equal(true);
    });

    it(`says of ${name} with one thing changed what Ajv says`, () => {
      const validate = ajv.compile(schema);
      const scalar = fc.oneof(
        fc.constantFrom<unknown>(
          '',
          'hr',
          'file:',
          'env:A',
          'live',
          'pg',
          'sqlite3',
          '𝒳'.repeat(63),
          [],
          {},
          null,
          true,
        ),
        fc.jsonValue(),
        fc.double(),
      );
      fc.assert(
        fc.property(mutations(document, scalar), (other) => {
          expect(matchesPlainly(other, schema)).to.equal(validate(other));
        }),
        { numRuns: 1500 },
      );
    });
  }

  it('leaves to Ajv what it does not know', () => {
    const unknown: Schema[] = [
      { if: {}, then: false },
      { properties: { a: { patternProperties: {} } } },
      { anyOf: [true, { not: {} }] },
      { enum: [[1]] },
      { const: {} },
    ];
    for (const schema of unknown) expect(matchesPlainly({}, schema)).to.equal(null);
  });
});
