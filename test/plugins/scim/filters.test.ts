import { expect } from 'chai';
import { resourcesOf, TestDirectory, type Got } from './support/directory.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

describe('plugins/scim: filters', () => {
  const directory = new TestDirectory();
  let ada: string;
  let grace: string;
  let group: string;

  before(async () => {
    grace = await directory.user('grace', {
      title: 'Admiral',
      active: false,
      emails: [{ value: 'grace@navy.example', type: 'home' }],
    });
    ada = await directory.user('Ada@x.io', {
      externalId: 'Ext-1',
      displayName: 'Ada L',
      emails: [
        { value: 'ada@x.io', type: 'work', primary: true },
        { value: 'ada@home.io', type: 'home' },
      ],
      [ENTERPRISE]: { manager: { value: grace }, department: 'Research' },
      badge: { colour: 'blue' },
    });
    for (const userName of ['a"b', "o'hara", 'a+b@x', 'é', 'a#b', 'a&b', 'back\\slash', '日本', 'O'])
      await directory.user(userName);
    group = await directory.group('Eng', [ada]);
    await directory.group('Other', [grace]);
  });

  const found = (answer: Got): unknown[] => {
    expect(answer.status, answer.body).to.equal(200);
    expect(answer.document.totalResults).to.equal(resourcesOf(answer).length);
    return resourcesOf(answer).map(({ userName, displayName }) => userName ?? displayName);
  };
  const users = async (filter: string): Promise<unknown[]> => found(await directory.filter('/Users', filter));

  it('F1: finds nobody: 200, totalResults 0 and an empty list', async () => {
    const { status, document } = await directory.filter('/Users', 'userName eq "6f1d"');
    expect(status).to.equal(200);
    expect(document).to.deep.include({ totalResults: 0, Resources: [], itemsPerPage: 0 });
  });

  it('F2: names, operators and logins in any letters', async () => {
    expect(await users('USERNAME EQ "ADA@X.IO"')).to.deep.equal(['Ada@x.io']);
  });

  it('F3: an external id in its own letters only', async () => {
    expect(await users('externalId eq "Ext-1"')).to.deep.equal(['Ada@x.io']);
    expect(await users('externalId eq "ext-1"')).to.deep.equal([]);
  });

  it('F4: e-mail addresses by value path, sub-attribute and primary', async () => {
    for (const filter of [
      'emails[type eq "work"].value eq "ADA@x.io"',
      'emails.value eq "ada@x.io"',
      'emails[primary eq true].value eq "ada@x.io"',
      'emails[type eq "work" and value co "@x"]',
      'emails[value eq "ada@x.io" and type eq "work"]',
      'emails eq "ada@x.io"',
    ]) {
      expect(await users(filter), filter).to.deep.equal(['Ada@x.io']);
    }
    expect(await users('emails[type eq "home"].value eq "ada@x.io"')).to.deep.equal([]);
  });

  it('F5: a reference by id and manager, with only the id', async () => {
    const answer = await directory.filter('/Users', `id eq "${ada}" and manager eq "${grace}"`, '&attributes=id');
    expect(resourcesOf(answer)).to.have.length(1);
    expect(resourcesOf(answer)[0]).to.have.all.keys('id', 'schemas');
    expect(await users(`id eq "${grace}" and manager eq "${grace}"`)).to.deep.equal([]);
  });

  it('F6: values with every sign', async () => {
    for (const name of ['a"b', "o'hara", 'a+b@x', 'é', 'a#b', 'a&b', 'back\\slash', '日本']) {
      expect(await users(`userName eq ${JSON.stringify(name)}`), name).to.deep.equal([name]);
    }
    expect(await users('userName eq "\\u00e9"')).to.deep.equal(['é']);
    expect(await users('userName eq "e\u0301"')).to.deep.equal(['é']);
  });

  it('F6: + in an address is a space, %2B a plus', async () => {
    expect(found(await directory.get('/Users', 'filter=userName+eq+%22a%2Bb@x%22'))).to.deep.equal(['a+b@x']);
  });

  it('F7: what is no filter is refused, never an empty or a whole list', async () => {
    for (const filter of [
      'userName xx "a"',
      '((',
      '',
      ' ',
      'active gt true',
      'userName',
      'userName eq',
      'userName eq "a',
      'eq "a"',
      'userName eq "a" or',
      'userName eq "a" "b"',
      'emails[type eq "work"',
      'emails[].value eq "x"',
      'not',
      'and',
      'userName pr pr',
      'title gt null',
      'a.b.c eq "x"',
      '__proto__ eq "x"',
      'emails.type[value eq "x"] pr',
      `${'('.repeat(40)}title pr${')'.repeat(40)}`,
      `${'not '.repeat(40)}title pr`,
      `userName eq "${'x'.repeat(9000)}"`,
      'urn:ietf:params:scim:schemas:core:2.0:User eq "x"',
      'userName eq "\\q"',
      ')',
      'title pr)',
      '"a" eq "b"',
    ]) {
      const { status, document } = await directory.filter('/Users', filter);
      expect([status, document.scimType, document.Resources], filter).to.deep.equal([400, 'invalidFilter', undefined]);
    }
    expect((await directory.get('/Users', 'filter=title%20pr&FILTER=title%20pr')).document.scimType).to.equal(
      'invalidFilter',
    );
  });

  it('F8: not, or, nested brackets, whole URNs', async () => {
    expect(await users('not (active eq true) or title pr')).to.deep.equal(['grace']);
    expect(await users('((title pr) and (not ((active eq true))))')).to.deep.equal(['grace']);
    expect(await users(`${ENTERPRISE}:department eq "research"`)).to.deep.equal(['Ada@x.io']);
    expect(await users(`${ENTERPRISE.toUpperCase()}:Manager.Value eq "${grace}"`)).to.deep.equal(['Ada@x.io']);
    expect(await users('urn:ietf:params:scim:schemas:core:2.0:User:userName eq "grace"')).to.deep.equal(['grace']);
    expect(await users('badge.colour eq "BLUE"')).to.deep.equal(['Ada@x.io']);
    expect(await users('title pr and userName eq "ada@x.io" or userName eq "grace"')).to.deep.equal(['grace']);
  });

  it('F8: a truth value as a text, and as Entra ID writes it', async () => {
    expect(await users('active eq "False"')).to.deep.equal(['grace']);
    expect(await users('active eq false')).to.deep.equal(['grace']);
  });

  it('F9: values without quotes and several spaces', async () => {
    expect(await users('userName eq grace')).to.deep.equal(['grace']);
    expect(await users('  userName   eq   "grace"  ')).to.deep.equal(['grace']);
    expect(await users('userName sw O')).to.deep.equal(["o'hara", 'O']);
    expect(await users("userName eq o'hara")).to.deep.equal(["o'hara"]);
  });

  it('F10: groups by a member, without showing or reading members', async () => {
    for (const filter of [
      `members eq "${ada}"`,
      `members.value eq "${ada}"`,
      `members[value eq "${ada}"]`,
      `id eq "${group}" and members eq "${ada}"`,
    ]) {
      const readBefore = directory.store.membersRead;
      const answer = await directory.filter('/Groups', filter, '&excludedAttributes=members');
      expect(found(answer), filter).to.deep.equal(['Eng']);
      expect(resourcesOf(answer)[0]).not.to.have.property('members');
      expect(directory.store.membersRead).to.equal(readBefore);
    }
    expect(found(await directory.filter('/Groups', `members eq "${ada}" and displayName eq "other"`))).to.deep.equal(
      [],
    );
    expect(found(await directory.filter('/Groups', `not (members eq "${ada}")`))).to.deep.equal(['Other']);
    expect(found(await directory.filter('/Groups', 'members pr'))).to.deep.equal(['Eng', 'Other']);
    expect(found(await directory.filter('/Groups', `members[value sw "id-" and type eq "User"]`))).to.deep.equal([
      'Eng',
      'Other',
    ]);
  });

  it('asks for the groups of users and for instants', async () => {
    expect(await users(`groups.value eq "${group}"`)).to.deep.equal(['Ada@x.io']);
    expect(await users('meta.lastModified lt "2026-03-09T09:00:02+01:00"')).to.deep.equal(['grace']);
    expect(await users('meta.resourceType eq "Group"')).to.deep.equal([]);
  });

  it('null is what is not there', async () => {
    expect(await users('title ne null')).to.deep.equal(['grace']);
    expect(await users('title eq null and externalId pr')).to.deep.equal(['Ada@x.io']);
  });

  it('goes through an index where an identity provider asks', async () => {
    let pages = 0;
    const page = directory.store.page.bind(directory.store);
    directory.store.page = (...request) => {
      pages += 1;
      return page(...request);
    };
    await users('userName eq "grace"');
    await users('externalId eq "Ext-1" or emails.value eq "ada@x.io"');
    await users('emails[type eq "work"].value eq "ada@x.io"');
    await directory.filter('/Groups', 'displayName eq "Eng"');
    expect(pages).to.equal(0);
    await users('title pr');
    expect(pages).to.equal(1);
  });
});
