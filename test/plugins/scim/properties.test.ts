import type { Json, JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import fc from 'fast-check';
import { COMPARISONS, type Filter, type SelectingPath } from '#scim/filter/ast.js';
import { evaluateFilter } from '#scim/filter/evaluate.js';
import { lookupsOf, keysOf } from '#scim/filter/lookups.js';
import { parseFilter, parsePath } from '#scim/filter/parse.js';
import { printFilter } from '#scim/filter/print.js';
import { userType } from '#scim/schema/resource-types.js';
import { TestDirectory, type Got } from './support/directory.js';
import { naive } from './support/naive-filter.js';

const text = fc.oneof(
  fc.constantFrom('a', 'b', 'B', 'ab', 'é', 'true', '0'),
  fc.string({ maxLength: 6, unit: 'grapheme' }),
);
const literal = fc.oneof(text, fc.boolean(), fc.integer({ min: -3, max: 3 }), fc.constant(null));
const comparison = fc.constantFrom(...COMPARISONS);
const name = fc.constantFrom('userName', 'title', 'active', 'externalId', 'nickName', 'not', 'x1');
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** A path of a top-level attribute, of a part of a list, or of a selected part. */
function pathOf(where: fc.Arbitrary<Filter>): fc.Arbitrary<SelectingPath> {
  return fc.oneof(
    name.map((one): SelectingPath => ({ name: one })),
    fc.constantFrom('value', 'type').map((sub): SelectingPath => ({ name: 'emails', sub })),
    where.map((one): SelectingPath => ({ name: 'emails', sub: 'value', where: one })),
    fc.constant<SelectingPath>({ schema: ENTERPRISE, name: 'department' }),
  );
}

function comparisonOf(path: fc.Arbitrary<SelectingPath>): fc.Arbitrary<Filter> {
  const compared = fc
    .record({ op: comparison, path, value: literal })
    .filter(({ op, value }) => op === 'eq' || op === 'ne' || (typeof value !== 'boolean' && value !== null));
  const present = path.map((one): Filter => ({ op: 'pr', path: one }));
  return fc.oneof({ weight: 4, arbitrary: compared }, { weight: 1, arbitrary: present });
}

const inner = comparisonOf(fc.constantFrom<SelectingPath[]>({ name: 'value' }, { name: 'type' }, { name: 'primary' }));
const leaf = comparisonOf(pathOf(inner));

const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    leaf,
    inner.map((where): Filter => ({ op: 'has', path: { name: 'emails' }, where })),
    fc.record({ op: fc.constant('not' as const), filter: tie('filter') }),
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      filters: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

const resource: fc.Arbitrary<JsonObject> = fc.record(
  {
    id: fc.constantFrom('a', 'b'),
    userName: text,
    title: text,
    externalId: text,
    active: fc.boolean(),
    emails: fc.array(
      fc.record(
        { value: text, type: fc.constantFrom('work', 'home'), primary: fc.boolean() },
        { requiredKeys: ['value'] },
      ),
      { maxLength: 3 },
    ),
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': fc.record({ department: text }),
  },
  { requiredKeys: ['id', 'userName'] },
);

describe('plugins/scim: properties', () => {
  it('a filter that is printed and read again is the same', () => {
    fc.assert(
      fc.property(filter, (one) => {
        expect(parseFilter(printFilter(one))).to.deep.equal(one);
      }),
      { numRuns: 2000 },
    );
  });

  it('selects what the naive model selects', () => {
    fc.assert(
      fc.property(filter, resource, (one, of) => {
        expect(evaluateFilter(one, of, userType), printFilter(one)).to.equal(naive(one, of));
      }),
      { numRuns: 5000 },
    );
  });

  it('an index never misses what a filter selects', () => {
    const few = fc.constantFrom('a', 'b', 'B');
    const paths = [{ name: 'userName' }, { name: 'externalId' }, { name: 'id' }, { name: 'emails', sub: 'value' }];
    const asked = fc.record({
      op: fc.constant('eq' as const),
      path: fc.constantFrom<SelectingPath[]>(...paths),
      value: few,
    });
    const ofEmails = fc.record({ value: few, type: few }).map(({ value, type }): Filter => ({
      op: 'has',
      path: { name: 'emails' },
      where: {
        op: 'and',
        filters: [
          { op: 'eq', path: { name: 'value' }, value },
          { op: 'ne', path: { name: 'type' }, value: type },
        ],
      },
    }));
    const one = fc.oneof(asked, ofEmails);
    const joined = fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      filters: fc.array(fc.oneof(one, leaf), { minLength: 2, maxLength: 3 }),
    });
    const person = fc.record({
      id: few,
      userName: few,
      externalId: few,
      emails: fc.array(fc.record({ value: few }), { maxLength: 2 }),
    });
    let indexed = 0;
    fc.assert(
      fc.property(fc.oneof(one, joined), person, (asks, of) => {
        const lookups = lookupsOf(asks, userType);
        if (lookups === undefined || !evaluateFilter(asks, of, userType)) return;
        indexed += 1;
        const keys = [...keysOf(of), { attribute: 'id', form: of.id }];
        const isFound = lookups.some(({ attribute, form }) =>
          keys.some((key) => key.attribute === attribute && key.form === form),
        );
        expect(isFound, printFilter(asks)).to.equal(true);
      }),
      { numRuns: 3000 },
    );
    expect(indexed).to.be.greaterThan(300);
  });

  it('no text makes the parsers fail in another way than by refusing it', () => {
    const pieces = fc.array(
      fc.constantFrom(
        'userName',
        'eq',
        '"x"',
        '(',
        ')',
        '[',
        ']',
        'and',
        'or',
        'not',
        'pr',
        '.',
        'urn:a:b',
        '"',
        '\\',
        '1',
        'true',
        '.value',
        ' ',
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pieces.map((list) => list.join(' ')),
          pieces.map((list) => list.join('')),
        ),
        (source) => {
          for (const parse of [parseFilter, parsePath]) {
            try {
              parse(source);
            } catch (error) {
              expect(error).to.have.property('name', 'ScimError');
            }
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  const good = fc.oneof(
    fc.record({
      op: fc.constantFrom('add', 'Replace'),
      path: fc.constantFrom('title', 'name.givenName', 'emails[type eq "work"].value', 'badge.colour', 'nickName'),
      value: fc.constantFrom('x', 'y', ''),
    }),
    fc.record({
      op: fc.constant('remove'),
      path: fc.constantFrom('title', 'emails', 'emails[type eq "home"]', 'name'),
    }),
    fc.record({
      op: fc.constant('add'),
      path: fc.constant('emails'),
      value: fc.array(fc.record({ value: fc.constantFrom('a', 'b'), type: fc.constantFrom('work', 'home') }), {
        maxLength: 2,
      }),
    }),
    fc.record({
      op: fc.constant('replace'),
      value: fc.record({
        active: fc.constantFrom('True', 'False', true),
        'name.familyName': fc.constantFrom('p', null),
      }),
    }),
  ) as fc.Arbitrary<Json>;
  const bad: Json[] = [
    { op: 'replace', path: 'active', value: '?' },
    { op: 'remove', path: 'userName' },
    { op: 'replace', path: 'id', value: 'x' },
    { op: 'replace', path: 'emails[value co "zzz" or type eq "q"].value', value: 'x' },
    { op: 'replace', path: 'title.x', value: 'x' },
  ];

  it('a PATCH with one wrong operation anywhere changes nothing; the others change as if sent one by one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(good, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(...bad),
        fc.nat(),
        async (operations, wrong, at) => {
          const [together, apart] = [new TestDirectory(), new TestDirectory()];
          const path = `/Users/${await together.user('ada')}`;
          await apart.user('ada');
          const before = await together.get(path);
          const broken = operations.toSpliced(at % (operations.length + 1), 0, wrong);
          expect((await together.patch(path, ...broken)).status).to.equal(400);
          expect((await together.get(path)).body).to.equal(before.body);
          expect((await together.patch(path, ...operations)).status).to.equal(200);
          for (const operation of operations) expect((await apart.patch(path, operation)).status).to.equal(200);
          const content = ({ document }: Got): JsonObject => ({ ...document, meta: null });
          expect(content(await together.get(path))).to.deep.equal(content(await apart.get(path)));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('what is shown can be put back and nothing changes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(good, { maxLength: 5 }), async (operations) => {
        const directory = new TestDirectory();
        const path = `/Users/${await directory.user('ada', { emails: [{ value: 'a', type: 'work', primary: true }] })}`;
        if (operations.length > 0) await directory.patch(path, ...operations);
        const before = await directory.get(path);
        const put = await directory.send('PUT', path, { body: before.document });
        expect([put.status, put.body]).to.deep.equal([200, before.body]);
      }),
      { numRuns: 150 },
    );
  });
});
