import type { Json } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { TestDirectory } from './support/directory.js';

const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

describe('plugins/scim: limits', () => {
  async function refused(operations: Json[], path?: string): Promise<unknown> {
    const directory = new TestDirectory();
    const at = path ?? `/Users/${await directory.user('ada')}`;
    if (path !== undefined) await directory.group('eng');
    const { status, document } = await directory.patch(at, ...operations);
    expect(status).to.equal(400);
    return document.scimType;
  }

  it('no list of a person is longer than 500 elements, at once or bit by bit', async () => {
    const directory = new TestDirectory();
    const roles = many(501, (i) => ({ value: `r${i}`, primary: true }));
    expect((await directory.post('/Users', { userName: 'a', roles })).document.scimType).to.equal('invalidValue');
    expect((await directory.post('/Users', { userName: 'a', roles: roles.slice(1) })).status).to.equal(201);
    expect(
      await refused([
        { op: 'add', path: 'roles', value: roles.slice(1) },
        { op: 'add', path: 'roles', value: 'r0' },
      ]),
    ).to.equal('invalidValue');
    expect(await refused([{ op: 'remove', path: 'roles', value: roles }])).to.equal('invalidValue');
    const own = many(501, String);
    expect(
      await refused([
        { op: 'replace', path: 'own', value: own },
        { op: 'add', path: 'own', value: 'x' },
      ]),
    ).to.equal('invalidValue');
  });

  it('no request writes more than 1,000 attributes', async () => {
    expect(await refused(many(1001, () => ({ op: 'replace', path: 'title', value: 'x' })))).to.equal('invalidSyntax');
    const body = Object.fromEntries(many(1001, (i) => [`key${i}`, 1]));
    const { document } = await new TestDirectory().post('/Users', { userName: 'a', ...body });
    expect(document.scimType).to.equal('invalidSyntax');
  });

  it('no request selects elements by a filter more than a hundred times', async () => {
    const select = { op: 'replace', path: 'emails[type eq "work"].value', value: 'x' };
    expect(await refused(many(101, () => select))).to.equal('invalidSyntax');
    const directory = new TestDirectory();
    const id = await directory.user('ada');
    expect((await directory.patch(`/Users/${id}`, ...many(100, () => select))).status).to.equal(200);
  });

  it('ten operations may look through all members, a thousand may name theirs', async () => {
    const select = { op: 'remove', path: 'members[type eq "User"]' };
    expect(
      await refused(
        many(11, () => select),
        '/Groups/id-1',
      ),
    ).to.equal('invalidSyntax');
    const directory = new TestDirectory();
    const id = await directory.group('eng');
    expect((await directory.patch(`/Groups/${id}`, ...many(10, () => select))).status).to.equal(204);
    const named = many(5000, (i) => ({ op: 'remove', path: `members[value eq "m${i}"]` }));
    expect((await directory.patch(`/Groups/${id}`, ...named)).status).to.equal(204);
  });

  it('no path is longer than 512 characters, no list of names than 8,192', async () => {
    expect(await refused([{ op: 'remove', path: `emails[value eq "${'x'.repeat(500)}"]` }])).to.equal('invalidPath');
    const directory = new TestDirectory();
    const { document } = await directory.post('/Users/.search', { attributes: '['.repeat(9000) });
    expect(document.scimType).to.equal('invalidValue');
  });

  it('takes one text of almost five megabytes and finds it again', async () => {
    const directory = new TestDirectory();
    const userName = `"\\${'ä'.repeat(2_000_000)}`;
    expect((await directory.post('/Users', { userName })).status).to.equal(201);
    expect((await directory.post('/Users', { userName: userName.toUpperCase() })).status).to.equal(409);
    const [first] = directory.store.all('user');
    expect(first?.resource.userName).to.equal(userName);
  });

  it('refuses five megabytes of brackets', async () => {
    const text = `{"userName":"a","x":${'['.repeat(2_500_000)}${']'.repeat(2_500_000)}}`;
    const { status } = await new TestDirectory().send('POST', '/Users', { text });
    expect(status).to.equal(400);
  });
});
