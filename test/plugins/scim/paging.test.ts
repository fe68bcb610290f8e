import type { JsonObject } from '@rollcall/connector-kit';
import { expect } from 'chai';
import { resourcesOf, TestDirectory, type Got } from './support/directory.js';

const names = (answer: Got): unknown[] =>
  resourcesOf(answer).map(({ userName, displayName }) => userName ?? displayName);

async function populated(count: number): Promise<TestDirectory> {
  const directory = new TestDirectory();
  for (let i = 1; i <= count; i += 1) await directory.user(`user-${i}`);
  return directory;
}

describe('plugins/scim: pages by index', () => {
  it('P1: nobody is lost or doubled while users come and change between pages', async () => {
    const directory = await populated(250);
    const seen: unknown[] = [];
    const sizes: unknown[] = [];
    for (let start = 1; start <= 250; start += 100) {
      const answer = await directory.get('/Users', `startIndex=${start}&count=100`);
      const { document } = answer;
      for (const name of ['totalResults', 'startIndex', 'itemsPerPage']) expect(document[name]).to.be.a('number');
      expect(document.itemsPerPage).to.equal(resourcesOf(answer).length);
      seen.push(...names(answer));
      sizes.push(document.itemsPerPage);
      await directory.user(`new-${start}`);
      await directory.patch('/Users/id-7', { op: 'replace', path: 'title', value: `t${start}` });
    }
    expect(new Set(seen).size).to.equal(seen.length);
    expect(seen).to.include.members(Array.from({ length: 250 }, (_, i) => `user-${i + 1}`));
    expect(sizes).to.deep.equal([100, 100, 52]);
  });

  it('P2: numbers out of range are clamped', async () => {
    const directory = await populated(3);
    for (const startIndex of ['0', '-5']) {
      const { document } = await directory.get('/Users', `startIndex=${startIndex}`);
      expect(document).to.include({ startIndex: 1, itemsPerPage: 3 });
    }
    const past = await directory.get('/Users', 'startIndex=10000');
    expect(past.document).to.deep.include({ totalResults: 3, itemsPerPage: 0, Resources: [] });
    for (const count of ['0', '-1']) {
      const { document } = await directory.get('/Users', `count=${count}`);
      expect(document).to.deep.include({ totalResults: 3, itemsPerPage: 0, Resources: [] });
    }
    expect((await directory.get('/Users', 'count=1')).document.itemsPerPage).to.equal(1);
  });

  it('P2: no page is longer than the largest', async () => {
    const directory = await populated(205);
    expect((await directory.get('/Users', 'count=100000')).document).to.include({
      totalResults: 205,
      itemsPerPage: 200,
    });
    expect((await directory.get('/Users')).document.itemsPerPage).to.equal(100);
  });

  it('pages through what a filter selects, with the true total', async () => {
    const directory = await populated(30);
    const answer = await directory.filter('/Users', 'userName co "user-1"', '&startIndex=3&count=4');
    expect(names(answer)).to.deep.equal(['user-11', 'user-12', 'user-13', 'user-14']);
    expect(answer.document).to.include({ totalResults: 11, startIndex: 3, itemsPerPage: 4 });
  });

  it('refuses what is no number', async () => {
    const directory = await populated(1);
    for (const query of ['count=x', 'startIndex=1.5', 'count=1&count=2', 'startIndex=1e3']) {
      const { status, document } = await directory.get('/Users', query);
      expect([status, document.scimType], query).to.deep.equal([400, 'invalidValue']);
    }
  });
});

describe('plugins/scim: pages by cursor', () => {
  async function walk(directory: TestDirectory, query: string): Promise<unknown[]> {
    const seen: unknown[] = [];
    let cursor: unknown = '';
    while (typeof cursor === 'string') {
      const answer = await directory.get('/Users', `${query}&cursor=${encodeURIComponent(cursor)}`);
      expect(answer.status, answer.body).to.equal(200);
      seen.push(...names(answer));
      cursor = answer.document.nextCursor;
    }
    return seen;
  }

  it('P3: walks through everybody, also while some are deleted', async () => {
    const directory = await populated(10);
    expect(await walk(directory, 'count=3')).to.have.length(10);
    expect(await walk(directory, 'count=5')).to.have.length(10);
    const first = await directory.get('/Users', 'count=3&cursor=');
    await directory.send('DELETE', '/Users/id-1');
    const next = await directory.get('/Users', `count=3&cursor=${first.document.nextCursor as string}`);
    expect(names(next)).to.deep.equal(['user-4', 'user-5', 'user-6']);
    expect(first.document).not.to.have.any.keys('startIndex', 'totalResults');
  });

  it('P3: walks through what a filter selects, and in an order', async () => {
    const directory = await populated(25);
    expect(await walk(directory, 'count=2&filter=userName+co+"user-1"')).to.have.length(11);
    expect(await walk(directory, 'count=4&sortBy=userName&sortOrder=descending')).to.have.length(25);
  });

  it('P3: refuses a cursor that is none, of another question or directory, expired, or with another count', async () => {
    const directory = await populated(5);
    const cursor = (await directory.get('/Users', 'count=2&cursor=')).document.nextCursor as string;
    const refused = async (path: string, query: string): Promise<unknown[]> => {
      const { status, document } = await directory.get(path, query);
      return [status, document.scimType];
    };
    const altered = Buffer.from(Buffer.from(cursor, 'base64url').toString().replace(/^0\.2/, '0.1')).toString(
      'base64url',
    );
    expect(altered).not.to.equal(cursor);
    for (const query of [
      'count=2&cursor=garbage',
      `count=2&cursor=${altered}`,
      `count=2&sortBy=userName&cursor=${cursor}`,
    ]) {
      expect(await refused('/Users', query), query).to.deep.equal([400, 'invalidCursor']);
    }
    expect(await refused('/Groups', `count=2&cursor=${cursor}`)).to.deep.equal([400, 'invalidCursor']);
    expect(await refused('/Users', `count=3&cursor=${cursor}`)).to.deep.equal([400, 'invalidCount']);
    expect(await refused('/Users', `count=0&cursor=${cursor}`)).to.deep.equal([400, 'invalidCount']);
    expect(await refused('/Users', `count=x&cursor=${cursor}`)).to.deep.equal([400, 'invalidCount']);
    directory.now += 3601 * 1000;
    expect(await refused('/Users', `count=2&cursor=${cursor}`)).to.deep.equal([400, 'expiredCursor']);
    const other = { ...directory.context, baseUrl: 'https://rollcall.example/scim/v2/dir-8' };
    Object.assign(directory.context, other);
    expect(await refused('/Users', `count=2&cursor=${cursor}`)).to.deep.equal([400, 'invalidCursor']);
  });
});

describe('plugins/scim: sorting', () => {
  it('sorts by any attribute; missing ones last, descending first; ties by age', async () => {
    const directory = new TestDirectory();
    await directory.user('c', { title: 'B', name: { familyName: 'Ä' } });
    await directory.user('a', { title: 'a', emails: [{ value: 'z@x' }, { value: 'b@x', primary: true }] });
    await directory.user('B', { emails: [{ value: 'a@x' }] });
    await directory.user('d', { title: 'A' });
    const sorted = async (query: string): Promise<unknown[]> => names(await directory.get('/Users', query));
    expect(await sorted('sortBy=userName')).to.deep.equal(['a', 'B', 'c', 'd']);
    expect(await sorted('sortBy=TITLE')).to.deep.equal(['a', 'd', 'c', 'B']);
    expect(await sorted('sortBy=title&sortOrder=Descending')).to.deep.equal(['B', 'c', 'a', 'd']);
    expect(await sorted('sortBy=emails.value')).to.deep.equal(['B', 'a', 'c', 'd']);
    expect(await sorted('sortBy=emails&count=1&startIndex=2')).to.deep.equal(['a']);
    expect(await sorted('sortBy=name.familyName&count=1')).to.deep.equal(['c']);
    expect(await sorted('sortBy=meta.created&sortOrder=descending')).to.deep.equal(['d', 'B', 'a', 'c']);
    expect((await directory.get('/Users', 'sortBy=(')).document.scimType).to.equal('invalidPath');
    expect((await directory.get('/Users', 'sortBy=title&sortOrder=up')).document.scimType).to.equal('invalidValue');
  });
});

describe('plugins/scim: projection', () => {
  it('J1: attributes, excludedAttributes, and both', async () => {
    const directory = new TestDirectory();
    const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    const emails = [{ value: 'a@x', type: 'work' }];
    const name = { givenName: 'Ada', familyName: 'L' };
    const id = await directory.user('ada', { emails, name, [enterprise]: { department: 'R', employeeNumber: '7' } });
    const shown = async (query: string): Promise<JsonObject> => (await directory.get(`/Users/${id}`, query)).document;
    const only = await shown('attributes=USERNAME,emails.value');
    expect(only).to.have.all.keys('id', 'schemas', 'userName', 'emails');
    expect(only.emails).to.deep.equal([{ value: 'a@x' }]);
    expect((await shown('attributes=name.givenName,name.familyName')).name).to.deep.equal(name);
    expect((await shown(`attributes=${enterprise}:department`))[enterprise]).to.deep.equal({ department: 'R' });
    expect((await shown(`attributes=${enterprise.toLowerCase()}`))[enterprise]).to.have.all.keys(
      'department',
      'employeeNumber',
    );
    expect((await shown('attributes=employeeNumber'))[enterprise]).to.deep.equal({ employeeNumber: '7' });
    expect(await shown('attributes=emails[type eq "work"]')).to.have.all.keys('id', 'schemas', 'emails');
    expect(await shown('attributes=nothing')).to.have.all.keys('id', 'schemas');
    const without = await shown('excludedAttributes=emails,id,schemas,meta.location,name.givenName');
    expect(without).to.include.all.keys('id', 'schemas', 'userName').and.not.have.property('emails');
    expect(without.meta).not.to.have.property('location');
    expect(without.name).to.deep.equal({ familyName: 'L' });
    expect((await shown(`excludedAttributes=${enterprise}:department`))[enterprise]).to.deep.equal({
      employeeNumber: '7',
    });
    expect(await shown(`excludedAttributes=${enterprise}`)).not.to.have.property(enterprise);
    const both = await directory.get('/Users', 'attributes=userName&excludedAttributes=emails');
    expect([both.status, both.document.scimType]).to.deep.equal([400, 'invalidValue']);
  });

  it('J2: 50,000 members that are excluded are not read', async () => {
    const directory = new TestDirectory();
    const members = Array.from({ length: 50_000 }, (_, i) => ({ value: `m-${i}` }));
    expect(
      (
        await directory.send('POST', '/Groups', {
          body: { displayName: 'all', members },
          query: 'excludedAttributes=members',
        })
      ).status,
    ).to.equal(201);
    expect(directory.store.membersRead).to.equal(0);
    const answer = await directory.get('/Groups', 'excludedAttributes=members');
    expect(resourcesOf(answer)[0]).to.include({ displayName: 'all' }).and.not.have.property('members');
    await directory.get('/Groups', 'attributes=displayName');
    expect(directory.store.membersRead).to.equal(0);
  });
});

describe('plugins/scim: .search', () => {
  it('S1: the questions of a list in a body', async () => {
    const directory = await populated(5);
    await directory.group('user-2');
    const search = async (path: string, body: JsonObject): Promise<Got> =>
      directory.post(path, { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], ...body });
    const users = await search('/Users/.search', {
      filter: 'userName sw "user"',
      count: 2,
      startIndex: 2,
      attributes: ['userName'],
    });
    expect(users.status).to.equal(200);
    expect(names(users)).to.deep.equal(['user-2', 'user-3']);
    expect(users.document).to.include({ totalResults: 5, startIndex: 2, itemsPerPage: 2 });
    expect(resourcesOf(users)[0]).to.have.all.keys('id', 'schemas', 'userName');
    const all = await search('/.search', { filter: 'userName eq "user-2" or displayName eq "user-2"' });
    expect(names(all)).to.deep.equal(['user-2', 'user-2']);
    expect(names(await search('/.search', { sortBy: 'displayName', count: 1 }))).to.deep.equal(['user-2']);
    const page = await search('/.search', { cursor: '', count: 5 });
    const rest = await search('/.search', { cursor: page.document.nextCursor ?? null, count: 5 });
    expect([names(page).length, names(rest)]).to.deep.equal([5, ['user-2']]);
    expect((await directory.get('/', 'count=6')).document).to.include({ totalResults: 6, itemsPerPage: 6 });
    expect((await directory.get('/', 'count=2&startIndex=5')).document).to.include({
      totalResults: 6,
      itemsPerPage: 2,
    });
    expect((await search('/Users/.search', { count: 'x' })).document.scimType).to.equal('invalidValue');
    expect((await search('/Users/.search', { count: { a: 1 } })).document.scimType).to.equal('invalidSyntax');
    expect((await search('/Users/.search', { filter: '' })).document.scimType).to.equal('invalidFilter');
  });
});
