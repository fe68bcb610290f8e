import type { Json } from '@rollcall/connector-kit';
import { expect } from 'chai';
import fc from 'fast-check';
import { TestDirectory } from './support/directory.js';

const KEYS = [
  'userName',
  'USERNAME',
  'active',
  'emails',
  'name',
  'members',
  'displayName',
  'externalId',
  'manager',
  'Operations',
  'op',
  'path',
  'value',
  'type',
  'primary',
  'schemas',
  'id',
  'meta',
  'constructor',
  '$ref',
  'filter',
  'count',
  'attributes',
  'name.givenName',
  'emails[type eq "work"].value',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  'urn:ietf:params:scim:schemas:core:2.0:User:title',
  'urn:acme:1.0:User',
];
const WORDS = [
  'add',
  'Replace',
  'remove',
  'members',
  'members[value eq "id-1"]',
  'members[type pr]',
  'id-1',
  'id-3',
  'ada',
  'True',
  '',
  'emails.value',
  'x[a eq 1].b',
];

const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<Json[]>(...WORDS, ...KEYS, null, true, false, 0, 7, 1.5),
    fc.string({ maxLength: 4 }),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('json'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

const operation = fc.record(
  {
    op: fc.constantFrom('add', 'replace', 'remove'),
    path: fc.constantFrom(...KEYS, ...WORDS, 'foo.bar', 'emails[primary eq true]', 'name.familyName'),
    value: json,
  },
  { requiredKeys: ['op'] },
);
const body = fc.oneof(
  json,
  fc.array(operation, { minLength: 1, maxLength: 3 }).map((Operations): Json => ({ Operations })),
  fc.record({
    userName: fc.constantFrom('ada', 'bob'),
    displayName: fc.constantFrom('eng', 'ops'),
    members: json,
    emails: json,
    x: json,
  }),
);
const query = fc.oneof(
  fc.constant(''),
  fc.constantFrom(...KEYS).map((key) => `filter=${encodeURIComponent(`${key} pr`)}`),
  fc.constantFrom(...KEYS).map((key) => `sortBy=${encodeURIComponent(key)}&attributes=${encodeURIComponent(key)}`),
  fc.constantFrom(
    'count=1&startIndex=2',
    'cursor=',
    'excludedAttributes=members,name.givenName',
    'filter=members%20eq%20"id-1"',
  ),
);
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'PATCH', 'DELETE'),
  path: fc.constantFrom(
    '/Users',
    '/Groups',
    '/Users/id-1',
    '/Groups/id-2',
    '/Users/id-3',
    '/Users/.search',
    '/.search',
    '/',
  ),
  sent: fc.record({ body, query }),
});

describe('plugins/scim: any request', () => {
  it('is answered in the form of SCIM, never by a failure, and what is kept can be shown and put back', async () => {
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 8 }), async (requests) => {
        const directory = new TestDirectory();
        await directory.user('ada', { emails: [{ value: 'a@x', type: 'work' }] });
        await directory.group('eng', ['id-1']);
        for (const { method, path, sent } of requests) {
          const { status, document } = await directory.send(method, path, sent);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          expect(directory.notes.filter(({ note }) => note === 'failure')).to.deep.equal([]);
          if (status >= 400)
            expect(document)
              .to.include({ status: String(status) })
              .and.to.have.property('detail');
        }
        for (const kind of ['user', 'group'] as const) {
          const visible = directory.store.all(kind).filter(({ goneAt }) => goneAt === null);
          for (const { id } of visible) {
            const path = `/${kind === 'user' ? 'Users' : 'Groups'}/${id}`;
            const shown = await directory.get(path);
            // A replacement ends edges to nobody, which are not shown.
            const { members } = shown.document;
            if (Array.isArray(members) && members.length < directory.store.edgesOf(id).length) continue;
            const put = await directory.send('PUT', path, { body: shown.document });
            expect([put.status, put.body], put.body).to.deep.equal([200, shown.body]);
          }
        }
        expect(Object.keys(Object.prototype)).to.deep.equal([]);
      }),
      { numRuns: 600 },
    );
    for (const status of [200, 201, 204, 400, 404, 405, 409])
      expect(statuses.get(status) ?? 0, String(status)).to.be.greaterThan(0);
  });
});
