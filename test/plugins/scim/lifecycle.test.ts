import type { JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { idOf, resourcesOf, TestDirectory } from './support/directory.js';

describe('plugins/scim: coming and going', () => {
  it('L1: inactive and active again: always there, the same id, the same memberships', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    const group = await directory.group('eng', [id]);
    for (const active of [false, true]) {
      expect((await directory.patch(`/Users/${id}`, { op: 'replace', value: { active } })).status).to.equal(200);
      expect((await directory.get(`/Users/${id}`)).document).to.include({ id, active });
      expect(resourcesOf(await directory.filter('/Users', 'userName eq "ada"'))).to.have.length(1);
      expect(await directory.members(group)).to.deep.equal([id]);
      expect((await directory.store.read('user', id))?.cause).to.equal(
        active ? 'scim.reactivated' : 'scim.deactivated',
      );
    }
  });

  it('L2: deleted: 404 for ever, in no list and no group; the record stays with its content, time and cause', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada', { externalId: '1', title: 'Countess' });
    const group = await directory.group('eng', [id]);
    expect((await directory.send('DELETE', `/Users/${id}`)).status).to.equal(204);
    for (const method of ['GET', 'DELETE', 'PUT', 'PATCH']) {
      const body =
        method === 'PATCH' ? { Operations: [{ op: 'replace', path: 'active', value: true }] } : { userName: 'ada' };
      const { status, document } = await directory.send(method, `/Users/${id}`, { body });
      expect([status, document.status], method).to.deep.equal([404, '404']);
    }
    expect((await directory.get('/Users')).document.totalResults).to.equal(0);
    for (const filter of ['userName eq "ada"', `id eq "${id}"`, 'externalId eq "1"', 'title pr']) {
      expect((await directory.filter('/Users', filter)).document.totalResults).to.equal(0);
    }
    expect(await directory.members(group)).to.deep.equal([]);
    expect((await directory.filter('/Groups', `members eq "${id}"`)).document.totalResults).to.equal(0);
    const stored = await directory.store.read('user', id);
    expect(stored).to.deep.include({
      id,
      cause: 'scim.deleted',
      resource: { userName: 'ada', externalId: '1', title: 'Countess', active: true },
    });
    expect(stored?.goneAt).to.be.a('date');
  });

  it('L3: created again with the same external id: a new id that follows the old one', async () => {
    const directory = new TestDirectory();
    const old = await directory.user('ada', { externalId: '1' });
    await directory.send('DELETE', `/Users/${old}`);
    const made = await directory.post('/Users', { userName: 'ada.king', externalId: '1' });
    expect(made.status).to.equal(201);
    expect(idOf(made)).not.to.equal(old);
    expect(await directory.store.read('user', idOf(made))).to.include({ formerId: old, cause: 'scim.recreated' });
    expect(directory.notes).to.deep.equal([{ note: 'recreated', id: idOf(made), formerId: old }]);
    expect((await directory.get(`/Users/${old}`)).status).to.equal(404);
  });

  it('L3: by the name alone, where no external id speaks against it', async () => {
    const directory = new TestDirectory();
    const old = await directory.user('ada', { externalId: '1' });
    await directory.send('DELETE', `/Users/${old}`);
    const made = await directory.post('/Users', { userName: 'ADA' });
    expect(await directory.store.read('user', idOf(made))).to.include({ formerId: old });
  });

  it('L3: deleted twice: the newest follows the one before it', async () => {
    const directory = new TestDirectory();
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) {
      ids.push(await directory.user('ada', { externalId: '1' }));
      if (i < 2) await directory.send('DELETE', `/Users/${ids[i] ?? ''}`);
    }
    expect(await directory.store.read('user', ids[2] ?? '')).to.include({ formerId: ids[1] });
  });

  it('L4: the same name with another external id is somebody else, and it is said', async () => {
    const directory = new TestDirectory();
    const old = await directory.user('ada', { externalId: '1' });
    await directory.send('DELETE', `/Users/${old}`);
    const made = await directory.post('/Users', { userName: 'ada', externalId: '2' });
    expect(made.status).to.equal(201);
    expect(await directory.store.read('user', idOf(made))).to.include({ formerId: null, cause: 'scim.created' });
    expect(directory.notes).to.deep.equal([{ note: 'identifierReused', id: idOf(made), formerId: old }]);
  });

  it('L5: a create of somebody inactive makes them active again under the same id', async () => {
    const pairs: [JsonObject, JsonObject][] = [
      [{}, {}],
      [{ externalId: '1' }, {}],
      [{}, { externalId: '1' }],
      [{ externalId: '1' }, { externalId: '1' }],
    ];
    for (const [before, now] of pairs) {
      const directory = new TestDirectory();
      const id = await directory.user('ada', { ...before, active: false });
      const made = await directory.post('/Users', { userName: 'ada', ...now });
      expect([made.status, idOf(made), made.document.active]).to.deep.equal([201, id, true]);
      expect(made.document.externalId).to.equal(now.externalId ?? before.externalId);
      expect(directory.notes).to.deep.equal([{ note: 'reactivated', id }]);
    }
  });

  it('L5: strict: 409', async () => {
    const directory = new TestDirectory({ settings: { conflicts: 'strict' } });
    const id = await directory.user('ada', { active: false });
    expect((await directory.post('/Users', { userName: 'ada' })).status).to.equal(409);
    expect((await directory.get(`/Users/${id}`)).document.active).to.equal(false);
  });

  it('L5: somebody inactive with another external id is somebody else: 409, and it is said', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada', { externalId: '1', active: false });
    expect((await directory.post('/Users', { userName: 'ada', externalId: '2' })).status).to.equal(409);
    expect(directory.notes).to.deep.equal([{ note: 'conflict', kind: 'user', id, attribute: 'userName' }]);
  });

  it('409 for the external id of somebody visible under another name', async () => {
    const directory = new TestDirectory();
    await directory.user('ada', { externalId: '1', active: false });
    await directory.user('grace', { active: false });
    expect((await directory.post('/Users', { userName: 'new', externalId: '1' })).status).to.equal(409);
    expect((await directory.post('/Users', { userName: 'grace', externalId: '1' })).status).to.equal(409);
  });

  it('field failure 8: enabling again is answered 200', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada', { active: false });
    const { status, document } = await directory.patch(`/Users/${id}`, {
      op: 'Replace',
      path: 'active',
      value: 'True',
    });
    expect([status, document.active]).to.deep.equal([200, true]);
  });

  it('field failure 6: a changed address is the same user', async () => {
    const directory = new TestDirectory();
    const id = await directory.user('ada@x.io', { emails: [{ value: 'ada@x.io', type: 'work' }] });
    const body = { userName: 'king@x.io', emails: [{ value: 'king@x.io', type: 'work' }], active: true };
    const { document } = await directory.send('PUT', `/Users/${id}`, { body });
    expect(document).to.include({ id, active: true, userName: 'king@x.io' });
  });
});
