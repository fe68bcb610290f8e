import type { JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { idOf, readCase, TestDirectory } from './support/directory.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('plugins/scim: POST /Users', () => {
  it('C1: Okta: the whole resource, Location, no password, groups not taken over', async () => {
    const directory = new TestDirectory();
    const { status, document, headers, body } = await directory.post('/Users', readCase('bodies/okta-user.json'));
    expect(status).to.equal(201);
    expect(headers.Location).to.equal((document.meta as JsonObject).location);
    expect(headers.ETag).to.equal('W/"1"');
    expect(document).to.include({ userName: 'ada@acme.example', externalId: '00ujl29u0le5T6Aj10h7', active: true });
    expect(document).not.to.have.any.keys('password', 'groups');
    expect(body).not.to.include('1mz050nq');
    expect(JSON.stringify(directory.store.all('user'))).not.to.include('1mz050nq');
  });

  it('C2: Entra ID: nulls are absent, meta is ours, the manager is there', async () => {
    const { status, document } = await new TestDirectory().post('/Users', readCase('bodies/entra-user.json'));
    expect(status).to.equal(201);
    expect(JSON.stringify(document)).not.to.include('null');
    expect(document).not.to.have.any.keys('addresses', 'title', 'roles', 'department');
    expect(document[ENTERPRISE]).to.deep.equal({
      employeeNumber: '77',
      department: 'Research',
      manager: { value: 'mgr-1' },
    });
    expect(document.meta).to.include({ resourceType: 'User', version: 'W/"1"' });
  });

  it('C3: JumpCloud: an extension that is named and absent', async () => {
    const { status, document } = await new TestDirectory().post('/Users', readCase('bodies/jumpcloud-user.json'));
    expect(status).to.equal(201);
    expect(document.schemas).to.deep.equal(['urn:ietf:params:scim:schemas:core:2.0:User']);
    expect(document.phoneNumbers).to.deep.equal([{ type: 'mobile', value: 'tel:+1-201-555-0123' }]);
  });

  it('C3: OneLogin: schemas of 1.0, id null, active as a text, one e-mail as an object', async () => {
    const { status, document } = await new TestDirectory().post('/Users', readCase('bodies/onelogin-user.json'));
    expect(status).to.equal(201);
    expect(document.active).to.equal(true);
    expect(document.emails).to.deep.equal([{ value: 'ada@acme.example', type: 'work', primary: true }]);
    expect(document[ENTERPRISE]).to.deep.equal({
      department: 'Research',
      manager: { value: '42', displayName: 'Grace Hopper' },
    });
  });

  it('takes what Rippling sends', async () => {
    const { status, document } = await new TestDirectory().post('/Users', readCase('bodies/rippling-user.json'));
    expect(status).to.equal(201);
    expect(document.externalId).to.equal('63f1a2b3c4d5e6f708192a3b');
  });

  it('C4: refuses no userName, broken JSON, an active that is neither', async () => {
    const directory = new TestDirectory();
    const bad = async (text: string): Promise<unknown[]> => {
      const { status, document } = await directory.send('POST', '/Users', { text });
      return [status, document.scimType];
    };
    expect(await bad('{"displayName":"x"}')).to.deep.equal([400, 'invalidValue']);
    expect(await bad('{"userName":" "}')).to.deep.equal([400, 'invalidValue']);
    expect(await bad('{"userName":null}')).to.deep.equal([400, 'invalidValue']);
    expect(await bad('{"userName":["a","b"]}')).to.deep.equal([400, 'invalidValue']);
    expect(await bad('{"userName":{"a":1,"b":2}}')).to.deep.equal([400, 'invalidValue']);
    expect(await bad('{"userName":')).to.deep.equal([400, 'invalidSyntax']);
    expect(await bad('')).to.deep.equal([400, 'invalidSyntax']);
    expect(await bad('[]')).to.deep.equal([400, 'invalidSyntax']);
    expect(await bad('{"userName":"a","active":"maybe"}')).to.deep.equal([400, 'invalidValue']);
    expect(directory.store.all('user')).to.deep.equal([]);
  });

  it('C5: the same userName in other letters is 409', async () => {
    const directory = new TestDirectory();
    await directory.user('straße@x.io');
    const { status, document } = await directory.post('/Users', { userName: 'STRASSE@X.IO' });
    expect([status, document.scimType, document.status]).to.deep.equal([409, 'uniqueness', '409']);
    expect(document.detail).to.include('STRASSE@X.IO');
    expect(directory.notes).to.deep.include({ note: 'conflict', kind: 'user', id: 'id-1', attribute: 'userName' });
  });

  it('C6: external ids that differ in their letters are two', async () => {
    const directory = new TestDirectory();
    await directory.user('a', { externalId: 'AbC' });
    expect((await directory.post('/Users', { userName: 'b', externalId: 'aBc' })).status).to.equal(201);
    expect((await directory.post('/Users', { userName: 'c', externalId: 'AbC' })).status).to.equal(409);
  });

  it('C7: the id is ours', async () => {
    expect(idOf(await new TestDirectory().post('/Users', { id: 'theirs', userName: 'ada' }))).to.equal('id-1');
  });

  it('C8: keys in any letters come back spelled', async () => {
    const body = { USERNAME: 'ada', Emails: [{ VALUE: 'a@x.io', Type: 'work' }], NAME: { givenname: 'Ada' } };
    const { document } = await new TestDirectory().post('/Users', body);
    expect(document).to.deep.include({
      userName: 'ada',
      emails: [{ value: 'a@x.io', type: 'work' }],
      name: { givenName: 'Ada' },
    });
  });

  it('keeps unknown attributes as sent and shows them', async () => {
    const more = {
      favouriteColour: 'blue',
      nested: { A: [1, { b: null }] },
      'urn:acme:1.0:User': { Badge: 7, card: { colour: 'x', list: [{}] }, 'a.b': 1, 'c[d]': 2 },
    };
    const { document } = await new TestDirectory().post('/Users', { userName: 'ada', ...more });
    expect(document).to.deep.include(more);
    expect(document.schemas).to.include('urn:acme:1.0:User');
  });

  it('makes somebody active who is not said to be anything', async () => {
    const directory = new TestDirectory();
    for (const more of [{}, { active: null }]) {
      const { document } = await directory.post('/Users', { userName: `ada-${JSON.stringify(more)}`, ...more });
      expect(document.active).to.equal(true);
    }
  });

  it('keeps values as sent: numbers of telephones, spaces, letters', async () => {
    const phoneNumbers = [{ value: ' +49 (0)30 / 12 34 ', type: 'work' }];
    const { document } = await new TestDirectory().post('/Users', { userName: 'ÀDA@x.io', phoneNumbers });
    expect(document).to.deep.include({ userName: 'ÀDA@x.io', phoneNumbers });
  });

  it('leaves one primary and no empty elements', async () => {
    const emails = [
      { value: 'a', primary: true },
      { value: '' },
      { type: 'home' },
      null,
      { value: 'b', primary: 'True' },
    ];
    const { document } = await new TestDirectory().post('/Users', { userName: 'ada', emails });
    expect(document.emails).to.deep.equal([
      { value: 'a', primary: true },
      { value: 'b', primary: false },
    ]);
  });

  it('tells a replay from a conflict', async () => {
    const directory = new TestDirectory();
    const body = readCase('bodies/okta-user.json');
    await directory.post('/Users', body);
    expect((await directory.post('/Users', body)).status).to.equal(409);
    expect(directory.notes).to.deep.include({ note: 'replay', kind: 'user', id: 'id-1' });
    directory.now += 11 * 60 * 1000;
    directory.notes.length = 0;
    expect((await directory.post('/Users', body)).status).to.equal(409);
    expect(directory.notes.map(({ note }) => note)).to.deep.equal(['conflict']);
  });

  it('lets one of twenty creates of the same name through', async () => {
    const directory = new TestDirectory({ seed: 5 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => directory.post('/Users', { userName: 'ada' })));
    expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
    expect(answers.filter(({ status }) => status === 409)).to.have.length(19);
    expect(directory.store.all('user')).to.have.length(1);
  });
});
