import type { Json, JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { idOf, readCase, resourcesOf, TestDirectory } from './support/directory.js';

const remove = (id: string): Json => ({ op: 'remove', path: `members[value eq "${id}"]` });
const add = (...ids: string[]): Json => ({ op: 'add', path: 'members', value: ids.map((value) => ({ value })) });

describe('plugins/scim: groups', () => {
  async function populated(count = 4): Promise<{ directory: TestDirectory; users: string[]; group: string }> {
    const directory = new TestDirectory({ seed: 11 });
    const users: string[] = [];
    for (let i = 0; i < count; i += 1) users.push(await directory.user(`u${i}`));
    return { directory, users, group: await directory.group('eng') };
  }

  it('G1: what Okta and Entra ID create', async () => {
    const directory = new TestDirectory();
    for (const file of ['okta-group', 'entra-group']) {
      const made = await directory.post('/Groups', readCase(`bodies/${file}.json`));
      expect(made.status).to.equal(201);
      expect(made.document).to.deep.include({ members: [], schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'] });
      expect(made.headers.Location).to.equal((made.document.meta as JsonObject).location);
    }
  });

  it('G2: adds two, the same again, removes one by a filter and one by a value', async () => {
    const { directory, users, group } = await populated();
    const [a = '', b = '', c = ''] = users;
    const after = async (...operations: Json[]): Promise<string[]> => {
      expect((await directory.patch(`/Groups/${group}`, ...operations)).status).to.equal(204);
      return directory.members(group);
    };
    expect(await after(add(a, b))).to.deep.equal([a, b]);
    const { headers } = await directory.get(`/Groups/${group}`);
    expect(await after(add(a, b, a))).to.deep.equal([a, b]);
    expect((await directory.get(`/Groups/${group}`)).headers.ETag).to.equal(headers.ETag);
    expect(await after(remove(a))).to.deep.equal([b]);
    expect(await after({ op: 'Add', path: 'members', value: [{ $ref: null, value: c }] })).to.deep.equal([b, c]);
    expect(await after({ op: 'Remove', path: 'members', value: [{ $ref: null, value: b }] })).to.deep.equal([c]);
    expect(await after({ op: 'remove', path: 'members', value: [{ value: 'not a member' }] })).to.deep.equal([c]);
    expect(await after(remove(c), add(a), add(b), remove(a))).to.deep.equal([b]);
  });

  it('G2: every other form in which members come', async () => {
    const { directory, users, group } = await populated();
    const [a = '', b = '', c = ''] = users;
    const after = async (body: JsonObject): Promise<string[]> => {
      expect((await directory.send('PATCH', `/Groups/${group}`, { body })).status).to.equal(204);
      return directory.members(group);
    };
    const one = (operation: Json): JsonObject => ({ Operations: [operation] });
    expect(await after(one({ op: 'add', value: { members: [{ value: a }] } }))).to.deep.equal([a]);
    const legacy = [{ value: b, operation: 'add' }, { value: a, operation: 'delete' }, { value: c }];
    expect(await after({ schemas: ['urn:scim:schemas:core:1.0'], members: legacy })).to.deep.equal([b, c]);
    expect(await after(one({ op: 'remove', path: 'members', value: { value: b } }))).to.deep.equal([c]);
    expect(await after(one({ op: 'add', path: 'members', value: a }))).to.deep.equal([a, c]);
    expect(await after(one({ op: 'add', path: 'Members.Value', value: b }))).to.deep.equal([a, b, c]);
    expect(await after(one({ op: 'remove', path: `members[value eq "${a}" or value eq "${b}"]` }))).to.deep.equal([c]);
    expect(await after(one({ op: 'replace', path: `members[value eq "${c}"]`, value: { value: a } }))).to.deep.equal([
      a,
    ]);
    expect(await after(one({ op: 'remove', path: 'members[type eq "Group"]' }))).to.deep.equal([a]);
    expect(await after(one({ op: 'remove', path: 'members[type eq "User"]' }))).to.deep.equal([]);
    expect(
      await after(one({ op: 'add', path: 'members', value: [{ display: 'Ada', $ref: `../Users/${a}` }] })),
    ).to.deep.equal([a]);
    expect(await after(one({ op: 'remove', path: 'members', value: [] }))).to.deep.equal([a]);
    expect(await after(one({ op: 'remove', path: 'members[value sw "id"]' }))).to.deep.equal([]);
  });

  it('G2: what is no member is refused', async () => {
    const { directory, users, group } = await populated();
    const refused = async (operation: Json): Promise<unknown[]> => {
      const { status, document } = await directory.patch(`/Groups/${group}`, operation);
      return [status, document.scimType];
    };
    expect(await refused({ op: 'add', path: 'members', value: [{ display: 'x' }] })).to.deep.equal([
      400,
      'invalidValue',
    ]);
    expect(await refused({ op: 'add', path: 'members', value: [7] })).to.deep.equal([400, 'invalidValue']);
    expect(await refused({ op: 'add', path: 'members', value: [{ value: { a: 1 } }] })).to.deep.equal([
      400,
      'invalidValue',
    ]);
    const display = `members[value eq "${users[0] ?? ''}"].display`;
    expect(await refused({ op: 'replace', path: display, value: 'x' })).to.deep.equal([400, 'mutability']);
    expect(await refused({ op: 'remove', path: 'displayName' })).to.deep.equal([400, 'mutability']);
  });

  it('G3: a remove without a value and a replace by nothing empty it', async () => {
    for (const operation of [
      { op: 'remove', path: 'members' },
      { op: 'replace', path: 'members', value: [] },
      { op: 'replace', value: { members: [] } },
    ]) {
      const { directory, users, group } = await populated();
      await directory.patch(`/Groups/${group}`, add(...users));
      expect((await directory.patch(`/Groups/${group}`, operation)).status).to.equal(204);
      expect(await directory.members(group)).to.deep.equal([]);
    }
  });

  it('G3: a replace is whole, and a list that is much shorter is said', async () => {
    const { directory, users, group } = await populated(30);
    await directory.patch(`/Groups/${group}`, add(...users));
    const [a = ''] = users;
    await directory.patch(`/Groups/${group}`, { op: 'replace', path: 'members', value: [{ value: a }] });
    expect(await directory.members(group)).to.deep.equal([a]);
    expect(directory.notes).to.deep.equal([{ note: 'membersShrunk', groupId: group, before: 30, now: 1 }]);
  });

  it('G4: renamed in four forms, members are not touched', async () => {
    const { directory, users, group } = await populated();
    await directory.patch(`/Groups/${group}`, add(...users));
    const path = `/Groups/${group}`;
    await directory.patch(path, { op: 'replace', value: { id: group, displayName: 'one' } });
    await directory.patch(path, { op: 'Replace', path: 'displayName', value: 'two' });
    await directory.send('PUT', path, { body: { displayName: 'three' } });
    expect(
      (await directory.patch(path, { op: 'replace', value: { displayName: 'four', externalId: '4' } })).status,
    ).to.equal(204);
    const { document } = await directory.get(path);
    expect(document).to.include({ displayName: 'four', externalId: '4' });
    expect(await directory.members(group)).to.deep.equal([...users].sort());
    expect((await directory.get(`/Users/${users[0] ?? ''}`)).document.groups).to.have.nested.property(
      '[0].display',
      'four',
    );
  });

  it('G4: the id of another group in the value is refused', async () => {
    const { directory, group } = await populated();
    const { status } = await directory.patch(`/Groups/${group}`, {
      op: 'replace',
      value: { id: 'other', displayName: 'x' },
    });
    expect(status).to.equal(400);
  });

  it('G5: twenty PATCHes at once that add one each: all are there (field failures 1 and 2)', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const directory = new TestDirectory({ seed });
      const users = await Promise.all(Array.from({ length: 20 }, (_, i) => directory.user(`u${i}`)));
      const group = await directory.group('eng', users.slice(0, 2));
      const renames = Array.from({ length: 5 }, (_, i) => ({ op: 'replace', path: 'displayName', value: `eng ${i}` }));
      const operations: Json[] = [...users.slice(2).map((id) => add(id)), remove(users[0] ?? ''), ...renames];
      const answers = await Promise.all(operations.map((operation) => directory.patch(`/Groups/${group}`, operation)));
      expect(answers.map(({ status }) => status)).to.deep.equal(operations.map(() => 204));
      expect(await directory.members(group)).to.deep.equal(users.slice(1).sort());
      expect((await directory.store.read('group', group))?.version).to.equal(1 + operations.length);
    }
  });

  it('G6: a member that is not there: success, said, kept, and not shown', async () => {
    const { directory, users, group } = await populated();
    const [a = ''] = users;
    expect((await directory.patch(`/Groups/${group}`, add(a, 'nobody'))).status).to.equal(204);
    expect(directory.notes).to.deep.equal([{ note: 'memberUnknown', groupId: group, memberIds: ['nobody'] }]);
    expect(await directory.members(group)).to.deep.equal([a]);
    expect(directory.store.edgesOf(group)).to.deep.equal([a, 'nobody']);
    await directory.patch(`/Groups/${group}`, remove('nobody'));
    expect(directory.store.edgesOf(group)).to.deep.equal([a]);
  });

  it('G6: the id of somebody deleted binds to who follows, before or after', async () => {
    const { directory, group } = await populated();
    const old = await directory.user('ada', { externalId: '1' });
    await directory.send('DELETE', `/Users/${old}`);
    await directory.patch(`/Groups/${group}`, add(old));
    expect(await directory.members(group)).to.deep.equal([]);
    const made = await directory.user('ada', { externalId: '1' });
    expect(await directory.members(group)).to.deep.equal([made]);
    const second = await directory.group('second', [old]);
    expect(await directory.members(second)).to.deep.equal([made]);
    await directory.patch(`/Groups/${second}`, remove(old));
    expect(await directory.members(second)).to.deep.equal([]);
  });

  it('G7: a thousand members in one PATCH, fifty thousand in one PUT', async () => {
    const { directory, group } = await populated();
    const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `m-${i}`);
    expect((await directory.patch(`/Groups/${group}`, add(...ids(1000)))).status).to.equal(204);
    const members = ids(50_000).map((value) => ({ value }));
    const put = await directory.send('PUT', `/Groups/${group}`, {
      body: { displayName: 'eng', members },
      query: 'excludedAttributes=members',
    });
    expect(put.status).to.equal(200);
    expect(directory.store.edgesOf(group)).to.have.length(50_000);
  });

  it('G8: the same name without external ids is 409; with different ones it is allowed', async () => {
    const directory = new TestDirectory();
    await directory.group('eng');
    const make = async (displayName: string, externalId?: string): Promise<unknown[]> => {
      const { status, document } = await directory.post('/Groups', {
        displayName,
        ...(externalId === undefined ? {} : { externalId }),
      });
      return [status, document.scimType];
    };
    expect(await make('ENG')).to.deep.equal([409, 'uniqueness']);
    expect(await make('eng', '1')).to.deep.equal([409, 'uniqueness']);
    expect(await make('ops', '1')).to.deep.equal([201, undefined]);
    expect(await make('ops', '2')).to.deep.equal([201, undefined]);
    expect(await make('new', '2')).to.deep.equal([409, 'uniqueness']);
    const id = await directory.group('third');
    expect(
      (await directory.patch(`/Groups/${id}`, { op: 'replace', path: 'displayName', value: 'eng' })).status,
    ).to.equal(409);
  });

  it('G9: deleted: 404, the name is free, the users no longer show it', async () => {
    const { directory, users } = await populated();
    const [a = ''] = users;
    const group = await directory.group('ops', [a]);
    expect((await directory.get(`/Users/${a}`)).document.groups).to.have.length(1);
    expect((await directory.send('DELETE', `/Groups/${group}`)).status).to.equal(204);
    expect((await directory.get(`/Groups/${group}`)).status).to.equal(404);
    expect((await directory.patch(`/Groups/${group}`, add(a))).status).to.equal(404);
    expect((await directory.get(`/Users/${a}`)).document).not.to.have.property('groups');
    expect(await directory.group('ops')).not.to.equal(group);
  });

  it('holds groups, and tells users and groups apart', async () => {
    const { directory, users, group } = await populated();
    const [a = ''] = users;
    const outer = await directory.group('all', [a, group]);
    const { document } = await directory.get(`/Groups/${outer}`);
    expect((document.members as JsonObject[]).map(({ type }) => type)).to.have.members(['User', 'Group']);
    expect(JSON.stringify(document.members)).to.include(`/Groups/${group}"`);
  });

  it('OneLogin: shows all groups with their members, unfiltered', async () => {
    const { directory, users } = await populated();
    await directory.group('ops', users);
    const list = resourcesOf(await directory.get('/Groups'));
    expect(list.map(({ members }) => (members as Json[]).length)).to.deep.equal([0, 4]);
  });

  it('a group says nothing of its members in what is kept of it', async () => {
    const { directory, users } = await populated();
    const id = idOf(
      await directory.post('/Groups', { displayName: 'ops', members: users.map((value) => ({ value })) }),
    );
    expect((await directory.store.read('group', id))?.resource).to.deep.equal({ displayName: 'ops' });
  });
});
