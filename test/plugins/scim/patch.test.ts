import { readdirSync } from 'node:fs';
import type { Json, JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { casesFolder, idOf, readCase, TestDirectory, type Got } from './support/directory.js';

interface PatchCase {
  says: string;
  before: JsonObject;
  operations: Json[];
  expect?: JsonObject;
  error?: { status: number; scimType: string };
}

/** What a client wrote of a resource, without what the server says. */
function written({ document }: Got): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !['id', 'schemas', 'meta'].includes(key)));
}

function withId(operations: Json[], id: string): Json[] {
  return JSON.parse(JSON.stringify(operations).replaceAll('{id}', id)) as Json[];
}

describe('plugins/scim: PATCH of a user (T1: every line of the dialects)', () => {
  for (const file of readdirSync(`${casesFolder}patch`)) {
    const { says, before, operations, expect: wanted, error } = readCase(`patch/${file}`) as JsonObject & PatchCase;
    it(`${file.replace('.json', '')}: ${says}`, async () => {
      const directory = new TestDirectory();
      const made = await directory.post('/Users', before);
      const path = `/Users/${idOf(made)}`;
      expect(written(made)).to.deep.equal(before);
      const answer = await directory.patch(path, ...withId(operations, idOf(made)));
      const now = await directory.get(path);
      if (error !== undefined) {
        expect(answer.status).to.equal(error.status);
        expect(answer.document).to.include({ status: String(error.status), scimType: error.scimType });
        expect(now.body).to.equal(made.body);
      } else {
        expect(answer.status, answer.body).to.equal(200);
        expect(written(now)).to.deep.equal(wanted);
        expect(answer.document).to.deep.equal(now.document);
        const isSame = JSON.stringify(wanted) === JSON.stringify(before);
        expect(now.document.meta).to.have.property('version', isSame ? 'W/"1"' : 'W/"2"');
      }
      expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
    });
  }
});

describe('plugins/scim: PATCH', () => {
  it('T2: every false that Entra ID writes makes inactive, and the answer is a boolean', async () => {
    for (const value of ['False', 'false', false, ['false']]) {
      const directory = new TestDirectory();
      const id = await directory.user('ada');
      const { document } = await directory.patch(`/Users/${id}`, { op: 'Replace', path: 'active', value });
      expect(document.active).to.equal(false);
    }
  });

  it('T5: nothing of the first operation is left when the second fails', async () => {
    const directory = new TestDirectory();
    const id = await directory.group('eng');
    const user = await directory.user('ada');
    const { status } = await directory.patch(
      `/Groups/${id}`,
      { op: 'add', path: 'members', value: [{ value: user }] },
      { op: 'replace', path: 'displayName', value: '' },
    );
    expect(status).to.equal(400);
    expect(await directory.members(id)).to.deep.equal([]);
  });

  it('T7: a name that somebody else has is refused', async () => {
    const directory = new TestDirectory();
    await directory.user('ada');
    const id = await directory.user('grace');
    const { status, document } = await directory.patch(`/Users/${id}`, {
      op: 'replace',
      path: 'userName',
      value: 'ADA',
    });
    expect([status, document.scimType]).to.deep.equal([409, 'uniqueness']);
    expect((await directory.get(`/Users/${id}`)).document.userName).to.equal('grace');
  });

  it('T7: letters of the own name may change', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    const { document } = await directory.patch(`/Users/${id}`, { op: 'replace', path: 'userName', value: 'Ada' });
    expect(document.userName).to.equal('Ada');
  });

  it('T10: a PATCH without operations and one whose operations are no list', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    for (const body of [{}, { Operations: 'x' }, { Operations: [] }, { Operations: [7] }, { members: 'x' }]) {
      const { status, document } = await directory.send('PATCH', `/Users/${id}`, { body });
      expect([status, document.scimType]).to.deep.equal([400, 'invalidSyntax']);
    }
  });

  it('takes operations in lower case and one that stands alone', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    const body = { operations: { OP: 'REPLACE', Path: 'title', VALUE: 'Countess' } };
    const { document } = await directory.send('PATCH', `/Users/${id}`, { body });
    expect(document.title).to.equal('Countess');
  });

  it('T11: a PATCH that changes nothing leaves version and lastModified', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada', { title: 'Countess' });
    const before = await directory.get(`/Users/${id}`);
    const { status } = await directory.patch(`/Users/${id}`, { op: 'replace', path: 'title', value: 'Countess' });
    expect(status).to.equal(200);
    expect((await directory.get(`/Users/${id}`)).body).to.equal(before.body);
  });

  it('loses nothing of twenty PATCHes at once that change one attribute each', async () => {
    for (const seed of [1, 2, 3]) {
      const directory = new TestDirectory({ seed });
      const path = `/Users/${await directory.user('ada')}`;
      const names = Array.from({ length: 20 }, (_, i) => `attribute${i}`);
      await Promise.all(names.map((name) => directory.patch(path, { op: 'add', path: name, value: 'x' })));
      const { document } = await directory.get(path);
      expect(document).to.include.all.keys(names);
      expect(document.meta).to.have.property('version', 'W/"21"');
    }
  });

  it('answers 204 for a group, and 200 when attributes are asked for', async () => {
    const directory = new TestDirectory();
    const id = await directory.group('eng');
    const operation = { op: 'replace', path: 'displayName', value: 'Eng' };
    const silent = await directory.patch(`/Groups/${id}`, operation);
    expect([silent.status, silent.body, silent.headers['Content-Type']]).to.deep.equal([204, '', undefined]);
    const body = { Operations: [{ ...operation, value: 'ENG' }] };
    const shown = await directory.send('PATCH', `/Groups/${id}`, { body, query: 'attributes=displayName' });
    expect(shown.document).to.have.all.keys('id', 'schemas', 'displayName');
  });

  it('changes nothing when the projection is wrong', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    const body = { Operations: [{ op: 'replace', path: 'title', value: 'x' }] };
    const query = 'attributes=title&excludedAttributes=name';
    expect((await directory.send('PATCH', `/Users/${id}`, { body, query })).status).to.equal(400);
    expect((await directory.get(`/Users/${id}`)).document.title).to.equal(undefined);
  });
});
