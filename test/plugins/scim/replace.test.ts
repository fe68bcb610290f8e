import type { JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { idOf, readCase, TestDirectory } from './support/directory.js';

describe('plugins/scim: PUT', () => {
  it('R1: what Okta got comes back as it was: nothing changes, not even the version', async () => {
    const directory = new TestDirectory();
    const id = idOf(await directory.post('/Users', readCase('bodies/okta-user.json')));
    await directory.group('eng', [id]);
    const before = await directory.get(`/Users/${id}`);
    expect(before.document).to.include.all.keys('id', 'meta', 'groups');
    const put = await directory.send('PUT', `/Users/${id}`, { body: { ...before.document, password: 'x' } });
    expect([put.status, put.body]).to.deep.equal([200, before.body]);
    expect((await directory.get(`/Users/${id}`)).body).to.equal(before.body);
    const changed = await directory.send('PUT', `/Users/${id}`, { body: { ...before.document, displayName: 'Ada K' } });
    expect(changed.body).to.equal((await directory.get(`/Users/${id}`)).body);
    expect(changed.document).to.include({ displayName: 'Ada K', externalId: '00ujl29u0le5T6Aj10h7' });
    expect(changed.document.meta).to.have.property('version', 'W/"2"');
  });

  it('R2: JumpCloud without external id and with emails null: both stay, and it is said', async () => {
    const directory = new TestDirectory();
    const id = idOf(await directory.post('/Users', readCase('bodies/jumpcloud-user.json')));
    const body = { userName: 'ada', emails: null, name: { givenName: 'Ada', familyName: 'King' } };
    const { status, document } = await directory.send('PUT', `/Users/${id}`, { body });
    expect(status).to.equal(200);
    expect(document).to.deep.include({
      externalId: '5f3c9a7e1b2d4c0011223344',
      emails: [{ value: 'ada@acme.example', type: 'work', primary: true }],
      name: { givenName: 'Ada', familyName: 'King' },
    });
    expect(document).not.to.have.property('phoneNumbers');
    expect(directory.notes).to.deep.equal([{ note: 'emailsKept', id }]);
  });

  it('an empty list of addresses, and none at all, take them away', async () => {
    for (const more of [{ emails: [] }, {}]) {
      const directory = new TestDirectory();
      const id = idOf(await directory.post('/Users', readCase('bodies/okta-user.json')));
      const { document } = await directory.send('PUT', `/Users/${id}`, { body: { userName: 'ada', ...more } });
      expect(document).not.to.have.property('emails');
      expect(directory.notes).to.deep.equal([]);
    }
  });

  it('R3: an unknown id is 404, a body without userName 400', async () => {
    const directory = new TestDirectory();
    expect((await directory.send('PUT', '/Users/none', { body: { userName: 'x' } })).status).to.equal(404);
    const id = await directory.user('ada');
    const { status, document } = await directory.send('PUT', `/Users/${id}`, { body: { displayName: 'x' } });
    expect([status, document.scimType]).to.deep.equal([400, 'invalidValue']);
  });

  it('R4: active false makes inactive, and why is kept', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    const { document } = await directory.send('PUT', `/Users/${id}`, { body: { userName: 'ada', active: 'False' } });
    expect(document.active).to.equal(false);
    const stored = await directory.store.read('user', id);
    expect(stored?.cause).to.equal('scim.deactivated');
    expect(stored?.lastModified.toISOString()).to.equal((document.meta as JsonObject).lastModified);
  });

  it('says nothing of active: it stays as it is', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada', { active: false });
    for (const more of [{}, { active: null }]) {
      const { document } = await directory.send('PUT', `/Users/${id}`, {
        body: { userName: 'ada', title: 'x', ...more },
      });
      expect(document.active).to.equal(false);
    }
  });

  it('refuses the name and the external id of somebody else', async () => {
    const directory = new TestDirectory();
    await directory.user('ada', { externalId: '1' });
    const id = await directory.user('grace', { externalId: '2' });
    for (const body of [{ userName: 'ADA' }, { userName: 'grace', externalId: '1' }]) {
      expect((await directory.send('PUT', `/Users/${id}`, { body })).document.scimType).to.equal('uniqueness');
    }
    expect(
      (await directory.send('PUT', `/Users/${id}`, { body: { userName: 'grace', externalId: '3' } })).status,
    ).to.equal(200);
  });

  it('passes over the id of a body, which is not ours to take', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    const { document } = await directory.send('PUT', `/Users/${id}`, { body: { id: 'other', userName: 'ada' } });
    expect(document.id).to.equal(id);
  });
});
